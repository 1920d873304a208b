"""Standardised mean difference and log response ratio of two phases.

M, S mean and SD (n − 1) of a phase, ν degrees of freedom, J = 1 − 3/(4ν − 1)::

    SMD_A     g = J·(M_B − M_A)/S_A,     ν = m − 1      SE = J·√(1/m + S_B²/(n·S_A²) + g²/(2ν))
    SMD_pool  g = J·(M_B − M_A)/S_pool,  ν = m + n − 2  SE = J·√(1/m + 1/n + g²/(2ν))
    LRR       ln M_B + S_B²/(2n·M_B²) − ln M_A − S_A²/(2m·M_A²)     SE = √(S_A²/(m·M_A²) + S_B²/(n·M_B²))

Signs are turned so that improvement is positive. Gingerich 1984; Busk & Serlin 1992; Pustejovsky 2018, J Sch Psychol
68:99–112. Limits: SDs of one person, not of people: never set beside an effect size of a group. LRR needs scores above
zero with a true zero; a questionnaire's points seldom have one.
"""

from __future__ import annotations

import math

import numpy as np

from rapport.clinical.kernel.errors import OutOfRange
from rapport.clinical.statistics.single_case.phases import Z95, NoSpread, Phases, SingleCaseEffect


def _effect(phases: Phases, name: str, value: float, se: float, texts: tuple[str, str, str]) -> SingleCaseEffect:
    formula, version, source = texts
    interval = value - Z95 * se, value + Z95 * se
    return SingleCaseEffect(name, value, formula, version, source, len(phases.before), len(phases.after), se, interval)


def _correction(degrees: int) -> float:
    return 1 - 3 / (4 * degrees - 1)


def smd_baseline(phases: Phases) -> SingleCaseEffect:
    """The difference of the means in SDs of the baseline.

    >>> round(smd_baseline(Phases.of([20, 19, 17, 16], [15, 15, 13, 12, 12, 10], "decrease")).value, 6)
    2.058109
    """
    before, after = phases.improving()
    m, n, sd = len(before), len(after), float(before.std(ddof=1))
    if sd == 0:
        raise NoSpread("before", "The scores before are all alike.", "Use NAP, or SMD with the pooled SD.")
    j = _correction(m - 1)
    g = j * float(after.mean() - before.mean()) / sd
    se = j * math.sqrt(1 / m + float(after.var(ddof=1)) / (n * sd**2) + g**2 / (2 * (m - 1)))
    return _effect(phases, "SMD (baseline SD)", g, se, ("J·(M_B − M_A)/S_A", "smd_a/1", "Gingerich 1984"))


def smd_pooled(phases: Phases) -> SingleCaseEffect:
    """The difference of the means in pooled SDs.

    >>> round(smd_pooled(Phases.of([20, 19, 17, 16], [15, 15, 13, 12, 12, 10], "decrease")).value, 6)
    2.458127
    """
    before, after = phases.improving()
    m, n = len(before), len(after)
    degrees = m + n - 2
    sd = math.sqrt(((m - 1) * float(before.var(ddof=1)) + (n - 1) * float(after.var(ddof=1))) / degrees)
    if sd == 0:
        raise NoSpread("after", "The scores of each phase are all alike.", "Use NAP.")
    j = _correction(degrees)
    g = j * float(after.mean() - before.mean()) / sd
    se = j * math.sqrt(1 / m + 1 / n + g**2 / (2 * degrees))
    return _effect(phases, "SMD (pooled SD)", g, se, ("J·(M_B − M_A)/S_pool", "smd_pool/1", "Busk & Serlin 1992"))


def log_response_ratio(phases: Phases) -> SingleCaseEffect:
    """The log of the ratio of the means, corrected for short phases.

    >>> round(log_response_ratio(Phases.of([8, 9, 8, 10], [9, 11, 12, 12, 13], "decrease")).value, 6)
    -0.264833
    """
    before, after = np.array(phases.before), np.array(phases.after)
    if before.min() < 0 or after.min() < 0 or before.mean() == 0 or after.mean() == 0:
        raise OutOfRange("before", "A ratio needs scores above zero.", "Use SMD or NAP.")
    parts = [(math.log(one.mean()), float(one.var(ddof=1) / (len(one) * one.mean() ** 2))) for one in (before, after)]
    (log_a, error_a), (log_b, error_b) = parts
    value = phases.improvement.sign * (log_b + error_b / 2 - log_a - error_a / 2)
    texts = "ln(M_B/M_A), corrected for short phases", "lrr/1", "Pustejovsky 2018"
    return _effect(phases, "Log response ratio", value, math.sqrt(error_a + error_b), texts)
