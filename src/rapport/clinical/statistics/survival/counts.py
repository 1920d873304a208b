"""From one row per person to one row per time: who was at risk, and who left how."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rapport.clinical.kernel.errors import OutOfRange
from rapport.clinical.statistics.sample import Array, column, same_length

CENSORED = 0
LARGEST_TABLE = 1_000_000


@dataclass(frozen=True, slots=True)
class LeavingCounts:
    """Distinct times in order; ``events`` has one column per cause (1, 2, …)."""

    times: Array
    at_risk: Array
    events: Array
    censored: Array

    @property
    def any_event(self) -> Array:
        return np.asarray(self.events.sum(axis=1))


def leaving(times: ArrayLike, causes: ArrayLike, n_causes: int = 1) -> LeavingCounts:
    """Count by time. ``causes``: 0 censored, 1 … the kind of event. At a tie events come before censorings.

    >>> leaving([2, 1, 2, 3], [1, 0, 1, 0]).at_risk.tolist()
    [4.0, 3.0, 1.0]
    """
    time = column("times", times)
    cause = column("causes", causes)
    same_length(times=time, causes=cause)
    if time.min() < 0:
        raise OutOfRange("times", "A time lies before the start.", "Count from the start: 0 or more.")
    kinds = cause.astype(np.int64)
    if (kinds != cause).any() or kinds.min() < 0 or kinds.max() > n_causes:
        raise OutOfRange("causes", f"A cause is a whole number from 0 to {n_causes}.", "Code 0 as censored.")
    distinct, place = _distinct(time)
    counted = np.bincount(place * (n_causes + 1) + kinds, minlength=distinct.size * (n_causes + 1))
    table = np.asarray(counted, np.float64).reshape(distinct.size, n_causes + 1)
    left = table.sum(axis=1)
    at_risk = left[::-1].cumsum()[::-1]
    return LeavingCounts(distinct, at_risk, table[:, 1:], table[:, CENSORED])


def _distinct(time: Array) -> tuple[Array, NDArray[np.int64]]:
    """Distinct values and each row's place among them; whole small numbers need no sorting."""
    whole = time.astype(np.int64)
    if time.max() < LARGEST_TABLE and (whole == time).all():
        present = np.bincount(whole) > 0
        place = np.cumsum(present) - 1
        return np.flatnonzero(present).astype(np.float64), place[whole]
    values, place = np.unique(time, return_inverse=True)
    return values, place.astype(np.int64)
