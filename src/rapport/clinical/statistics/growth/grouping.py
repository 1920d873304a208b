"""Rows that belong together: sums by client (or therapist), the quicker the better the rows are sorted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from rapport.clinical.statistics.growth.checks import Array

Integers = NDArray[np.intp]
DENSE = 4


@dataclass(frozen=True, slots=True)
class Runs:
    """Each client's rows stand together; ``order`` puts the runs into the order of ``ids``."""

    ids: NDArray[Any]
    starts: Integers
    order: Integers | None
    n_rows: int

    @property
    def first(self) -> Integers:
        return self.starts if self.order is None else self.starts[self.order]

    def counts(self) -> Array:
        lengths = np.diff(self.starts, append=self.n_rows).astype(np.float64)
        return lengths if self.order is None else lengths[self.order]

    def add(self, values: Array, times: Array | None = None) -> Array:
        """Σ values, or Σ values·times, of each client: a sparse matrix with a row per client does it in one pass."""
        ends = np.append(self.starts, self.n_rows).astype(np.int32)
        clients = csr_array((values, np.arange(self.n_rows, dtype=np.int32), ends), (len(self.ids), self.n_rows))
        added = np.asarray(clients @ (np.ones(self.n_rows) if times is None else times), np.float64)
        return added if self.order is None else added[self.order]

    def codes(self) -> Integers:
        places = np.arange(len(self.ids))
        if self.order is not None:
            places[self.order] = places.copy()
        return np.repeat(places, np.diff(self.starts, append=self.n_rows))


@dataclass(frozen=True, slots=True)
class Scattered:
    """Rows in any order, each with the number of its client."""

    ids: NDArray[Any]
    code: Integers

    @property
    def first(self) -> Integers:
        found = np.empty(len(self.ids), np.intp)
        found[self.code[::-1]] = np.arange(len(self.code) - 1, -1, -1)
        return found

    def counts(self) -> Array:
        return np.bincount(self.code, minlength=len(self.ids)).astype(np.float64)

    def add(self, values: Array, times: Array | None = None) -> Array:
        """Σ values, or Σ values·times, of each client."""
        values = values if times is None else values * times
        return np.bincount(self.code, values, len(self.ids)).astype(np.float64, copy=False)

    def codes(self) -> Integers:
        return self.code


def grouped(ids: NDArray[Any]) -> Runs | Scattered:
    """By identifier, ascending.

    >>> by = grouped(np.array([5, 5, 2]))
    >>> by.ids.tolist(), by.add(np.array([1.0, 2.0, 4.0])).tolist(), by.codes().tolist()
    ([2, 5], [4.0, 3.0], [1, 1, 0])
    """
    starts = np.concatenate([np.zeros(1, np.intp), np.flatnonzero(ids[1:] != ids[:-1]) + 1])
    heads = ids[starts]
    if bool((heads[1:] > heads[:-1]).all()):
        return Runs(heads, starts, None, len(ids))
    order = np.argsort(heads, kind="stable")
    ordered = heads[order]
    if bool((ordered[1:] != ordered[:-1]).all()):
        return Runs(ordered, starts, order, len(ids))
    return scattered(ids)


def scattered(ids: NDArray[Any]) -> Scattered:
    """By looking each up; whole numbers that lie close together need no sorting."""
    if ids.dtype.kind in "iu":
        low, high = int(ids.min()), int(ids.max())
        if high - low < DENSE * len(ids) and high < np.iinfo(np.intp).max:
            shifted = ids.astype(np.intp) - low
            here = np.bincount(shifted) > 0
            return Scattered((np.flatnonzero(here) + low).astype(ids.dtype), (np.cumsum(here) - 1)[shifted])
    unique, code = np.unique(ids, return_inverse=True)
    return Scattered(unique, code)
