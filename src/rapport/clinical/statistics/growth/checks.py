"""What a table of repeated scores must have before a growth line can be drawn through it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rapport.clinical.kernel.errors import ClinicalError

Array = NDArray[np.float64]
FAR_FROM_ZERO = 1e4


def column(field: str, values: ArrayLike) -> Array:
    """One number per row, none of them missing."""
    given = np.asarray(values)
    if given.ndim != 1:
        raise ClinicalError(field, "This is not one column.", "Give one number per row.")
    if given.dtype.kind not in "fiub":
        raise ClinicalError(field, "This column holds something else than numbers.", "Give numbers.")
    numbers = given.astype(np.float64, copy=False)
    if numbers.size and not np.isfinite(numbers.sum()):
        raise ClinicalError(field, "Some rows are missing or infinite.", "Leave out the rows without a number.")
    return numbers


def rows(client_ids: ArrayLike, times: ArrayLike, scores: ArrayLike) -> tuple[NDArray[Any], Array, Array]:
    """Who, when, how much: three columns of one length, at least one row."""
    ids, t, y = np.asarray(client_ids), column("times", times), column("scores", scores)
    if ids.ndim != 1:
        raise ClinicalError("client_ids", "This is not one column.", "Give one identifier per row.")
    if not ids.size == t.size == y.size:
        raise ClinicalError("scores", "The columns differ in length.", "Give one client, time and score per row.")
    if not y.size:
        raise ClinicalError("scores", "There are no scores.", "Give one client, time and score per row.")
    if ids.dtype.kind == "f" and not np.isfinite(ids.sum()):
        raise ClinicalError("client_ids", "Some rows belong to nobody.", "Leave out the rows without an identifier.")
    if abs(float(t.mean())) > FAR_FROM_ZERO * float(np.ptp(t)) > 0:
        raise ClinicalError("times", "The times lie far from zero.", "Count from the first session.")
    return ids, t, y


def matrix(field: str, values: ArrayLike, length: int) -> Array:
    """One or several columns of numbers, as many rows as there are scores."""
    given = np.asarray(values)
    table = given[:, None] if given.ndim == 1 else given
    if table.ndim != 2 or len(table) != length or not table.shape[1]:
        raise ClinicalError(field, "These columns do not fit the scores.", "Give one row of numbers per score.")
    return np.column_stack([column(field, one) for one in table.T])
