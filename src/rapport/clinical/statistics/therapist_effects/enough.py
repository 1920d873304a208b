"""When therapists may be spoken of at all: enough of them, with enough closed cases each.

With fewer, one therapist's hard caseload looks like the therapist. At least ten therapists with ten closed cases before
any share of variance is shown; at least 30 closed cases of one's own before one's own figure is, and then to that
therapist alone. Never a list in order.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.statistics.growth.checks import Array
from rapport.clinical.statistics.growth.grouping import grouped

THERAPISTS, CASES_EACH, OWN_CASES = 10, 10, 30
TOO_FEW_THERAPISTS, TOO_FEW_OWN_CASES = "too_few_therapists_with_ten_closed_cases", "fewer_than_30_closed_cases"


def caseloads(therapists: ArrayLike) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Each therapist and the number of their closed cases."""
    ids = np.asarray(therapists)
    if ids.ndim != 1 or not ids.size:
        raise ClinicalError("therapists", "There are no closed cases.", "Give one therapist per closed case.")
    by = grouped(ids)
    return by.ids, by.counts().astype(np.int64)


def reason_to_hide(cases: NDArray[np.int64]) -> str:
    """Empty where enough therapists have enough closed cases.

    >>> reason_to_hide(np.array([30] * 9 + [9]))
    'too_few_therapists_with_ten_closed_cases'
    """
    return "" if int((cases >= CASES_EACH).sum()) >= THERAPISTS else TOO_FEW_THERAPISTS


def centred(pre: Array) -> Array:
    """Scores at the start less their mean, so that the constant is the result after an average start."""
    return np.asarray(pre - pre.mean(), np.float64)
