"""Early response: whether somebody who is reliably better by the fourth session does well in the end.

Early response is a reliable improvement at session 4, or an improvement by a share of the first score (a percentage
MID). Against the final outcome it makes a two by two table: sensitivity, specificity, PPV, NPV, odds ratio.

After Lambert 2005, J Clin Psychol 61:855–869 and PMC4069083 (session 4 as the best simple predictor in internet CBT).
Limits: late responders exist (PMC6428692: one class improves only after session 6), so it is a reason for a review and
never one to stop; people who left before session 4 are in neither half.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rapport.clinical.kernel.errors import ClinicalError, OutOfRange
from rapport.clinical.outcomes.yardstick import TOLERANCE, Yardstick
from rapport.clinical.statistics.two_by_two import TwoByTwo, cross

EARLY_SESSION = 4


def responded(
    first: float | None, early: float | None, *, yardstick: Yardstick, percent: float | None = None
) -> bool | None:
    """Whether the early score is a response: reliably better, or better by ``percent`` of the first score's distance
    from the best one. None where a score or the smallest reliable change is unknown.

    >>> from rapport.clinical.measures.registry import load_instrument
    >>> from rapport.clinical.outcomes.yardstick import yardstick
    >>> phq9 = yardstick(load_instrument("phq9"))
    >>> responded(16, 10, yardstick=phq9), responded(16, 12, yardstick=phq9)
    (True, False)
    >>> responded(16, 12, yardstick=phq9, percent=21)
    True
    """
    if first is None or early is None or math.isnan(first) or math.isnan(early):
        return None
    if percent is None:
        reliable = yardstick.reliable(early - first)
        return None if reliable is None else reliable == 1
    if not 0 < percent <= 100:
        raise OutOfRange("percent", "A percentage lies above 0 and at most at 100.", "Give for example 20.")
    sign = yardstick.direction.sign
    best = yardstick.high if sign > 0 else yardstick.low
    better = sign * (early - first)
    return better > 0 and better >= percent / 100 * abs(first - best) - TOLERANCE


def early_response_table(
    first: Sequence[float | None],
    early: Sequence[float | None],
    good_outcome: Sequence[bool | None],
    *,
    yardstick: Yardstick,
    percent: float | None = None,
) -> TwoByTwo:
    """Early response against the outcome at the end, over people in whom both are known.

    >>> from rapport.clinical.measures.registry import load_instrument
    >>> from rapport.clinical.outcomes.yardstick import yardstick
    >>> phq9 = yardstick(load_instrument("phq9"))
    >>> early_response_table([16, 18, 17], [9, 17, None], [True, False, True], yardstick=phq9)
    TwoByTwo(both=1, sign_only=0, outcome_only=0, neither=1)
    """
    if not len(first) == len(early) == len(good_outcome):
        raise ClinicalError("early", "Each person has a first and an early score.", "Give lists of the same length.")
    signs = [responded(*pair, yardstick=yardstick, percent=percent) for pair in zip(first, early, strict=True)]
    return cross(signs, good_outcome)
