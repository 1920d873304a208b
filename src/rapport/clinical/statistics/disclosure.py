"""May this table leave the house? Anonymity of rows, and small numbers in counts.

Rows that agree in every quasi-identifier (age band, gender, modality, site, period …) form a class::

    k   the size of the smallest class                              Sweeney 2002, Int J Uncertain Fuzz 10:557–570
    l   the fewest different values of what is sensitive in a class Machanavajjhala et al. 2007
    t   the largest distance between the spread of what is sensitive in a class and in all: ½·Σ|p − q|
                                                                    Li, Li & Venkatasubramanian 2007 (equal distances)

``keep_classes`` drops classes below k. In a table of counts ``hide_small`` hides cells below a threshold and, since
rows and columns have totals, further cells until no hidden cell can be worked out. House values: k ≥ 5 inside, ≥ 11
outside.

Limits: k-anonymity does not stop anybody from subtracting one release from another (keep a log of releases), nor does
it hide what everybody in a class shares (look at l). Drop names, free text and days of contacts before you ask.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rapport.clinical.kernel.errors import OutOfRange
from rapport.clinical.statistics.sample import LengthsDiffer, TooFew

Flags = NDArray[np.bool_]
INSIDE, OUTSIDE = 5, 11


@dataclass(frozen=True, slots=True)
class Anonymity:
    """k, l (``diversity``) and t (``closeness``) of the worst class; the last two need a sensitive column."""

    rows: int
    classes: int
    k: int
    diversity: int | None
    closeness: float | None


def classes_of(*quasi_identifiers: ArrayLike) -> NDArray[np.int64]:
    """The number of the class each row belongs to.

    >>> classes_of(["f", "f", "m"], ["cbt", "cbt", "cbt"]).tolist()
    [0, 0, 1]
    """
    columns = [np.asarray(one) for one in quasi_identifiers]
    if not columns or not columns[0].size:
        raise TooFew("quasi_identifiers", "There is nothing to group by.", "Give at least one column with rows.")
    if len({one.shape for one in columns}) > 1:
        raise LengthsDiffer("quasi_identifiers", "The columns have different lengths.", "Give one value per row.")
    place = np.zeros(columns[0].size, np.int64)
    for one in columns:
        names, codes = np.unique(one, return_inverse=True)
        place = np.unique(place * names.size + codes, return_inverse=True)[1]
    return place


def anonymity(quasi_identifiers: Sequence[ArrayLike], sensitive: ArrayLike | None = None) -> Anonymity:
    """k, and l and t of a sensitive column.

    >>> anonymity([["f", "f", "m", "m"]], ["a", "b", "a", "a"])
    Anonymity(rows=4, classes=2, k=2, diversity=1, closeness=0.25)
    """
    place = classes_of(*quasi_identifiers)
    sizes = np.bincount(place)
    if sensitive is None:
        return Anonymity(place.size, sizes.size, int(sizes.min()), None, None)
    values, codes = np.unique(np.asarray(sensitive), return_inverse=True)
    if codes.size != place.size:
        raise LengthsDiffer("sensitive", "The columns have different lengths.", "Give one value per row.")
    table = np.bincount(place * values.size + codes, minlength=sizes.size * values.size).reshape(sizes.size, -1)
    far = np.abs(table / sizes[:, None] - table.sum(axis=0) / place.size).sum(axis=1) / 2
    return Anonymity(place.size, sizes.size, int(sizes.min()), int((table > 0).sum(axis=1).min()), float(far.max()))


def keep_classes(quasi_identifiers: Sequence[ArrayLike], k: int = INSIDE) -> Flags:
    """Which rows may stay: those of classes with k rows or more.

    >>> keep_classes([["f", "f", "m"]], 2).tolist()
    [True, True, False]
    """
    if k < 1:
        raise OutOfRange("k", "A class has at least one row.", "Give 5 inside the house, 11 outside.")
    place = classes_of(*quasi_identifiers)
    return np.asarray(np.bincount(place)[place] >= k)


def hide_with_total(counts: Sequence[int], least: int = INSIDE, gone: Sequence[bool] = ()) -> list[bool]:
    """Which parts of a known total to hide: the small ones, those ``gone`` already and, while what is hidden is one
    part or adds up to less than ``least``, the next smallest.

    A count of 0 is small too: "nobody" can say something of everybody. A total below ``least`` must go itself.

    >>> hide_with_total([40, 3, 12, 25])
    [False, True, True, False]
    """
    hidden = [one < least for one in counts]
    if gone:
        hidden = [one or other for one, other in zip(hidden, gone, strict=True)]
    while (
        any(hidden)
        and not all(hidden)
        and (sum(hidden) == 1 or sum(one for one, gone in zip(counts, hidden, strict=True) if gone) < least)
    ):
        hidden[min((one, place) for place, one in enumerate(counts) if not hidden[place])[1]] = True
    return hidden


def hide_small(table: ArrayLike, least: int = INSIDE) -> Flags:
    """Which cells of a two-way table with totals to hide, so that no hidden cell can be worked out.

    A cell that can be is put into a square of four hidden ones, the square that costs the fewest and smallest cells.
    Where what is hidden in a row or a column adds up to less than ``least``, its total less the others would say that
    each is small (that each is nobody, if it is 0): the next smallest goes too. A total below ``least`` must go itself.

    >>> hide_small([[20, 3, 9], [14, 30, 8]]).astype(int).tolist()
    [[0, 1, 1], [0, 1, 1]]
    """
    counts = np.asarray(table)
    if counts.ndim != 2 or min(counts.shape) < 2 or counts.dtype.kind not in "iu" or (counts < 0).any():
        raise OutOfRange("table", "This is no two-way table of counts.", "Give whole numbers in rows and columns.")
    hidden = counts < least
    while (told := _too_little(counts, hidden, least) or _worked_out(hidden)) is not None:
        row, column = told
        if not hidden[row, column]:
            hidden[row, column] = True
            continue
        new = np.where(hidden, 0, counts.astype(np.float64) + counts.sum())  # fewer cells first, then smaller ones
        cost = new + new[row, :][None, :] + new[:, column][:, None]
        cost[row, :] = cost[:, column] = np.inf
        other_row, other_column = divmod(int(np.argmin(cost)), cost.shape[1])
        hidden[[row, other_row, other_row], [other_column, column, other_column]] = True
    return np.asarray(hidden)


def _too_little(counts: NDArray[np.int64], hidden: Flags, least: int) -> tuple[int, int] | None:
    """The next cell to hide in a row or column whose hidden ones add up to less than ``least``."""
    places = np.arange(counts.size).reshape(counts.shape)
    for line in (*places, *places.T):
        gone, sizes = hidden.ravel()[line], counts.ravel()[line]
        if gone.any() and not gone.all() and sizes[gone].sum() < least:
            row, column = divmod(int(line[np.argmin(np.where(gone, sizes.max() + 1, sizes))]), counts.shape[1])
            return row, column
    return None


def _worked_out(hidden: Flags) -> tuple[int, int] | None:
    """A hidden cell to which the totals of its row and column leave one value only."""
    cells = np.argwhere(hidden)
    if not cells.size:
        return None
    lines = np.zeros((sum(hidden.shape), cells.shape[0]))
    each = np.arange(cells.shape[0])
    lines[cells[:, 0], each] = 1
    lines[hidden.shape[0] + cells[:, 1], each] = 1
    spread, basis = np.linalg.svd(lines)[1:]
    free = basis[int((spread > 1e-9).sum()) :]
    fixed = np.flatnonzero((np.abs(free) > 1e-9).sum(axis=0) == 0)
    return (int(cells[fixed[0], 0]), int(cells[fixed[0], 1])) if fixed.size else None
