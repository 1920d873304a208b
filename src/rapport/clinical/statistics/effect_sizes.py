"""Effect sizes of change within one group, and between groups where there is a control.

δ = direction·(M_post − M_pre), so positive is improvement; S are SDs with n − 1, r is the correlation of pre and post::

    d_pre  δ / S_pre                               Becker 1988, Br J Math Stat Psychol 41:257–278; for benchmarks
    g_pre  J(n − 1)·d_pre                          Hedges 1981, J Educ Stat 6:107–128
    d_av   δ / ((S_pre + S_post)/2)                Cumming 2012; or over √((S_pre² + S_post²)/2)
    d_z    δ / S_diff                              Cohen 1988; grows with r, for the power of a test only
    d_rm   d_z·√(2(1 − r))                         Morris & DeShon 2002, Psychol Methods 7:105–125
    J(m)   Γ(m/2) / (√(m/2)·Γ((m − 1)/2))          exact small-sample correction, about 1 − 3/(4m − 1)

    var(g_pre), equal variances    2(1 − r)/n + g²/2n                                        Becker 1988
    var(g_pre), unequal variances  J²·(S_diff²/(S_pre²(n − 1)) + g²/(2(n − 1)))              Bonett 2008

Units: SDs before treatment. Limits: without a control none of these is an effect of treatment; it is how much people
changed, with everything that made them change. A d of one measure says nothing about another's (see benchmarks).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import gammaln
from scipy.stats import nct

from rapport.clinical.kernel.errors import OutOfRange
from rapport.clinical.statistics.sample import NoSpread, TooFew, column, same_length


@dataclass(frozen=True, slots=True)
class PrePost:
    """What is needed of one group measured twice. ``direction`` is +1 where higher is better, −1 where lower is."""

    n: int
    mean_pre: float
    mean_post: float
    sd_pre: float
    sd_post: float
    r: float
    direction: int

    def __post_init__(self) -> None:
        if self.n < 3:
            raise TooFew("n", f"{self.n} people give no effect size.", "At least 3 with both scores are needed.")
        if not self.sd_pre > 0:
            raise NoSpread("sd_pre", "Every score before is the same.", "Check that this is the right column.")
        if not self.sd_post >= 0:
            raise OutOfRange("sd_post", "A standard deviation is not negative.", "Give the SD of the sample.")
        if not -1 <= self.r <= 1:
            raise OutOfRange("r", "A correlation lies between −1 and 1.", "Give the correlation of pre and post.")
        if self.direction not in (1, -1):
            raise OutOfRange("direction", "A direction is +1 or −1.", "Give −1 where lower scores are better.")

    @property
    def improvement(self) -> float:
        return self.direction * (self.mean_post - self.mean_pre)

    @property
    def sd_diff(self) -> float:
        """SD of the differences: √(S_pre² + S_post² − 2·r·S_pre·S_post)."""
        squared = self.sd_pre**2 + self.sd_post**2 - 2 * self.r * self.sd_pre * self.sd_post
        return math.sqrt(max(squared, 0.0))


def pre_post(pre: ArrayLike, post: ArrayLike, direction: int) -> PrePost:
    """Summarise a group in which everybody has both scores.

    >>> found = pre_post([16, 12, 20, 14], [10, 9, 12, 13], -1)
    >>> found.n, found.improvement
    (4, 4.5)
    """
    before, after = column("pre", pre, least=3, spread=True), column("post", post, least=3)
    same_length(pre=before, post=after)
    sd_pre, sd_post = float(np.std(before, ddof=1)), float(np.std(after, ddof=1))
    r = float(np.corrcoef(before, after)[0, 1]) if sd_post > 0 else 0.0
    return PrePost(before.size, float(before.mean()), float(after.mean()), sd_pre, sd_post, r, direction)


def bias_correction(df: float) -> float:
    """Hedges's exact J.

    >>> round(bias_correction(39), 6)
    0.980624
    """
    if df <= 1:
        raise TooFew("df", "The correction needs more than one degree of freedom.", "Add cases.")
    return math.exp(float(gammaln(df / 2) - gammaln((df - 1) / 2))) / math.sqrt(df / 2)


def d_pre(group: PrePost) -> float:
    """Improvement in SDs before treatment: the one to hold against benchmarks.

    >>> round(d_pre(PrePost(40, 15.125, 10.4, 5.501457, 7.765142, 0.741268, -1)), 6)
    0.858863
    """
    return group.improvement / group.sd_pre


def g_pre(group: PrePost) -> float:
    """``d_pre`` freed from the bias of small samples: the one to report."""
    return bias_correction(group.n - 1) * d_pre(group)


def d_av(group: PrePost, *, root_mean_square: bool = False) -> float:
    """Improvement in the mean of both SDs (or their root mean square), nearer to a between-group d."""
    if root_mean_square:
        return group.improvement / math.sqrt((group.sd_pre**2 + group.sd_post**2) / 2)
    return group.improvement / ((group.sd_pre + group.sd_post) / 2)


def d_z(group: PrePost) -> float:
    """Improvement in SDs of the differences."""
    if group.sd_diff == 0:
        raise NoSpread("post", "Everybody changed by the same amount.", "Use d_pre.")
    return group.improvement / group.sd_diff


def d_rm(group: PrePost) -> float:
    """``d_z`` put back on the scale of single scores by the correlation."""
    return d_z(group) * math.sqrt(2 * (1 - group.r))


def d_z_interval(group: PrePost, confidence: float = 0.95) -> tuple[float, float]:
    """Interval of ``d_z`` from the noncentral t with n − 1 df (Steiger & Fouladi 1997)."""
    root, df = math.sqrt(group.n), group.n - 1
    t, tail = d_z(group) * root, (1 - confidence) / 2
    reach = abs(t) + 10 + abs(t) * 10 / math.sqrt(df)

    def noncentrality(share: float) -> float:
        return float(brentq(lambda shift: float(nct.cdf(t, df, shift)) - share, t - reach, t + reach, xtol=1e-12))

    return noncentrality(1 - tail) / root, noncentrality(tail) / root


def variance_d_z(group: PrePost) -> float:
    """Sampling variance of J·``d_z``: 1/n + g²/2n."""
    return 1 / group.n + (bias_correction(group.n - 1) * d_z(group)) ** 2 / (2 * group.n)


def variance_equal(group: PrePost) -> float:
    """Sampling variance of ``g_pre`` when both SDs are of one population (Becker 1988)."""
    return 2 * (1 - group.r) / group.n + g_pre(group) ** 2 / (2 * group.n)


def variance_unequal(group: PrePost) -> float:
    """Sampling variance of ``g_pre`` when they may differ (Bonett 2008)."""
    df = group.n - 1
    spread = group.sd_diff**2 / (group.sd_pre**2 * df)
    return bias_correction(df) ** 2 * (spread + g_pre(group) ** 2 / (2 * df))


def g_pre_interval(group: PrePost, confidence: float = 0.95) -> tuple[float, float]:
    """Normal interval of ``g_pre`` with the variance that lets both SDs differ."""
    half = NormalDist().inv_cdf(1 - (1 - confidence) / 2) * math.sqrt(variance_unequal(group))
    return g_pre(group) - half, g_pre(group) + half


@dataclass(frozen=True, slots=True)
class Between:
    """A standardised difference of two groups: Cohen's d, Hedges's g, its variance for large samples or unbiased."""

    d: float
    g: float
    variance: float
    variance_unbiased: float


def between_groups(one: ArrayLike, other: ArrayLike, direction: int = 1) -> Between:
    """``direction·(M_one − M_other)/S_pooled``; ``var = 1/n₁ + 1/n₂ + g²/(2(n₁ + n₂))``, or unbiased (Hedges 1983).

    >>> found = between_groups([10, 12, 14, 16], [8, 9, 11, 12])
    >>> round(found.d, 4), round(found.g, 4)
    (1.3416, 1.1654)
    """
    a, b = column("one", one, least=2), column("other", other, least=2)
    df = a.size + b.size - 2
    pooled = math.sqrt(((a.size - 1) * np.var(a, ddof=1) + (b.size - 1) * np.var(b, ddof=1)) / df)
    if pooled == 0:
        raise NoSpread("one", "Nobody differs from anybody within a group.", "Check that these are the right columns.")
    d = direction * float(a.mean() - b.mean()) / pooled
    j = bias_correction(df)
    g, sampling = j * d, 1 / a.size + 1 / b.size
    unbiased = sampling + (1 - (df - 2) / (df * j**2)) * g**2
    return Between(d, g, sampling + g**2 / (2 * (a.size + b.size)), unbiased)


def d_ppc2(treated: PrePost, control: PrePost) -> float:
    """Change of the treated less change of the controls, in pooled SDs before (Morris 2008, Organ Res Methods 11:364).

    ``(1 − 3/(4(n_t + n_c − 2) − 1))·(δ_t − δ_c)/S_pre,pooled``.
    """
    df = treated.n + control.n - 2
    pooled = math.sqrt(((treated.n - 1) * treated.sd_pre**2 + (control.n - 1) * control.sd_pre**2) / df)
    return (1 - 3 / (4 * df - 1)) * (treated.improvement - control.improvement) / pooled
