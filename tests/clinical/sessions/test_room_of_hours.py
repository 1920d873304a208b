"""Plans of the hour, marks, threads and the lists of interventions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.clinical.episodes.modality import Modality
from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.sessions.room.interventions import Family, Mode, everything, interventions_for
from rapport.clinical.sessions.room.marks import MarkKind, Moment, at_the_door, can_be_taken_back, minute_of
from rapport.clinical.sessions.room.plans import SHORTEST, Phase, plan_of
from rapport.clinical.sessions.room.threads import ThreadStatus, for_the_next_hour, in_order

NINE = datetime(2026, 3, 4, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("length", "minutes"),
    [(30, [3, 3, 4, 14, 3, 3]), (45, [5, 5, 7, 18, 5, 5]), (50, [5, 5, 7, 23, 5, 5]), (60, [5, 5, 8, 30, 6, 6])],
)
def test_the_table_of_plans(length: int, minutes: list[int]) -> None:
    assert [part.ends - part.begins for part in plan_of(length)] == minutes


@given(st.integers(SHORTEST, 240), st.booleans())
def test_a_plan_fills_its_hour_without_a_gap(minutes: int, is_open: bool) -> None:
    plan = plan_of(minutes, is_open=is_open)
    assert (plan[0].begins, plan[-1].ends) == (0, minutes)
    assert all(one.ends == two.begins for one, two in pairwise(plan))
    assert all(part.ends > part.begins for part in plan)
    if is_open:
        assert [part.phase for part in plan] == [Phase.ARRIVE, Phase.MAIN, Phase.CLOSE]


def test_an_hour_of_a_few_minutes_has_no_plan() -> None:
    with pytest.raises(ClinicalError):
        plan_of(SHORTEST - 1)


@given(st.lists(st.tuples(st.sampled_from(MarkKind), st.integers(0, 60))))
def test_at_the_door_is_what_was_marked_in_the_last_five_minutes(said: list[tuple[MarkKind, int]]) -> None:
    marks = [Moment(kind, NINE + minute * MINUTE) for kind, minute in said]
    found = at_the_door(marks, NINE + 50 * MINUTE)
    assert sorted(mark.at for mark in found) == [mark.at for mark in found]
    assert len(found) == sum(kind is not MarkKind.TASK and 45 <= minute <= 50 for kind, minute in said)


def test_minutes_and_taking_back() -> None:
    assert minute_of(NINE, NINE - MINUTE) == 0
    assert minute_of(NINE, NINE + 7.9 * MINUTE) == 7
    assert can_be_taken_back(NINE, NINE + 60 * MINUTE)
    assert not can_be_taken_back(NINE, NINE + 61 * MINUTE)


@dataclass(frozen=True, slots=True)
class Line:
    status: ThreadStatus
    importance: int
    opened_at: datetime


@given(st.lists(st.builds(Line, st.sampled_from(ThreadStatus), st.integers(1, 3), st.datetimes())))
def test_threads_come_in_order_and_at_most_five(threads: list[Line]) -> None:
    ordered = in_order(threads)
    assert sorted(map(repr, ordered)) == sorted(map(repr, threads))
    first = for_the_next_hour(threads)
    open_ones = [thread for thread in ordered if thread.status is ThreadStatus.OPEN]
    assert list(first) == open_ones[:5]
    for one, two in pairwise(open_ones):
        assert (-one.importance, one.opened_at) <= (-two.importance, two.opened_at)


def test_the_lists_cover_every_family_and_mode() -> None:
    known = everything().values()
    assert {each.family for each in known} == set(Family)
    assert {each.mode for each in known} == set(Mode)
    assert all(each.name[0].isupper() and len(each.name) <= 40 for each in known)
    assert len({each.name for each in known}) == len(known)


def test_a_method_has_its_own_and_what_belongs_to_all() -> None:
    psychodynamic = {each.code for each in interventions_for(Modality.PSYCHODYNAMIC)}
    assert {"interpreting", "silence", "listening", "safety_asked"} <= psychodynamic
    assert not {"thought_record", "induction"} & psychodynamic
    assert {each.code for each in interventions_for(None)} == set(everything())
    assert [each.family for each in interventions_for(Modality.CBT)] == sorted(
        (each.family for each in interventions_for(Modality.CBT)), key=list(Family).index
    )
