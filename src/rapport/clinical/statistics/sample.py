"""What every statistic asks of its numbers first: enough of them, real ones, and some spread where it divides by it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rapport.clinical.kernel.errors import ClinicalError

Array = NDArray[np.float64]


class TooFew(ClinicalError):
    """Fewer values than the method needs."""

    code = "too_few"


class NotANumber(ClinicalError):
    """A value is missing or infinite where the method needs every one."""

    code = "not_a_number"


class NoSpread(ClinicalError):
    """Every value is the same, so there is nothing to divide by."""

    code = "no_spread"


class LengthsDiffer(ClinicalError):
    """Columns that belong together have different lengths."""

    code = "lengths_differ"


def column(field: str, values: ArrayLike, *, least: int = 1, spread: bool = False) -> Array:
    """One column of finite numbers, or an error that names it.

    >>> column("pre", [16, 12, 20], least=2).tolist()
    [16.0, 12.0, 20.0]
    >>> column("pre", [16], least=2)
    Traceback (most recent call last):
    rapport.clinical.statistics.sample.TooFew: pre: 1 given, at least 2 needed. Add cases or leave the method out.
    """
    try:
        found = np.atleast_1d(np.asarray(values, np.float64))
    except (TypeError, ValueError):
        raise NotANumber(field, "Not every value is a number.", "Leave text out.") from None
    if found.size < least:
        raise TooFew(field, f"{found.size} given, at least {least} needed.", "Add cases or leave the method out.")
    if not np.isfinite(found).all():
        raise NotANumber(field, "A value is missing or infinite.", "Drop that case, or use a method for missing data.")
    if spread and found.size and np.ptp(found) == 0:
        raise NoSpread(field, "Every value is the same.", "Check that this is the right column.")
    return found


def design(field: str, values: ArrayLike, n: int) -> Array:
    """One row per case and one column per covariate, all finite; a single column may come as a plain list.

    >>> design("covariates", [1, 0, 1], 3).shape
    (3, 1)
    """
    try:
        found = np.asarray(values, np.float64)
    except (TypeError, ValueError):
        raise NotANumber(field, "Not every value is a number.", "Leave text out; one value per column.") from None
    found = found[:, None] if found.ndim == 1 else found
    if found.ndim != 2 or found.shape[0] != n:
        raise LengthsDiffer(field, "The columns have different lengths.", f"Give {n} rows, one value per column.")
    if not found.shape[1]:
        raise TooFew(field, "There is no covariate.", "Give at least one column.")
    if not np.isfinite(found).all():
        raise NotANumber(field, "A value is missing or infinite.", "Drop that case, or use a method for missing data.")
    return found


def same_length(**columns: Array) -> None:
    """Refuse columns of different lengths."""
    lengths = {name: one.shape[0] for name, one in columns.items()}
    if len(set(lengths.values())) > 1:
        name = next(iter(lengths))
        said = ", ".join(f"{one} {length}" for one, length in lengths.items())
        raise LengthsDiffer(name, f"The columns have different lengths ({said}).", "Give one value per case in each.")
