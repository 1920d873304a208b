"""First and last score of every episode on every measure, and the day of the first reliable improvement.

One pass over the scores: they are in the order of time, so writing row numbers into one slot per episode and measure
leaves the last of each, and writing them backwards the first. No sorting, no grouping.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rapport.clinical.outcomes.service.table import NEVER, Days, ServiceTable, pieces
from rapport.clinical.outcomes.yardstick import Basis, Yardstick
from rapport.clinical.statistics.sample import Array

Flags = NDArray[np.bool_]
Values = NDArray[np.float32]
Rows = NDArray[np.intp]
DECIMALS = 4  # single precision keeps as many of every score below 1,000
TOLERANCE = 1e-9  # 2.40 − 1.67 must count as 0.73
HALF_A_DECIMAL = 5e-5


@dataclass(frozen=True, slots=True)
class Ends:
    """One row per measure, one column per episode; NaN and NEVER where there is no score.

    ``paired``: two scores on two different days.
    """

    first: Values
    last: Values
    first_day: Days
    last_day: Days
    paired: Flags


def ends_of(table: ServiceTable) -> Ends:
    """Read the ends of every course, in pieces that stay in the cache."""
    n = table.n_episodes
    shape = len(table.measures), n
    last = np.full(shape[0] * n, -1, np.int32)
    first = last.copy()
    for here in pieces(table.n_scores):
        slot = table.score_measure[here].astype(np.intp)
        slot *= n
        slot += table.score_episode[here]
        rows = np.arange(here.start, here.stop, dtype=np.int32)
        last[slot] = rows
        new = first.take(slot) < 0
        first[slot[new][::-1]] = rows[new][::-1]
    none = np.flatnonzero(last < 0)
    values, days = table.score_value, table.score_day
    if not table.n_scores:
        values, days = np.full(1, np.nan, np.float32), np.full(1, NEVER, np.int32)

    def value(at: NDArray[np.int32]) -> Values:
        found = values.take(at, mode="wrap")
        found[none] = np.nan
        return found.reshape(shape)

    def day(at: NDArray[np.int32]) -> Days:
        found = days.take(at, mode="wrap")
        found[none] = NEVER
        return found.reshape(shape)

    first_day, last_day = day(first), day(last)
    return Ends(value(first), value(last), first_day, last_day, last_day > first_day)


def written(scores: Values) -> Array:
    """The scores as somebody wrote them, in double precision: single precision made 2.4000001 of 2.4.

    >>> written(np.array([2.4, 40.1], np.float32)).tolist()
    [2.4, 40.1]
    """
    return np.asarray(np.round(scores.astype(np.float64), DECIMALS))


def reliable(first: Values, last: Values, rule: Yardstick) -> tuple[Flags, Flags]:
    """Reliably better, reliably worse; NaN is neither. The NHS counts the threshold itself, Jacobson & Truax do not."""
    if rule.least_change is None:
        nobody = np.zeros(first.shape, np.bool_)
        return nobody, nobody
    better, least = (written(last) - written(first)) * rule.direction.sign, rule.least_change
    if rule.basis is Basis.NHS:
        return better >= least - TOLERANCE, better <= TOLERANCE - least
    return better > least + TOLERANCE, better < -least - TOLERANCE


def clinical(score: Values, rule: Yardstick) -> Flags:
    """In the clinical range; NaN is not."""
    if rule.cut is None:
        return np.zeros(score.shape, np.bool_)
    worse = -rule.direction.sign * (written(score) - rule.cut)
    return np.asarray(worse >= -TOLERANCE if rule.basis is Basis.NHS else worse > TOLERANCE)


def healthy(score: Values, rule: Yardstick) -> Flags:
    """On the healthy side of the cut-off; NaN is not."""
    if rule.cut is None:
        return np.zeros(score.shape, np.bool_)
    return np.asarray(rule.direction.sign * (written(score) - rule.cut) > TOLERANCE)


def first_improvement(table: ServiceTable, first: Values, measure: int, rule: Yardstick) -> Days:
    """The first day of a reliable improvement on one measure, per episode; NEVER without one.

    ``bar`` is the score from which an improvement on the first one is reliable, eased by less than a score can differ.
    """
    found = np.full(table.n_episodes, NEVER, np.int32)
    if rule.least_change is None:
        return found
    sign, ease = rule.direction.sign, HALF_A_DECIMAL if rule.basis is Basis.NHS else -HALF_A_DECIMAL
    bar = written(first) + sign * (rule.least_change - ease)
    for here in reversed(tuple(pieces(table.n_scores))):
        episode, value = table.score_episode[here].astype(np.intp), table.score_value[here]
        needed = bar.take(episode)
        better = value >= needed if sign > 0 else value <= needed
        better &= table.score_measure[here] == measure
        hit = np.flatnonzero(better)[::-1]
        found[episode.take(hit)] = table.score_day[here].take(hit)
    return found
