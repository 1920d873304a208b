"""Does a red signal foretell a reliable deterioration at the end? Red at any session up to t against the last score.

Only clients whose course goes on after t are counted, so that the end is still to come. Four rules side by side: the
band with reliable worsening (what Rapport shows), the band alone, reliable worsening alone, the rational rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from rapport.clinical.outcomes.batch.edges import Edges, exact_edges
from rapport.clinical.outcomes.expected_course import K68, K80
from rapport.clinical.outcomes.reliable_change import Array
from rapport.clinical.outcomes.validation.courses import CourseTable
from rapport.clinical.outcomes.yardstick import TOLERANCE, Yardstick
from rapport.clinical.statistics.two_by_two import TwoByTwo

Flags = NDArray[np.bool_]
HORIZONS = (2, 3, 4, 6, 8)


class AlarmRule(StrEnum):
    """Which rule turned a score red."""

    EXPECTED_COURSE = "expected_course"
    BAND_ONLY = "band_only"
    RELIABLE_CHANGE_ONLY = "reliable_change_only"
    RATIONAL = "rational"


@dataclass(frozen=True, slots=True)
class RedFlags:
    """Row by row: red by each rule, yellow by the band, and whether the score is reliably worse than the first."""

    red: dict[AlarmRule, Flags]
    yellow: Flags
    worse: Flags


def _badness(scores: Array, edges: Edges) -> Array:
    return scores if edges.lower else -scores


def _rational(worse_by: Array, session: Array, healthy: Flags, least: float, worse: Flags) -> Flags:
    """The rational rule, version 0, as ``read_signals`` reads it."""
    half = worse_by >= least / 2 - TOLERANCE
    stuck = (session >= 10) & (-worse_by < least)
    return np.asarray(worse | (~healthy & ((half & (session >= 5)) | stuck)))


def red_flags(table: CourseTable, rule: Yardstick, expected: Array, sd: Array) -> RedFlags:
    """Judge every score from the second on; ``expected`` and ``sd`` of its band, row by row."""
    edges = exact_edges(rule)
    bad, later = _badness(table.score, edges), table.session > 1
    worse_by = bad - _badness(table.first_of_row, edges)
    healthy = np.zeros(len(bad), bool) if edges.healthy is None else bad <= edges.healthy
    beyond = (bad - _badness(expected, edges)) / sd
    worse = later & (worse_by >= edges.least)
    band = later & ~healthy & (beyond > K80)
    red = {
        AlarmRule.EXPECTED_COURSE: band | worse,
        AlarmRule.BAND_ONLY: band,
        AlarmRule.RELIABLE_CHANGE_ONLY: worse,
        AlarmRule.RATIONAL: later & _rational(worse_by, table.session, healthy, edges.least, worse),
    }
    yellow = later & ~healthy & ~worse & (beyond > K68) & (beyond <= K80)
    return RedFlags(red, yellow, worse)


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """One rule up to session ``until``: the table, and the median session of the first alarm of those alarmed."""

    rule: AlarmRule
    until: int
    table: TwoByTwo
    first_alarm: float | None


def alarm_rows(table: CourseTable, flags: RedFlags, horizons: Sequence[int] = HORIZONS) -> tuple[AlarmRow, ...]:
    """Sensitivity and specificity of each rule for a reliable deterioration at the end."""
    ended_worse = flags.worse[table.starts[1:] - 1]
    found = []
    for until in horizons:
        counted = table.last_session > until
        for rule, red in flags.red.items():
            rows = red & (table.session <= until)
            alarmed = np.zeros(table.n_clients, bool)
            alarmed[table.client[rows]] = True
            a, o = alarmed[counted], ended_worse[counted]
            cells = (a & o, a & ~o, ~a & o, ~a & ~o)
            clients, places = np.unique(table.client[rows], return_index=True)
            firsts = table.session[rows][places][counted[clients]]
            middle = float(np.median(firsts)) if len(firsts) else None
            found.append(AlarmRow(rule, until, TwoByTwo(*(int(cell.sum()) for cell in cells)), middle))
    return tuple(found)
