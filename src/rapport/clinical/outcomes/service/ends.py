"""First and last score of every episode on every measure, and the day of the first reliable improvement.

One pass over the scores: they are in the order of time, so writing row numbers into one slot per episode leaves the
last of each, and writing them backwards the first. No sorting, no grouping.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rapport.clinical.outcomes.service.table import NEVER, Days, ServiceTable
from rapport.clinical.outcomes.yardstick import Basis, Yardstick

Flags = NDArray[np.bool_]
Values = NDArray[np.float32]
TOLERANCE = np.float32(1e-5)  # 2.40 − 1.67 must count as 0.73, in single precision too


@dataclass(frozen=True, slots=True)
class Ends:
    """One row per measure, one column per episode; NaN and NEVER where there is no score."""

    first: Values
    last: Values
    first_day: Days
    last_day: Days

    @property
    def paired(self) -> Flags:
        """Two scores on two different days."""
        return np.asarray((self.first_day != NEVER) & (self.last_day > self.first_day))


def slots(table: ServiceTable) -> NDArray[np.int32]:
    """Where each score belongs: measure · episodes + episode."""
    if len(table.measures) == 1:
        return table.score_episode
    return np.asarray(table.score_measure.astype(np.int32) * np.int32(table.n_episodes) + table.score_episode)


def ends_of(table: ServiceTable, slot: NDArray[np.int32]) -> Ends:
    """Read the ends of every course."""
    shape = len(table.measures), table.n_episodes
    rows = np.arange(table.n_scores, dtype=np.int32)
    last = np.full(shape[0] * shape[1], -1, np.int32)
    first = last.copy()
    last[slot] = rows
    first[slot[::-1]] = rows[::-1]
    known = last >= 0

    def taken(column: NDArray[np.generic], at: NDArray[np.int32], missing: float) -> NDArray[np.generic]:
        found = np.full(at.size, missing, column.dtype)
        found[known] = column[at[known]]
        return found.reshape(shape)

    return Ends(
        np.asarray(taken(table.score_value, first, np.nan), np.float32),
        np.asarray(taken(table.score_value, last, np.nan), np.float32),
        np.asarray(taken(table.score_day, first, NEVER), np.int32),
        np.asarray(taken(table.score_day, last, NEVER), np.int32),
    )


def reliable(change: Values, rule: Yardstick) -> tuple[Flags, Flags]:
    """Reliably better, reliably worse; NaN is neither. The NHS counts the threshold itself, Jacobson & Truax do not."""
    if rule.least_change is None:
        nobody = np.zeros(change.shape, np.bool_)
        return nobody, nobody
    better, least = change * np.float32(rule.direction.sign), np.float32(rule.least_change)
    if rule.basis is Basis.NHS:
        return better >= least - TOLERANCE, better <= TOLERANCE - least
    return better > least + TOLERANCE, better < -least - TOLERANCE


def clinical(score: Values, rule: Yardstick) -> Flags:
    """In the clinical range; NaN is not."""
    if rule.cut is None:
        return np.zeros(score.shape, np.bool_)
    sign, cut = np.float32(-rule.direction.sign), np.float32(rule.cut)
    worse = sign * (score - cut)
    return np.asarray(worse >= -TOLERANCE if rule.basis is Basis.NHS else worse > TOLERANCE)


def healthy(score: Values, rule: Yardstick) -> Flags:
    """On the healthy side of the cut-off; NaN is not."""
    if rule.cut is None:
        return np.zeros(score.shape, np.bool_)
    return np.asarray(np.float32(rule.direction.sign) * (score - np.float32(rule.cut)) > TOLERANCE)


def first_improvement(table: ServiceTable, first: Values, measure: int, rule: Yardstick) -> Days:
    """The first day of a reliable improvement on one measure, per episode; NEVER without one."""
    found = np.full(table.n_episodes, NEVER, np.int32)
    change = table.score_value - first[table.score_episode]
    better, _ = reliable(change, rule)
    if len(table.measures) > 1:
        better &= table.score_measure == measure
    hit = np.flatnonzero(better)[::-1]
    found[table.score_episode[hit]] = table.score_day[hit]
    return found
