"""Funnel plots of services: how far may a rate lie from the expected one by chance alone, given its size?

Limits by interpolation of the binomial (Spiegelhalter 2005, Stat Med 24:1185–1202, appendix A.1.1): with F the
distribution of the count under the target p₀ and q the tail (.025, .975 or .001, .999)::

    r = smallest count with F(r) ≥ q,   a = (F(r) − q)/(F(r) − F(r − 1)),   limit = (r − a)/n
    for observed over expected: the same with the Poisson distribution of E events, limit = (r − a)/E

Taken as a line of decision that is not symmetric: 9 of 12 lies outside at p₀ = .5 though P(X ≥ 9) = .073. So curves are
drawn half a count higher (``+ 0.5/n``, the mid-P place), and what is flagged is decided by the exact tails: high if
P(X ≥ r) ≤ .025 (or .001), low if P(X ≤ r) ≤ .025 (or .001). Units with fewer than 10 people are shown, never flagged.

Overdispersion: services differ for reasons that are not chance. z-scores are winsorised at 10 %, φ = mean z²; above 1.5
an additive variance ``τ² = (Kφ − (K − 1)) / (Σw − Σw²/Σw)`` widens the funnel.

Units: shares, or observed over expected. Limits: for services, never a list of therapists; without case-mix the target
is not fair.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import binom, norm, poisson

from rapport.clinical.kernel.errors import OutOfRange
from rapport.clinical.statistics.sample import Array, TooFew, column, same_length

WARNING, ALARM = 0.025, 0.001
SMALLEST_UNIT = 10
WINSORISED = 0.10
OVERDISPERSED_FROM = 1.5


class Flag(StrEnum):
    """Where a unit lies by the exact tails."""

    HIGH_ALARM = "high998"
    HIGH = "high95"
    INSIDE = "in"
    LOW = "low95"
    LOW_ALARM = "low998"
    TOO_SMALL = "too_small"


def _target(p0: float) -> None:
    if not 0 < p0 < 1:
        raise OutOfRange("target", "A target lies between 0 and 1.", "Give the share that is expected, such as 0.5.")


def binomial_limit(n: ArrayLike, target: float, tail: float, *, mid_p: bool = False) -> Array:
    """The limit of a share for units of n people; ``mid_p`` moves it half a count up, for drawing.

    >>> [round(float(binomial_limit(10, 0.5, tail)), 6) for tail in (0.025, 0.975)]
    [0.132444, 0.767556]
    >>> [round(float(binomial_limit(50, 0.5, tail, mid_p=True)), 6) for tail in (0.025, 0.975)]
    [0.360702, 0.639298]
    """
    _target(target)
    size = np.asarray(n, np.float64)
    r = binom.ppf(tail, size, target)
    above, below = binom.cdf(r, size, target), binom.cdf(r - 1, size, target)
    place = (r - (above - tail) / (above - below)) / size
    return np.asarray(np.clip(place + (0.5 / size if mid_p else 0), 0, 1))


def poisson_limit(expected: ArrayLike, tail: float) -> Array:
    """The limit of observed over expected for units of E expected events.

    >>> round(float(poisson_limit(10, 0.975)), 6)
    1.615995
    """
    events = np.asarray(expected, np.float64)
    if (events <= 0).any():
        raise OutOfRange("expected", "Expected events are above zero.", "Leave out units without any.")
    r = poisson.ppf(tail, events)
    above, below = poisson.cdf(r, events), poisson.cdf(r - 1, events)
    return np.asarray(np.clip((r - (above - tail) / (above - below)) / events, 0, None))


@dataclass(frozen=True, slots=True)
class FunnelUnit:
    """One service: its share, the exact tails, and the flag."""

    count: int
    n: int
    share: float
    p_low: float
    p_high: float
    z: float
    flag: Flag


def _flag(n: int, p_low: float, p_high: float) -> Flag:
    if n < SMALLEST_UNIT:
        return Flag.TOO_SMALL
    if p_high <= WARNING:
        return Flag.HIGH_ALARM if p_high <= ALARM else Flag.HIGH
    if p_low <= WARNING:
        return Flag.LOW_ALARM if p_low <= ALARM else Flag.LOW
    return Flag.INSIDE


def funnel(counts: ArrayLike, sizes: ArrayLike, target: float) -> tuple[FunnelUnit, ...]:
    """Read every unit against the target by exact binomial tails.

    >>> funnel([9], [12], 0.5)[0].flag.value
    'in'
    """
    _target(target)
    r, n = column("counts", counts), column("sizes", sizes)
    same_length(counts=r, sizes=n)
    if (n < 1).any() or (r < 0).any() or (r > n).any():
        raise OutOfRange("counts", "A count lies between 0 and its size.", "Check the two columns.")
    low, high = np.asarray(binom.cdf(r, n, target)), np.asarray(binom.sf(r - 1, n, target))
    z = (r / n - target) / np.sqrt(target * (1 - target) / n)
    rows = zip(r.tolist(), n.tolist(), low.tolist(), high.tolist(), z.tolist(), strict=True)
    return tuple(
        FunnelUnit(int(count), int(size), count / size, p_low, p_high, score, _flag(int(size), p_low, p_high))
        for count, size, p_low, p_high, score in rows
    )


@dataclass(frozen=True, slots=True)
class Overdispersion:
    """φ of the winsorised and of the plain z-scores, and the variance between units (0 where φ ≤ 1.5)."""

    phi: float
    phi_raw: float
    tau2: float


def overdispersion(counts: ArrayLike, sizes: ArrayLike, target: float) -> Overdispersion:
    """How much more units differ than chance allows."""
    units = funnel(counts, sizes, target)
    if len(units) < 3:
        raise TooFew("counts", f"{len(units)} units show no spread.", "At least 3 are needed.")
    z = np.array([one.z for one in units])
    held = _winsorised(z)
    phi, k = float((held**2).mean()), z.size
    if phi <= OVERDISPERSED_FROM:
        return Overdispersion(phi, float((z**2).mean()), 0.0)
    w = np.array([one.n for one in units]) / (target * (1 - target))
    tau2 = (k * phi - (k - 1)) / float(w.sum() - (w**2).sum() / w.sum())
    return Overdispersion(phi, float((z**2).mean()), max(0.0, tau2))


def _winsorised(z: Array) -> Array:
    low, high = np.quantile(z, [WINSORISED, 1 - WINSORISED])
    return np.asarray(np.clip(z, low, high))


def widened_limit(n: ArrayLike, target: float, tail: float, tau2: float) -> NDArray[np.float64]:
    """The limit of a share when units differ by τ² beyond chance (normal)."""
    _target(target)
    size = np.asarray(n, np.float64)
    spread = np.sqrt(target * (1 - target) / size + tau2)
    return np.asarray(np.clip(target + float(norm.ppf(tail)) * spread, 0, 1))
