"""Breaks ahead, as the therapist and the client are told of them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.people import AT, Course, a_course, a_therapist, client_account
from tests.factories.sessions import an_hour

from rapport.clinical.sessions.breaks import Break
from rapport.practice.sessions import actions, queries
from rapport.practice.sessions.choices import BlockKind

pytestmark = pytest.mark.usefixtures("practice_in_london")
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


def hours(course: Course, *weeks: int, later: timedelta = timedelta()) -> None:
    for week in weeks:
        an_hour(course, AT + week * WEEK + later)


def of(course: Course, at: datetime, since: datetime | None = None) -> tuple[Break, ...]:
    """The breaks of one course, as its therapist is told."""
    return queries.breaks_of(viewer=course.therapist, at=at, episode_ids=[course.episode], since=since)[course.episode]


def test_a_gap_is_counted_in_the_sessions_before_it() -> None:
    course = a_course(a_therapist())
    hours(course, 1, 2, 3, 4, 7)
    (gap,) = of(course, AT)
    assert (gap.sessions, gap.weeks, gap.is_named_now, gap.is_holiday) == (4, 3, True, False)
    assert (gap.last, gap.back) == ((AT + 4 * WEEK).date(), (AT + 7 * WEEK).date())
    (nearer,) = of(course, AT + WEEK + DAY)
    assert (nearer.sessions, nearer.is_named_now) == (3, False)
    seen_from = of(course, AT, since=AT + 4 * WEEK)
    assert seen_from[0].sessions == 1


def test_a_holiday_is_a_break_also_when_nothing_is_booked_after_it() -> None:
    course = a_course(a_therapist())
    hours(course, 1, 2)
    actions.block_time(
        actor=course.therapist, at=AT, start=AT + 16 * DAY, end=AT + 30 * DAY, kind=BlockKind.HOLIDAY
    )  # fmt: skip
    (away,) = of(course, AT)
    assert (away.sessions, away.back, away.is_holiday) == (2, None, True)


def test_a_client_reads_their_own_breaks_and_nobody_else_s() -> None:
    therapist = a_therapist()
    course, other = a_course(therapist), a_course(therapist, "Amina Bello")
    hours(course, 1, 2, 5)
    hours(other, 1, 6, later=timedelta(hours=2))
    (own,) = queries.own_breaks(viewer=client_account(course), at=AT)
    assert own.back == (AT + 5 * WEEK).date()
    assert queries.own_breaks(viewer=client_account(a_course(therapist, "Lena Thal")), at=AT) == ()
    stranger = a_therapist("Ida Other")
    assert queries.breaks_of(viewer=stranger, at=AT, episode_ids=[course.episode]) == {}


def test_more_courses_cost_no_more_statements() -> None:
    therapist = a_therapist()
    courses = [a_course(therapist, f"Client {number}") for number in range(3)]
    for number, course in enumerate(courses):
        hours(course, 1, 4, later=number * timedelta(hours=1))
    counts = []
    for some in (courses[:1], courses):
        with CaptureQueriesContext(connection) as captured:
            found = queries.breaks_of(viewer=therapist, at=AT, episode_ids=[course.episode for course in some])
        assert len(found) == len(some)
        counts.append(len(captured))
    assert counts[0] == counts[1]
