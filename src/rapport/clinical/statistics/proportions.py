"""A proportion with its interval."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from scipy.stats import beta

from rapport.clinical.kernel.errors import OutOfRange


def _check(successes: int, n: int) -> None:
    if not 0 <= successes <= n:
        raise OutOfRange("successes", "Successes lie between 0 and n.", "Check the two counts.")


def wilson_interval(successes: int, n: int, confidence: float = 0.95) -> tuple[float, float] | None:
    """Wilson's score interval (Wilson 1927, J Am Stat Assoc 22:209–212); None without anybody to count.

    ``(p + z²/2n ± z·√(p(1 − p)/n + z²/4n²)) / (1 + z²/n)``. Good for small n and for shares near 0 or 1, unlike
    ``p ± z·√(p(1 − p)/n)``.

    >>> [round(end, 6) for end in wilson_interval(102, 479)]
    [0.17864, 0.251815]
    """
    if n == 0:
        return None
    _check(successes, n)
    z2 = NormalDist().inv_cdf(1 - (1 - confidence) / 2) ** 2
    p = successes / n
    half = math.sqrt(z2) * math.sqrt(p * (1 - p) / n + z2 / (4 * n**2))
    middle, scale = p + z2 / (2 * n), 1 + z2 / n
    low = (middle - half) / scale if successes else 0.0
    return low, (middle + half) / scale if successes < n else 1.0


def clopper_pearson_interval(successes: int, n: int, confidence: float = 0.95) -> tuple[float, float] | None:
    """The exact interval (Clopper & Pearson 1934, Biometrika 26:404–413); None without anybody to count.

    Quantiles of the beta distribution: ``B(α/2; x, n − x + 1)`` and ``B(1 − α/2; x + 1, n − x)``. Never covers less
    than it says, so it is wider than Wilson's: for a check, not for display.

    >>> [round(end, 6) for end in clopper_pearson_interval(102, 479)]
    [0.177106, 0.252368]
    """
    if n == 0:
        return None
    _check(successes, n)
    tail = (1 - confidence) / 2
    low = float(beta.ppf(tail, successes, n - successes + 1)) if successes else 0.0
    high = float(beta.ppf(1 - tail, successes + 1, n - successes)) if successes < n else 1.0
    return low, high


@dataclass(frozen=True, slots=True)
class Rate:
    """A count out of a denominator, with Wilson's 95 % interval; the share is None when nobody is counted."""

    count: int
    out_of: int

    @property
    def share(self) -> float | None:
        return self.count / self.out_of if self.out_of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson_interval(self.count, self.out_of)
