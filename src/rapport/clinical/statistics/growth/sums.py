"""First level: of each client only how many scores, Σt, Σt², Σy, Σty, Σy².

These few numbers hold everything a growth line can learn from a client (t time, y score less a common origin). They
add: over days for one client, over shards for many.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.statistics.growth import checks
from rapport.clinical.statistics.growth.checks import Array
from rapport.clinical.statistics.growth.grouping import grouped

N, T, TT, Y, TY, YY = range(6)


@dataclass(frozen=True, slots=True)
class GrowthStatistics:
    """``sums[k]`` is one of the six for every client; ``covariates`` has a row per client; ``ids`` ascend."""

    ids: NDArray[Any]
    sums: Array
    covariates: Array
    origin: float

    @property
    def n_scores(self) -> int:
        return int(self.sums[N].sum())

    @property
    def n_clients(self) -> int:
        return len(self.ids)

    def merge(self, other: GrowthStatistics) -> GrowthStatistics:
        """Both together. A client who is in both has had more scores.

        >>> one = statistics_of([1, 1, 2], [0, 1, 0], [12, 9, 15])
        >>> both = one.merge(statistics_of([2, 3], [1, 0], [14, 8]))
        >>> both.n_clients, both.n_scores, both.sums[N].tolist()
        (3, 5, [2.0, 2.0, 1.0])
        """
        if self.covariates.shape[1] != other.covariates.shape[1]:
            raise ClinicalError("covariates", "The two differ in their covariates.", "Give both the same ones.")
        rows = self.n_scores + other.n_scores
        origin = (self.origin * self.n_scores + other.origin * other.n_scores) / rows
        tables = self.seen_from(origin), other.seen_from(origin)
        ids = np.concatenate([self.ids, other.ids])
        merged, first, codes = np.unique(ids, return_index=True, return_inverse=True)
        sums = np.zeros((6, len(merged)))
        for table, places in zip(tables, np.split(codes, [self.n_clients]), strict=True):
            sums[:, places] += table.sums
        covariates = np.concatenate([self.covariates, other.covariates])
        kept = covariates[first]
        if not np.array_equal(kept[codes], covariates):
            raise not_of_the_client()
        return GrowthStatistics(merged, sums, kept, origin)

    def add(
        self, client_ids: ArrayLike, times: ArrayLike, scores: ArrayLike, covariates: ArrayLike | None = None
    ) -> GrowthStatistics:
        """These and further rows, of clients known or new; the work is that of the new rows and of the client table."""
        return self.merge(statistics_of(client_ids, times, scores, covariates))

    def seen_from(self, origin: float) -> GrowthStatistics:
        """The same scores less another origin."""
        step, moved = self.origin - origin, self.sums.copy()
        moved[Y] += step * self.sums[N]
        moved[TY] += step * self.sums[T]
        moved[YY] += step * (2 * self.sums[Y] + step * self.sums[N])
        return GrowthStatistics(self.ids, moved, self.covariates, origin)


def statistics_of(
    client_ids: ArrayLike, times: ArrayLike, scores: ArrayLike, covariates: ArrayLike | None = None
) -> GrowthStatistics:
    """The six sums of every client, in one pass over rows in any order; rows sorted by client go fastest.

    ``covariates``: one or several columns beside the scores, each the same on all rows of a client.

    >>> statistics_of([7, 7, 3], [0.0, 0.7, 0.0], [16, 10, 20]).ids.tolist()
    [3, 7]
    """
    ids, t, y = checks.rows(client_ids, times, scores)
    beside = np.empty((len(y), 0)) if covariates is None else checks.matrix("covariates", covariates, len(y))
    origin = float(y.mean())
    y = y - origin
    by = grouped(ids)
    sums = np.stack([by.counts(), by.add(t), by.add(t, t), by.add(y), by.add(t, y), by.add(y, y)])
    kept = beside[by.first]
    if beside.size and not np.array_equal(kept[by.codes()], beside):
        raise not_of_the_client()
    return GrowthStatistics(by.ids, sums, kept, origin)


def not_of_the_client() -> ClinicalError:
    return ClinicalError(
        "covariates", "A covariate changes within a client.", "Give what varies to fit_rows, as a fixed term."
    )
