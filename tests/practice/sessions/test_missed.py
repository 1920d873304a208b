"""Missed hours: a call on the day, a letter perhaps, and never a verdict."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from tests.factories.people import AT, Course, a_course, a_therapist
from tests.factories.sessions import a_held_hour, an_hour

from rapport.clinical.safety.plan import STEPS
from rapport.clinical.sessions.attendance import CancelledBy
from rapport.clinical.sessions.room.marks import MarkKind
from rapport.practice.safety.actions import write_safety_plan
from rapport.practice.safety.choices import PlanEntry
from rapport.practice.sessions import actions, queries

START = datetime(2026, 3, 5, 10, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture
def course() -> Course:
    return a_course(a_therapist())


def missed(course: Course, start: datetime = START) -> UUID:
    session = an_hour(course, start)
    actions.record_missed(actor=course.therapist, at=start, session_id=session)
    return session


def asks(course: Course, at: datetime = START) -> tuple[queries.MissedHour, ...]:
    return queries.missed_hours(viewer=course.therapist, at=at)


def test_one_missed_hour_asks_for_contact_on_the_day_and_no_longer(course: Course) -> None:
    session = missed(course)
    (found,) = asks(course)
    assert (found.session_id, found.is_fresh, found.call_today) == (session, True, False)
    assert (found.in_a_row, found.asks_for_a_review) == (1, False)
    assert asks(course, START + timedelta(days=1)) == ()


def test_two_in_a_row_suggest_a_letter_until_they_come_again(course: Course) -> None:
    missed(course)
    off = an_hour(course, START + WEEK)
    actions.cancel_session(actor=course.therapist, at=START, session_id=off, by=CancelledBy.THERAPIST)
    late = an_hour(course, START + 2 * WEEK)
    at = START + 2 * WEEK - timedelta(hours=1)
    actions.cancel_session(actor=course.therapist, at=at, session_id=late, by=CancelledBy.CLIENT)
    (found,) = asks(course, START + 2 * WEEK)
    assert (found.in_a_row, found.asks_for_a_review, found.is_fresh) == (2, True, False)
    assert queries.course_of_hours(viewer=course.therapist, at=AT, episode_id=course.episode).asks_for_a_review
    a_held_hour(course, START + 3 * WEEK)
    assert asks(course, START + 3 * WEEK) == ()


def test_with_a_safety_plan_somebody_calls_the_same_day(course: Course) -> None:
    missed(course)
    write_safety_plan(
        actor=course.therapist,
        at=AT,
        client_id=course.client,
        steps={step: (PlanEntry("A walk", ""),) for step in STEPS},
        based_on=0,
    )
    assert [found.call_today for found in asks(course)] == [True]


def test_after_an_hour_marked_with_a_rupture_it_may_be_one(course: Course) -> None:
    held = a_held_hour(course, START)
    actions.set_mark(actor=course.therapist, at=START, session_id=held, key=uuid4(), kind=MarkKind.RUPTURE)
    missed(course, START + WEEK)
    assert [found.after_rupture for found in asks(course, START + WEEK)] == [True]


def test_a_stranger_sees_nothing(course: Course) -> None:
    missed(course)
    assert queries.missed_hours(viewer=a_therapist("Ida Other"), at=START) == ()
