"""Baseline-corrected Tau: Tau after the trend of the baseline was taken out of all scores.

The trend is Theil and Sen's (the median of all slopes within A). It is taken out only if Kendall's test within A finds
one (p < ``trend_below``); with ``trend_below=1`` always.

Tarlow 2017, Behav Modif 41:427–467. Limits: a baseline of three or four scores has no power to find a trend (four that
only fall have p = .083), and a trend drawn on into a long treatment phase soon leaves the scale.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.stats import kendalltau

from rapport.clinical.kernel.errors import OutOfRange
from rapport.clinical.statistics.single_case.overlap import tau
from rapport.clinical.statistics.single_case.phases import Array, Phases, SingleCaseEffect


def theil_sen(scores: Array) -> float:
    """The median of the slopes between all pairs of scores one session apart or more.

    >>> round(theil_sen(np.array([20.0, 19, 17, 16])), 6)
    -1.416667
    """
    i, j = np.triu_indices(len(scores), k=1)
    return float(np.median((scores[j] - scores[i]) / (j - i)))


def has_trend(scores: Array, below: float) -> bool:
    """Whether Kendall's test finds a trend; scores that are all alike have none."""
    if np.ptp(scores) == 0:
        return False
    return below >= 1 or bool(kendalltau(np.arange(len(scores)), scores).pvalue < below)


def baseline_corrected_tau(phases: Phases, *, trend_below: float = 0.05) -> SingleCaseEffect:
    """Tau, freed from the baseline's own trend where there is one.

    >>> falling = Phases.of([20, 19, 17, 16], [15, 15, 13, 12, 12, 10], "decrease")
    >>> baseline_corrected_tau(falling).value, baseline_corrected_tau(falling, trend_below=1).value
    (1.0, -1.0)
    """
    if not 0 <= trend_below <= 1:
        raise OutOfRange("trend_below", "A significance level lies between 0 and 1.", "Give for example 0.05.")
    before, after = np.array(phases.before), np.array(phases.after)
    corrected = has_trend(before, trend_below)
    if corrected:
        slope, m = theil_sen(before), len(before)
        # A tie of two scores must survive the subtraction of the line.
        before = np.round(before - slope * np.arange(m), 12)
        after = np.round(after - slope * np.arange(m, m + len(after)), 12)
    found = tau(Phases.of(before.tolist(), after.tolist(), phases.improvement))
    formula = "2·NAP − 1 of the scores less Theil and Sen's trend of A" if corrected else "2·NAP − 1, no trend in A"
    return replace(found, name="Baseline-corrected Tau", formula=formula, version="tau_bc/1", source="Tarlow 2017")
