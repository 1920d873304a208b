"""Kaplan–Meier: the share still without the event by each time (Kaplan & Meier 1958, J Am Stat Assoc 53:457–481).

With dᵢ events among nᵢ at risk at time tᵢ::

    S(t) = ∏ (1 − dᵢ/nᵢ)                    Greenwood: var S = S²·Σ dᵢ/(nᵢ(nᵢ − dᵢ))
    log-log interval: S^exp(±z·se/(S·|ln S|)), the default: it stays between 0 and 1
    Nelson–Aalen: H(t) = Σ dᵢ/nᵢ
    RMST(τ) = ∫₀^τ S,  var = Σ Aᵢ²·dᵢ/(nᵢ(nᵢ − dᵢ)),  Aᵢ the area under S from tᵢ to τ   (Royston & Parmar 2013)

Units: those of the times. Limits: censoring must not depend on how somebody fares. Censoring who ended as planned does,
so the headline for dropout is the cumulative incidence with planned endings competing (``aalen_johansen``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from rapport.clinical.kernel.errors import OutOfRange
from rapport.clinical.statistics.sample import Array
from rapport.clinical.statistics.survival.counts import LeavingCounts, leaving


class IntervalKind(StrEnum):
    """On which scale the interval is symmetric."""

    LOG_LOG = "log_log"
    LOG = "log"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class SurvivalCurve:
    """One row per distinct time; an interval is NaN where the curve has reached 1 or 0 and none exists."""

    counts: LeavingCounts
    survival: Array
    se: Array
    low: Array
    high: Array
    cumulative_hazard: Array

    @property
    def median(self) -> float | None:
        """The first time by which half had the event; None if fewer did."""
        reached = np.flatnonzero(self.survival <= 0.5 + 1e-12)
        return float(self.counts.times[reached[0]]) if reached.size else None

    def at(self, time: float) -> float:
        """The share still without the event at a time.

        >>> kaplan_meier([1, 2, 3, 4], [1, 0, 1, 0]).at(3.5)
        0.375
        """
        place = int(np.searchsorted(self.counts.times, time, side="right")) - 1
        return 1.0 if place < 0 else float(self.survival[place])


def kaplan_meier(
    times: ArrayLike, events: ArrayLike, *, confidence: float = 0.95, interval: IntervalKind = IntervalKind.LOG_LOG
) -> SurvivalCurve:
    """The curve of one group; ``events`` 1 where it happened, 0 where it had not when last seen.

    >>> kaplan_meier([1, 2, 3, 4], [1, 0, 1, 0]).survival.tolist()
    [0.75, 0.75, 0.375, 0.375]
    """
    counts = leaving(times, events)
    d, n = counts.any_event, counts.at_risk
    survival = np.asarray(np.cumprod(1 - d / n), np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(np.where(n > d, d / (n * (n - d)), np.inf))
        se = np.where(survival > 0, survival * np.sqrt(greenwood), 0.0)
    z = NormalDist().inv_cdf(1 - (1 - confidence) / 2)
    low, high = _interval(survival, se, z, interval)
    return SurvivalCurve(counts, survival, se, low, high, np.cumsum(d / n))


def _interval(survival: Array, se: Array, z: float, kind: IntervalKind) -> tuple[Array, Array]:
    inside = (survival > 0) & (survival < 1)
    share = np.where(inside, survival, 0.5)
    if kind is IntervalKind.PLAIN:
        low, high = share - z * se, share + z * se
    elif kind is IntervalKind.LOG:
        low, high = share * np.exp(-z * se / share), share * np.exp(z * se / share)
    else:
        width = z * se / (share * np.abs(np.log(share)))
        low, high = share ** np.exp(width), share ** np.exp(-width)
    unknown = np.where(survival >= 1, 1.0, np.nan)
    return np.where(inside, np.clip(low, 0, 1), unknown), np.where(inside, np.clip(high, 0, 1), unknown)


@dataclass(frozen=True, slots=True)
class RestrictedMean:
    """Mean time without the event up to a horizon, with its standard error."""

    value: float
    se: float


def restricted_mean(curve: SurvivalCurve, horizon: float) -> RestrictedMean:
    """RMST: the area under the curve up to ``horizon``.

    >>> restricted_mean(kaplan_meier([1, 2, 3, 4], [1, 0, 1, 0]), 4).value
    2.875
    """
    if not horizon > 0:
        raise OutOfRange("horizon", "The horizon lies after the start.", "Give for example 12 sessions.")
    inside = curve.counts.times <= horizon
    times = curve.counts.times[inside]
    edges = np.concatenate([[0.0], times, [horizon]])
    heights = np.concatenate([[1.0], curve.survival[inside]])
    areas = heights * np.diff(edges)
    after = areas[::-1].cumsum()[::-1][1:]
    d, n = curve.counts.any_event[inside], curve.counts.at_risk[inside]
    spread = np.where(n > d, d / np.where(n > d, n * (n - d), 1.0), 0.0)
    return RestrictedMean(float(areas.sum()), math.sqrt(float((after**2 * spread).sum())))
