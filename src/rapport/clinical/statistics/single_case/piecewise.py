"""Piecewise regression: level and slope before, and how both change when the treatment begins.

With t from 0 at the first score and t_B the time of the first score of B (B = 1 from there on)::

    y = b0 + b1·t + b2·B + b3·B·(t − t_B) + e

b2 is the change of level at the first score of B, b3 the change of slope. Errors are independent (ordinary least
squares) or follow each other, e_t = ρ·e_{t−1} + u_t: then ρ is estimated by restricted maximum likelihood and the line
by generalised least squares with it (ρ ≥ 0 where the times are no whole numbers of sessions).

Huitema & McKean 2000, Educ Psychol Meas 60:38–58 (with their centring at the first score of B). Limits: with a dozen
scores ρ is hardly known and every interval is wide; scores at unequal distances need their own times.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.stats import t as student

from rapport.clinical.kernel.cards import NumberCard
from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.statistics.single_case.phases import Array, NoSpread, Phases, TooFewScores

TERMS = ("Level at the start", "Slope before", "Change of level", "Change of slope")
COEFFICIENTS = len(TERMS)


@dataclass(frozen=True, slots=True)
class Term:
    """One coefficient with its test."""

    name: str
    value: float
    se: float
    t: float
    p: float
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Piecewise:
    """The four terms, the share of variance they explain (of the raw scores), ρ of the errors (0 for OLS)."""

    terms: tuple[Term, ...]
    r2: float
    rho: float
    n: int

    def card(self, position: int) -> NumberCard:
        """The card of one term; 2 is the change of level, 3 the change of slope."""
        term = self.terms[position]
        return NumberCard(
            name=term.name,
            value=term.value,
            unit="points" if position in (0, 2) else "points per session",
            formula="y = b0 + b1·t + b2·B + b3·B·(t − t_B)",
            version="piecewise/1",
            inputs=(("standard error", term.se), ("ρ of the errors", self.rho)),
            n=self.n,
            interval=term.interval,
            source="Huitema & McKean 2000",
            evidence="B",
            not_meaning="It does not show that the treatment made the change: other things began then, too.",
            verified=True,
        )


def design(times: Array, n_before: int) -> Array:
    """The four columns."""
    after = np.arange(len(times)) >= n_before
    since = np.where(after, times - times[n_before], 0.0)
    return np.column_stack([np.ones(len(times)), times, after.astype(float), since])


def _whiten(rows: Array, steps: Array, rho: float) -> Array:
    """Rows whose errors are independent if those of ``rows`` follow ρ over ``steps``."""
    carried = np.asarray(np.power(rho, steps), float)
    scale = np.sqrt(1 - carried**2)
    if rows.ndim == 2:
        carried, scale = carried[:, np.newaxis], scale[:, np.newaxis]
    return np.concatenate([rows[:1], (rows[1:] - carried * rows[:-1]) / scale])


def _least_squares(x: Array, y: Array) -> tuple[Array, Array, float]:
    """Coefficients, (X'X)⁻¹ and residual sum of squares."""
    inverse: Array = np.linalg.inv(x.T @ x).astype(np.float64)
    beta = inverse @ (x.T @ y)
    return beta, inverse, float(((y - x @ beta) ** 2).sum())


def _reml(rho: float, x: Array, y: Array, steps: Array) -> float:
    """−2 log restricted likelihood of ρ, σ profiled out, up to a constant."""
    white = _whiten(x, steps, rho)
    _, inverse, rss = _least_squares(white, _whiten(y, steps, rho))
    log_v = float(np.log(1 - np.power(rho, 2 * steps)).sum())
    return (len(y) - COEFFICIENTS) * math.log(rss) + log_v - float(np.linalg.slogdet(inverse)[1])


def _times(phases: Phases, times: Sequence[float] | None) -> Array:
    n = len(phases.before) + len(phases.after)
    found = np.arange(n, dtype=float) if times is None else np.array(times, float)
    if len(found) != n or not (np.diff(found) > 0).all():
        raise ClinicalError("times", "Every score needs its own, later time.", "Give rising times, one per score.")
    return np.asarray(found - found[0])


def piecewise(phases: Phases, *, times: Sequence[float] | None = None, follow_each_other: bool = False) -> Piecewise:
    """Fit the four terms, in the scale's own direction (a fall is negative, whether it is better or not).

    >>> who5 = Phases.of([28, 32, 32, 36, 28, 32], [32, 40, 36, 44, 52, 48, 52, 60, 56, 64], "increase")
    >>> [round(term.value, 6) for term in piecewise(who5).terms]
    [30.47619, 0.342857, 1.139394, 2.92987]
    """
    at, y = _times(phases, times), np.array(phases.before + phases.after)
    degrees = len(y) - COEFFICIENTS
    if degrees < 1:
        raise TooFewScores("after", "Four terms need at least five scores.", "Measure more often.")
    if np.ptp(y) == 0:
        raise NoSpread("after", "All scores are alike.", "There is nothing to fit.")
    x, steps, rho = design(at, len(phases.before)), np.diff(at), 0.0
    if follow_each_other:
        least = -0.99 if np.array_equal(steps, np.round(steps)) else 0.0
        found = minimize_scalar(
            _reml, bounds=(least, 0.99), args=(x, y, steps), method="bounded", options={"xatol": 1e-10}
        )
        rho = float(found.x)
    beta, inverse, rss = _least_squares(_whiten(x, steps, rho), _whiten(y, steps, rho))
    se = np.sqrt(np.diag(inverse) * rss / degrees)
    reach = float(student.ppf(0.975, degrees))
    terms = []
    for name, value, error in zip(TERMS, beta.tolist(), se.tolist(), strict=True):
        ratio = value / error if error > 0 else math.inf * np.sign(value)
        p = 2 * float(student.sf(abs(ratio), degrees))
        terms.append(Term(name, value, error, ratio, p, (value - reach * error, value + reach * error)))
    explained = 1 - float(((y - x @ beta) ** 2).sum() / ((y - y.mean()) ** 2).sum())
    return Piecewise(tuple(terms), explained, rho, len(y))
