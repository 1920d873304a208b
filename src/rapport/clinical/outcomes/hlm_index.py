"""Reliable change from a whole course: the client's own slope in units of its uncertainty.

::

    index = (β1 + b1) / SD(b1 | scores)       compare direction · index with 1.959964

β1 the slope to be expected of the client, b1 their departure, both from the growth line ``y ~ t + (t | client)`` by
REML; SD is the conditional SD of b1. Speer & Greenbaum 1995, J Consult Clin Psychol 63:1044–1048; Bryk & Raudenbush
1992.

It is the **total** slope: tested alone, b1 asks whether a client changed otherwise than the average, and a client who
improves as all do would come out as unchanged (in the reference courses 4 of 60 improved instead of 23). Limits: needs
three scores; slopes are shrunken towards the mean, the more the fewer the scores; a straight line in the time given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.measures.norms import Direction
from rapport.clinical.outcomes.reliable_change import Array, critical_value
from rapport.clinical.statistics.growth import GrowthFit, GrowthStatistics, effects_of

LEAST_SCORES = 3


@dataclass(frozen=True, slots=True)
class SlopeIndices:
    """Per client: total slope, its conditional SD, the index; the index is NaN with fewer than three scores."""

    ids: NDArray[Any]
    slope: Array
    sd: Array
    index: Array

    def reliably(self, direction: Direction, confidence: float = 0.95) -> NDArray[np.int8]:
        """1 better, −1 worse, 0 neither or not known (``index`` is NaN then)."""
        turned = direction.sign * np.nan_to_num(self.index)
        return np.where(np.abs(turned) > critical_value(confidence=confidence), np.sign(turned), 0).astype(np.int8)


def slope_indices(fit: GrowthFit, statistics: GrowthStatistics) -> SlopeIndices:
    """The index of every client; ``fit`` may come from these clients or from others.

    >>> from rapport.clinical.statistics.growth import statistics_of
    >>> spread = np.array([[15.0, 0.0], [0.0, 0.3]])
    >>> line = GrowthFit(np.array([14.0, -0.5]), np.eye(2), spread, 9.0, 0.0, 60, 480, True, False)
    >>> one = slope_indices(line, statistics_of([7, 7, 7, 7], [0, 1, 2, 3], [20, 17, 13, 8]))
    >>> one.slope.round(3).tolist(), one.sd.round(3).tolist(), one.reliably(Direction.LOWER).tolist()
    ([-0.957], [0.499], [0])
    """
    if not fit.slope:
        raise ClinicalError("fit", "Clients of this line have no slopes of their own.", "Fit it with slope=True.")
    effects = effects_of(fit, statistics)
    expected = fit.beta[1] + statistics.covariates @ fit.beta[3::2]
    slope, sd = expected + effects.mean[:, 1], np.sqrt(effects.cov[:, 1, 1])
    known = (statistics.sums[0] >= LEAST_SCORES) & (sd > 0)
    index = np.divide(slope, sd, out=np.full_like(slope, np.nan), where=known)
    return SlopeIndices(statistics.ids, slope, sd, index)
