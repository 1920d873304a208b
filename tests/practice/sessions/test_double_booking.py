"""The database itself refuses two hours at once, on either engine, whoever looked first and whatever Python saw."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from tests.factories.people import AT, Course, a_course, a_therapist

from rapport.clinical.sessions.attendance import Attendance
from rapport.practice.organisation.models import Room
from rapport.practice.security.policy.actor import Actor
from rapport.practice.sessions import actions
from rapport.practice.sessions.actions import scribe
from rapport.practice.sessions.models import TherapySession

MINUTE = timedelta(minutes=1)
Pair = tuple[TherapySession, TherapySession]


def a_row(course: Course, minutes: int = 0, *, by: Actor | None = None, room: UUID | None = None) -> TherapySession:
    """An hour as a row that nobody checked."""
    start = AT + minutes * MINUTE
    return TherapySession(
        episode_id=course.episode,
        client_id=course.client,
        therapist_id=(by or course.therapist).account,
        planned_start=start,
        planned_end=start + 50 * MINUTE,
        place="room",
        room_id=room,
        state="planned",
        created_at=AT,
    )


def of_therapist() -> Pair:
    therapist = a_therapist()
    return a_row(a_course(therapist)), a_row(a_course(therapist, "Amina Bello"), 30)


def of_client() -> Pair:
    course = a_course(a_therapist())
    return a_row(course), a_row(course, 30, by=a_therapist("Ruth Other"))


def in_room() -> Pair:
    room = Room.objects.create(name="Two", added_at=AT)
    other = a_course(a_therapist("Ruth Other"), "Amina Bello")
    return a_row(a_course(a_therapist()), room=room.id), a_row(other, 30, room=room.id)


CLASHES = [
    (of_therapist, "no_two_sessions_of_therapist"),
    (of_client, "no_two_sessions_of_client"),
    (in_room, "no_two_sessions_in_room"),
]


@pytest.mark.parametrize(("pair", "name"), CLASHES)
@pytest.mark.parametrize("order", [1, -1])
def test_rows_that_overlap_are_refused_by_name(pair: Callable[[], Pair], name: str, order: int) -> None:
    first, second = pair()[::order]
    first.save(force_insert=True)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        TherapySession.objects.bulk_create([second])
    assert TherapySession.objects.count() == 1


@pytest.mark.parametrize(("pair", "name"), CLASHES)
def test_a_change_that_would_overlap_is_refused_too(pair: Callable[[], Pair], name: str) -> None:
    first, second = pair()
    second.state = "cancelled"
    TherapySession.objects.bulk_create([first, second])
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        TherapySession.objects.filter(id=second.id).update(state="planned")
    TherapySession.objects.filter(id=second.id).update(
        state="planned", planned_start=second.planned_start + 20 * MINUTE, planned_end=second.planned_end + 20 * MINUTE
    )
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        TherapySession.objects.filter(id=second.id).update(planned_start=AT + 49 * MINUTE)


@pytest.mark.parametrize(("pair", "name"), CLASHES)
def test_the_database_s_refusal_is_a_refusal_with_a_name(
    pair: Callable[[], Pair], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = pair()
    first.save(force_insert=True)
    monkeypatch.setattr(scribe, "refuse_clash", lambda session: None)
    booker = a_course(a_therapist("Nora Elsewhere"), "Lena Thal").therapist
    writes = scribe.Scribe(booker, AT)
    with pytest.raises(scribe.CONSTRAINTS[name]), transaction.atomic():
        writes.place(second, "")


def test_the_client_of_a_session_is_that_of_its_episode() -> None:
    row, other = a_row(a_course(a_therapist())), a_course(a_therapist("Ruth Other"), "Amina Bello")
    row.client_id = other.client
    with pytest.raises(IntegrityError, match="client_is_of_the_episode"), transaction.atomic():
        row.save(force_insert=True)


def test_an_hour_whose_time_was_given_away_cannot_be_put_back() -> None:
    therapist = a_therapist()
    first, second = a_row(a_course(therapist)), a_row(a_course(therapist, "Amina Bello"), 30)
    first.state, first.attendance = "cancelled", "cancelled_in_notice"
    TherapySession.objects.bulk_create([first, second])
    with pytest.raises(actions.TherapistBusy):
        actions.correct_session(
            actor=therapist,
            at=AT + timedelta(days=1),
            session_id=first.id,
            attendance=Attendance.ATTENDED,
            reason="came after all",
            started_at=AT,
            ended_at=AT + 50 * MINUTE,
        )
