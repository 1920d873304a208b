"""Work over long columns in blocks that stay in the cache, on one or more threads.

Whole scores are worked on as single bytes where the scale allows, even when they came as floats: a byte is compared
eight times as fast as a float64. NumPy lets other threads run while it works on a block.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rapport.clinical.kernel.errors import ClinicalError, OutOfRange

Column = NDArray[Any]
Mask = NDArray[np.bool_]
BLOCK = 65_536


def column(field: str, values: ArrayLike) -> Column:
    """The values as one dense row of whole or floating numbers."""
    found = np.asarray(values)
    if found.dtype.kind not in "iuf":
        raise ClinicalError(field, "These are no numbers.", "Give a column of scores; NaN where one is missing.")
    if found.ndim != 1:
        raise ClinicalError(field, "A column has one dimension.", "Give one score per course.")
    return np.ascontiguousarray(found)


@dataclass(frozen=True, slots=True)
class Scale:
    """The ends of a scale."""

    low: float
    high: float

    @property
    def whole_type(self) -> np.dtype[Any] | None:
        """The smallest type that holds its whole scores and their differences."""
        widest = max(abs(self.low), abs(self.high), self.high - self.low)
        return np.dtype(np.int8) if widest <= 127 else np.dtype(np.int16) if widest <= 32_767 else None


def either(first: Mask | None, second: Mask | None) -> Mask | None:
    """Where one of them is set; None stands for nowhere."""
    if first is None or second is None:
        return second if first is None else first
    return first | second


@dataclass(frozen=True, slots=True)
class Block:
    """First and last scores in one type, whole or float64, and where each is missing (None: nowhere)."""

    first: Column
    last: Column
    first_missing: Mask | None
    last_missing: Mask | None

    @property
    def whole(self) -> bool:
        return self.first.dtype.kind == "i"

    @property
    def unknown(self) -> Mask | None:
        """Courses that lack a score."""
        return either(self.first_missing, self.last_missing)


def _check(field: str, values: Column, scale: Scale) -> None:
    if len(values) and not scale.low <= values.min() <= values.max() <= scale.high:
        remedy = f"Give {scale.low:g} to {scale.high:g}, NaN where one is missing."
        raise OutOfRange(field, "A score lies outside the scale.", remedy)


def _from_integers(field: str, values: Column, scale: Scale, kind: np.dtype[Any]) -> Column:
    """Bytes are only looked at in another way: an unsigned one beyond the type comes out negative and is refused."""
    if values.dtype.itemsize != kind.itemsize or (values.dtype.kind == "u" and scale.low < 0):
        _check(field, values, scale)
        return values.astype(kind)
    whole = values.view(kind)
    _check(field, whole, scale)
    return whole


def _from_floats(field: str, values: Column, scale: Scale, kind: np.dtype[Any]) -> tuple[Column, Mask | None] | None:
    """Whole scores in a small type; None when they are not all whole, or lie where that type does not reach."""
    with np.errstate(invalid="ignore"):
        whole = values.astype(kind)
    same, unknown = whole.astype(values.dtype) == values, None
    if not same.all():
        unknown = np.isnan(values)
        if not (same | unknown).all():
            return None
        np.putmask(whole, unknown, scale.low)
    _check(field, whole, scale)
    return whole, unknown


def _as_whole(field: str, values: Column, scale: Scale) -> tuple[Column, Mask | None] | None:
    kind = scale.whole_type
    if kind is None:
        return None
    if values.dtype.kind == "f":
        return _from_floats(field, values, scale, kind)
    return _from_integers(field, values, scale, kind), None


def _as_float(field: str, values: Column, scale: Scale) -> tuple[Column, Mask | None]:
    exact = values.astype(np.float64, copy=False)
    missing = np.isnan(exact)
    _check(field, exact[~missing], scale)
    return exact, missing


@dataclass(frozen=True, slots=True)
class Pair:
    """First and last scores of one measure, and the names to refuse them by."""

    names: tuple[str, str]
    first: Column
    last: Column
    scale: Scale

    @classmethod
    def of(cls, names: tuple[str, str], first: ArrayLike, last: ArrayLike, scale: Scale) -> Pair:
        """Take anything that makes a column."""
        return cls(names, column(names[0], first), column(names[1], last), scale)

    def read(self, where: slice) -> Block:
        """The scores of one block, checked against the scale.

        >>> pair = Pair.of(("first", "last"), [16.0, np.nan], [7, 9], Scale(0, 27))
        >>> block = pair.read(slice(0, 2))
        >>> block.whole, block.unknown.tolist()
        (True, [False, True])
        """
        both = tuple(zip(self.names, (self.first[where], self.last[where]), strict=True))
        known = [found for name, values in both if (found := _as_whole(name, values, self.scale)) is not None]
        if len(known) < len(both):
            known = [_as_float(name, values, self.scale) for name, values in both]
        (first, first_missing), (last, last_missing) = known
        return Block(first, last, first_missing, last_missing)


def same_length(*pairs: Pair) -> int:
    """How many courses; refused when the columns differ."""
    n = len(pairs[0].first)
    for pair in pairs:
        for name, values in zip(pair.names, (pair.first, pair.last), strict=True):
            if len(values) != n:
                raise ClinicalError(name, "The columns differ in length.", "Give one score per course in each.")
    return n


def over_blocks(n: int, work: Callable[[slice], object], threads: int = 1) -> None:
    """Call ``work`` for every block of 0 … n; the first error of any thread is raised.

    >>> seen = []
    >>> over_blocks(150_000, lambda block: seen.append((block.start, block.stop)))
    >>> seen
    [(0, 65536), (65536, 131072), (131072, 150000)]
    """
    if threads < 1:
        raise OutOfRange("threads", "At least one thread does the work.", "Give 1 or the number of cores.")

    def part(start: int, stop: int) -> None:
        for begin in range(start, stop, BLOCK):
            work(slice(begin, min(begin + BLOCK, stop)))

    if threads == 1 or n <= BLOCK:
        part(0, n)
        return
    share = -(-n // (threads * BLOCK)) * BLOCK
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(part, start, min(start + share, n)) for start in range(0, n, share)]:
            done.result()
