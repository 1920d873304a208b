"""The way of those referred in the period, and what happened in the period."""

from __future__ import annotations

import numpy as np

from rapport.clinical.outcomes.service.ends import Flags, Rows
from rapport.clinical.outcomes.service.parts import Activity, Aside, FlowStep, Step
from rapport.clinical.outcomes.service.table import NEVER, Days, ServiceTable

TREATED_FROM = 2  # the NHS's finished course: two attended treatment sessions or more


def within(day: Days, start: int, end: int) -> Flags:
    """Days of the period: [start, end)."""
    return np.asarray((day >= start) & (day < end))


def finished_course(table: ServiceTable) -> Flags:
    """Ended, with two attended treatment sessions or more."""
    return np.asarray((table.finished != NEVER) & (table.sessions >= TREATED_FROM))


def flow(table: ServiceTable, referred: Flags, course: Flags, paired: Flags) -> tuple[FlowStep, ...]:
    """Referred in the period → started → finished a course → with two scores, each as far as the table knows."""
    started, ended = table.started != NEVER, table.finished != NEVER

    def count(*conditions: Flags) -> int:
        return int(np.count_nonzero(np.logical_and.reduce((referred, *conditions))))

    counts = [count(), count(started), count(started, course), count(started, course, paired)]
    asides = [
        ((Aside.WAITING, count(~started, ~ended)), (Aside.ENDED_BEFORE_START, count(~started, ended))),
        (
            (Aside.IN_TREATMENT, count(started, ~ended)),
            (Aside.ENDED_BEFORE_TWO_SESSIONS, count(started, ended, ~course)),
        ),
        ((Aside.NO_SECOND_SCORE, count(started, course, ~paired)),),
        (),
    ]
    before = [counts[0], *counts]
    return tuple(
        FlowStep(step, counts[each], counts[each] / before[each] if each and before[each] else None, asides[each])
        for each, step in enumerate(Step)
    )


def activity(referred: Flags, started: Rows, finished: Rows, paired: Flags) -> Activity:
    """What happened in the period."""
    both = int(np.count_nonzero(paired.take(finished)))
    return Activity(int(np.count_nonzero(referred)), started.size, finished.size, both)
