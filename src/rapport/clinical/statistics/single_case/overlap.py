"""NAP and Tau: how often a score after is better than one before.

For every pair (i of A, j of B) a win counts 1, a tie ½, a loss 0 (q_ij); m, n scores before and after::

    NAP = mean of q                 Tau = 2·NAP − 1
    V   = (NAP − (m+n−1)·NAP² + n·Q1 + m·Q2 − 2·Q3) / ((m−1)(n−1))              unbiased (Mee 1990)
    V_H = (NAP(1−NAP) + (n−1)(Q1−NAP²) + (m−1)(Q2−NAP²)) / (m·n)               Hanley & McNeil 1982
    Q1, Q2 = mean squared share of wins by score before, by score after;  Q3 = mean of q²

When every pair is won or lost V would be 0; it is then taken at NAP = 1 − 1/(2mn). The interval solves Newcombe's
method 5: ``mn(NAP−θ)²(2−θ)(1+θ) = z²θ(1−θ)(2 + h + (1+2h)θ(1−θ))``, h = (m+n)/2 − 1.

Parker & Vannest 2009, Behav Ther 40:357–367; Newcombe 2006, Stat Med 25:559–573. Limits: a trend that was there before
looks like an effect (see ``tau_u``, ``baseline_corrected``); scores in a row are not independent.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from scipy.optimize import brentq

from rapport.clinical.statistics.single_case.phases import Z95, Array, Phases, SingleCaseEffect


def _wins(before: Array, after: Array) -> Array:
    later, earlier = after[np.newaxis, :], before[:, np.newaxis]
    return np.asarray((later > earlier) + 0.5 * (later == earlier))


def _variance(wins: Array, *, hanley: bool) -> float:
    m, n = len(wins), len(wins.T)
    nap = float(wins.mean())
    degrees = m * n if hanley else (m - 1) * (n - 1)
    if nap in (0.0, 1.0):
        edge = 1 / (2 * m * n)
        return edge * (1 - edge) / degrees
    by_before, by_after = float((wins.mean(axis=1) ** 2).mean()), float((wins.mean(axis=0) ** 2).mean())
    if hanley:
        spread = nap * (1 - nap) + (n - 1) * (by_before - nap**2) + (m - 1) * (by_after - nap**2)
    else:
        spread = nap - (m + n - 1) * nap**2 + n * by_before + m * by_after - 2 * float((wins**2).mean())
    return max(spread, 0.0) / degrees


def newcombe_interval(nap: float, m: int, n: int, z: float = Z95) -> tuple[float, float]:
    """Newcombe's method 5; one-sided at a boundary where every pair is won or lost.

    >>> [round(end, 6) for end in newcombe_interval(0.95, 6, 10)]
    [0.669769, 0.993453]
    """
    h = (m + n) / 2 - 1

    def gap(theta: float) -> float:
        spread = theta * (1 - theta)
        return m * n * (nap - theta) ** 2 * (2 - theta) * (1 + theta) - z**2 * spread * (2 + h + (1 + 2 * h) * spread)

    edge = 1e-12
    low = 0.0 if nap <= 0 else float(brentq(gap, edge, nap - edge, xtol=1e-15))
    high = 1.0 if nap >= 1 else float(brentq(gap, nap + edge, 1 - edge, xtol=1e-15))
    return low, high


def nonoverlap(phases: Phases, *, hanley: bool = False) -> SingleCaseEffect:
    """NAP: the share of pairs in which the later score is the better one, ½ for a tie.

    >>> who5 = Phases.of([28, 32, 32, 36, 28, 32], [32, 40, 36, 44, 52, 48, 52, 60, 56, 64], "increase")
    >>> found = nonoverlap(who5)
    >>> round(found.value, 2), round(found.se, 6)
    (0.95, 0.048113)
    """
    wins = _wins(*phases.improving())
    m, n = len(wins), len(wins.T)
    nap = float(wins.mean())
    return SingleCaseEffect(
        "Nonoverlap of all pairs (NAP)",
        nap,
        "share of pairs in which the later score is better, ½ for a tie",
        "nap/1",
        "Parker & Vannest 2009",
        m,
        n,
        math.sqrt(_variance(wins, hanley=hanley)),
        newcombe_interval(nap, m, n),
    )


def tau(phases: Phases) -> SingleCaseEffect:
    """Tau = 2·NAP − 1: wins less losses as a share of all pairs.

    >>> round(tau(Phases.of([8, 9, 8, 10], [9, 11, 12, 12, 13], "decrease")).value, 2)
    -0.85
    """
    nap = nonoverlap(phases)
    low, high = nap.interval or (0.0, 1.0)
    return replace(
        nap,
        name="Tau",
        value=2 * nap.value - 1,
        formula="2·NAP − 1",
        version="tau/1",
        se=None if nap.se is None else 2 * nap.se,
        interval=(2 * low - 1, 2 * high - 1),
    )
