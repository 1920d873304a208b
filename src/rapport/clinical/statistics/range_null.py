"""Is a practice's effect size clinically equivalent to a benchmark, and beyond what people change by themselves?

Range-null tests of Minami et al. 2007, J Consult Clin Psychol 75:232–243, and 2008, 76:116–124. With n people, margin
Δ = 0.2 and ν = n − 1 the critical value is a quantile of the noncentral t::

    equivalent        d > t(.95; ν, λ)/√n   with λ = √n·(benchmark − Δ)
    beyond natural    d > t(.95; ν, λ)/√n   with λ = √n·(natural history + Δ)

Units: SDs before treatment (d_pre). Limits: one-sided 5 %; the benchmark must be of the same kind of measure; "beyond
natural history" is not "caused by treatment", since who comes to treatment differs from who waits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.stats import nct

from rapport.clinical.kernel.errors import OutOfRange
from rapport.clinical.statistics.sample import TooFew

MARGIN = 0.2
ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class RangeNull:
    """The smallest d that passes, and the p-value of the one found."""

    critical: float
    p: float


def _test(d: float, n: int, null: float) -> RangeNull:
    if n < 3:
        raise TooFew("n", f"{n} people give no test.", "At least 3 with both scores are needed.")
    if not math.isfinite(d):
        raise OutOfRange("d", "The effect size is not a number.", "Give d_pre.")
    root, df = math.sqrt(n), n - 1
    shift = root * null
    return RangeNull(float(nct.ppf(1 - ALPHA, df, shift)) / root, float(nct.sf(d * root, df, shift)))


def equivalent(d: float, n: int, benchmark: float, margin: float = MARGIN) -> RangeNull:
    """Whether d is at most ``margin`` below the benchmark.

    >>> round(equivalent(0.86, 120, 0.795).critical, 6)
    0.767356
    """
    return _test(d, n, benchmark - margin)


def beyond_natural(d: float, n: int, natural: float, margin: float = MARGIN) -> RangeNull:
    """Whether d is more than ``margin`` above natural history.

    >>> round(beyond_natural(0.86, 120, 0.149).critical, 6)
    0.509664
    """
    return _test(d, n, natural + margin)
