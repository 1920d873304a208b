"""How many later scores lie inside the 80 % band, overall and by third of the first scores.

The interval treats the scores of a client, or of all clients of a therapist, as one group: with c_i of m_i scores
inside, p = Σc/Σm and ``Var p = n/(n−1)·Σ(c_i − p·m_i)²/(Σm)²`` (ratio of totals, Cochran 1977, Sampling Techniques,
p. 31). Limits: with few groups the interval is too narrow.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rapport.clinical.outcomes.reliable_change import Array
from rapport.clinical.outcomes.validation.courses import Places

Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Coverage:
    """The share of scores inside the band with its 95 % interval; None where there is nothing to count."""

    inside: int
    n_scores: int
    n_groups: int
    share: float | None
    interval: tuple[float, float] | None


def coverage(inside: NDArray[np.bool_], group: Places) -> Coverage:
    """Count scores inside; scores of one group go together.

    >>> found = coverage(np.array([True, True, False, True]), np.array([0, 0, 1, 2]))
    >>> found.share, found.n_groups
    (0.75, 3)
    """
    _, codes = np.unique(group, return_inverse=True)
    each, hits = np.bincount(codes).astype(float), np.bincount(codes, weights=inside)
    n, total = len(each), float(each.sum())
    if n == 0:
        return Coverage(0, 0, 0, None, None)
    share = float(hits.sum()) / total
    if n == 1:
        return Coverage(int(hits.sum()), int(total), n, share, None)
    reach = Z95 * math.sqrt(n / (n - 1) * float(((hits - share * each) ** 2).sum())) / total
    return Coverage(int(hits.sum()), int(total), n, share, (max(share - reach, 0.0), min(share + reach, 1.0)))


def coverage_by_third(
    inside: NDArray[np.bool_], client: Places, group: Places, first_of_row: Array
) -> tuple[Coverage, ...]:
    """The same among those who began low, in the middle and high, thirds of clients."""
    _, places = np.unique(client, return_index=True)
    edges = np.quantile(first_of_row[places], [1 / 3, 2 / 3]) if len(places) else np.zeros(2)
    third = np.searchsorted(edges, first_of_row, side="left")
    return tuple(coverage(inside[third == part], group[third == part]) for part in range(3))
