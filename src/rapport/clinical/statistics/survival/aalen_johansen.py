"""Aalen–Johansen: the share that left in each way by each time (Aalen & Johansen 1978, Scand J Stat 5:141–150).

With dₖᵢ events of kind k among nᵢ at risk and S the Kaplan–Meier curve of leaving in any way::

    Fₖ(t) = Σ_{tᵢ ≤ t} S(tᵢ₋₁)·dₖᵢ/nᵢ         so that F₁ + F₂ + … + S = 1

Interval: log-log of Fₖ with the delta-method variance (Marubini & Valsecchi 1995, p. 341). Units: those of the times.
Limits: a cumulative incidence says how many left this way, not how strong the pull was: fewer planned endings alone
raise the curve of dropout.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from rapport.clinical.statistics.sample import Array
from rapport.clinical.statistics.survival.counts import LeavingCounts, leaving

ROUNDING = 1e-12  # a sum of shares that is 1 may differ from it in the last digits


@dataclass(frozen=True, slots=True)
class Incidence:
    """One row per distinct time, one column per cause; ``still`` is the share that had not left."""

    counts: LeavingCounts
    still: Array
    share: Array
    low: Array
    high: Array

    def at(self, time: float, cause: int) -> tuple[float, float, float]:
        """Share and interval of one cause at a time.

        >>> cumulative_incidence([1, 2, 3, 4], [1, 2, 1, 0], 2).at(3, 1)[0]
        0.5
        """
        place = int(np.searchsorted(self.counts.times, time, side="right")) - 1
        if place < 0:
            return 0.0, 0.0, 0.0
        row = place, cause - 1
        return float(self.share[row]), float(self.low[row]), float(self.high[row])


def cumulative_incidence(times: ArrayLike, causes: ArrayLike, n_causes: int, *, confidence: float = 0.95) -> Incidence:
    """Share that left by each cause; ``causes`` 0 where somebody had not left when last seen, else 1 … ``n_causes``."""
    counts = leaving(times, causes, n_causes)
    n = counts.at_risk[:, None]
    still = np.asarray(np.cumprod(1 - counts.any_event / counts.at_risk), np.float64)
    before = np.concatenate([[1.0], still[:-1]])[:, None]
    share = np.cumsum(before * counts.events / n, axis=0)
    variance = _variance(counts, before, share)
    z = NormalDist().inv_cdf(1 - (1 - confidence) / 2)
    inside = (share > ROUNDING) & (share < 1 - ROUNDING)
    safe = np.where(inside, share, 0.5)
    width = z * np.sqrt(np.maximum(variance, 0)) / (safe * np.abs(np.log(safe)))
    low = np.where(inside, safe ** np.exp(width), share)
    high = np.where(inside, safe ** np.exp(-width), share)
    return Incidence(counts, still, share, low, high)


def _variance(counts: LeavingCounts, before: Array, share: Array) -> Array:
    """Σ (F − Fᵢ)²·aᵢ + Σ bᵢ − 2·Σ (F − Fᵢ)·cᵢ, with the squares opened up so that one pass over the times is enough."""
    n, d = counts.at_risk[:, None], counts.any_event[:, None]
    a = np.where(n > d, d / np.where(n > d, n * (n - d), 1.0), 0.0)
    b = before**2 * counts.events * (n - counts.events) / n**3
    c = before * counts.events / n**2
    of_a = np.cumsum(a, axis=0), np.cumsum(a * share, axis=0), np.cumsum(a * share**2, axis=0)
    first = share**2 * of_a[0] - 2 * share * of_a[1] + of_a[2]
    last = share * np.cumsum(c, axis=0) - np.cumsum(c * share, axis=0)
    return np.asarray(first + np.cumsum(b, axis=0) - 2 * last)
