"""Second level: clients who were seen at the same times share one pattern Z'Z, and add.

Of the clients of one pattern is kept the Gram matrix of (w, Σy, Σty), w = (1, covariates), and Σy². Whoever attends
sessions 1 to n without a gap makes one of a few dozen patterns, however many clients there are: the cost of a fit no
longer grows with them. A pattern of many clients tells of none of them; one of a single client still does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rapport.clinical.statistics.growth.checks import Array
from rapport.clinical.statistics.growth.sums import TT, TY, YY, GrowthStatistics, N, T, Y

ROUGH, SLOTS = 2048, 2**16


@dataclass(frozen=True, slots=True)
class PatternSums:
    """``zz``: n, Σt, Σt² of each pattern (3, P). ``gram``: upper triangle of the Gram matrix, then Σy² (…, P)."""

    zz: Array
    gram: Array
    origin: float
    n_covariates: int
    n_scores: int

    @property
    def count(self) -> Array:
        """How many clients each pattern has: the square of the constant 1 in w."""
        clients: Array = self.gram[0]
        return clients

    @property
    def n_clients(self) -> int:
        return round(float(self.count.sum()))


def pairs(size: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of an upper triangle."""
    rows, columns = np.triu_indices(size)
    return rows, columns


def full(triangle: Array, size: int) -> Array:
    """The whole symmetric matrix of an upper triangle."""
    matrix = np.zeros((size, size))
    matrix[pairs(size)] = triangle
    return matrix + np.triu(matrix, 1).T


def patterns_of(statistics: GrowthStatistics) -> PatternSums:
    """The second level of a table of clients.

    >>> from rapport.clinical.statistics.growth.sums import statistics_of
    >>> sorted(patterns_of(statistics_of([1, 1, 2, 2, 3], [0, 1, 0, 1, 0], [9, 8, 7, 7, 5])).count.tolist())
    [1.0, 2.0]
    """
    single = each_alone(statistics)
    key = keys(single.zz)
    if mostly_distinct(key):
        return single
    first, code = alike(key)
    gram = np.stack([np.bincount(code, one, len(first)) for one in single.gram]).astype(np.float64, copy=False)
    return PatternSums(single.zz[:, first], gram, single.origin, single.n_covariates, single.n_scores)


def alike(key: NDArray[np.uint64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """One client of each pattern, and the pattern of each client. Few patterns find room in a table without sorting.

    >>> alike(np.array([7, 9, 7], np.uint64))[1].tolist()
    [0, 1, 0]
    """
    slot = (key & np.uint64(SLOTS - 1)).astype(np.intp)
    someone = np.full(SLOTS, -1)
    someone[slot] = np.arange(len(key))
    if np.array_equal(key[someone[slot]], key):
        here = someone >= 0
        return someone[here], (np.cumsum(here) - 1)[slot]
    _, first, code = np.unique(key, return_index=True, return_inverse=True)
    return first, code


def each_alone(statistics: GrowthStatistics) -> PatternSums:
    """Every client as a pattern of their own, in the order of the table."""
    sums, beside = statistics.sums, statistics.covariates.T
    parts = [np.ones(statistics.n_clients), *beside, sums[Y], sums[TY]]
    squares = (parts[a] * parts[b] for a, b in zip(*pairs(len(parts)), strict=True))
    gram = np.stack([*squares, sums[YY]])
    return PatternSums(sums[[N, T, TT]], gram, statistics.origin, len(beside), statistics.n_scores)


def keys(zz: Array) -> NDArray[np.uint64]:
    """64 well-mixed bits of each pattern: equal patterns have equal keys, others almost surely not.

    Two patterns that share a key would have to agree in all of 64 bits: for a million patterns one chance in 4·10⁷.
    """
    mixed = np.zeros(zz.shape[1], np.uint64)
    for one in zz:
        mixed ^= (one + 0.0).view(np.uint64)
        mixed *= np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
        mixed *= np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(32)
    return mixed


def mostly_distinct(key: NDArray[np.uint64]) -> bool:
    """Whether grouping would not pay: in a small sample most are alone."""
    sample = key[:: max(1, len(key) // ROUGH)]
    return len(np.unique(sample)) > len(sample) // 2 and len(key) > ROUGH
