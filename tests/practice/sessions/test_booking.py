"""The diary holds one thing at a time, and says by name what it cannot hold."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta

import pytest
from tests.factories.people import AT, a_course, a_manager, a_therapist
from tests.factories.sessions import MINUTE, an_hour

from rapport.clinical.sessions.attendance import CancelledBy
from rapport.clinical.sessions.recurrence import Slot
from rapport.practice.organisation.models import Room
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import NotFound
from rapport.practice.sessions import actions, queries
from rapport.practice.sessions.models import SessionStep, TherapySession

HOUR = timedelta(hours=1)


def test_a_booked_session_has_its_first_step_and_its_event() -> None:
    course = a_course(a_therapist())
    session = an_hour(course)
    assert [step.kind for step in SessionStep.objects.filter(session=session)] == ["booked"]
    event = AuditEvent.objects.get(object_id=session)
    assert (event.action, event.client, event.actor) == ("booked", course.client, course.therapist.id)


@pytest.mark.parametrize(
    ("minutes", "refusal"),
    [
        (0, actions.NoLength),
        (-30, actions.EndsBeforeItStarts),
        (601, actions.TooLong),
        (10 * 365 * 1440, actions.TooLong),
    ],
)
def test_impossible_lengths_are_refused_by_name(minutes: int, refusal: type[Exception]) -> None:
    course = a_course(a_therapist())
    with pytest.raises(refusal):
        an_hour(course, minutes=minutes)
    assert not TherapySession.objects.exists()


@pytest.mark.parametrize("shift", [-49, -10, 0, 10, 49])
def test_a_therapist_is_not_booked_twice(shift: int) -> None:
    therapist = a_therapist()
    an_hour(a_course(therapist))
    with pytest.raises(actions.TherapistBusy):
        an_hour(a_course(therapist, "Amina Bello"), AT + shift * MINUTE)


@pytest.mark.parametrize("shift", [-50, 50])
def test_sessions_may_meet(shift: int) -> None:
    therapist = a_therapist()
    an_hour(a_course(therapist))
    an_hour(a_course(therapist, "Amina Bello"), AT + shift * MINUTE)
    assert TherapySession.objects.count() == 2


def test_a_room_is_not_booked_twice() -> None:
    room = Room.objects.create(name="Two", added_at=AT)
    for name, refused in (("Jonas Weber", False), ("Amina Bello", True)):
        course = a_course(a_therapist(name))
        booking = {"episode_id": course.episode, "start": AT, "end": AT + HOUR, "room_id": room.id}
        if refused:
            with pytest.raises(actions.RoomBusy):
                actions.book_session(actor=course.therapist, at=AT, **booking)
        else:
            actions.book_session(actor=course.therapist, at=AT, **booking)


def test_a_cancelled_hour_is_free_again() -> None:
    therapist = a_therapist()
    first = an_hour(a_course(therapist))
    actions.cancel_session(actor=therapist, at=AT, session_id=first, by=CancelledBy.THERAPIST)
    an_hour(a_course(therapist, "Amina Bello"))


def test_the_same_request_twice_is_one_booking() -> None:
    course, key = a_course(a_therapist()), uuid.uuid4()
    booking = {"episode_id": course.episode, "start": AT, "end": AT + HOUR, "key": key}
    assert len({actions.book_session(actor=course.therapist, at=AT, **booking) for _ in range(2)}) == 1
    assert TherapySession.objects.count() == 1


def test_a_page_s_number_names_nobody_else_s_booking() -> None:
    """A09, G09: another's session sent as a page's number makes one's own booking and touches nothing of theirs."""
    theirs, mine = a_course(a_therapist("Ida Other"), "Amina Bello"), a_course(a_therapist())
    there = an_hour(theirs)
    made = actions.book_session(
        actor=mine.therapist, at=AT, episode_id=mine.episode, start=AT, end=AT + HOUR, key=there
    )
    assert made != there
    assert TherapySession.objects.get(id=there).episode_id == theirs.episode


def test_a_stranger_books_nothing_and_an_unknown_episode_sounds_the_same() -> None:
    course, stranger = a_course(a_therapist()), a_therapist("Ruth Stranger")
    for episode in (course.episode, uuid.uuid4()):
        with pytest.raises(NotFound, match="unknown or foreign"):
            actions.book_session(actor=stranger, at=AT, episode_id=episode, start=AT, end=AT + HOUR)
    assert AuditEvent.objects.filter(decision="deny", actor=stranger.id).count() == 2


def test_a_manager_books_for_a_therapist_and_reads_no_words() -> None:
    therapist, manager = a_therapist(), a_manager()
    course = a_course(therapist)
    session = actions.book_session(
        actor=manager,
        at=AT,
        episode_id=course.episode,
        start=AT,
        end=AT + HOUR,
        therapist_id=therapist.account,
        place_words="bring the letter",
    )
    assert queries.session(viewer=manager, at=AT, session_id=session).place_words == ""
    assert queries.session(viewer=therapist, at=AT, session_id=session).place_words == "bring the letter"


def test_moving_keeps_the_old_time_in_its_steps() -> None:
    course = a_course(a_therapist())
    session = an_hour(course)
    later = AT + 2 * HOUR
    actions.move_session(actor=course.therapist, at=AT, session_id=session, start=later, end=later + HOUR)
    steps = queries.steps(viewer=course.therapist, at=AT, session_id=session)
    assert [step.starts_at for step in steps] == [AT, later]


def a_series(course: object, **changed: object) -> uuid.UUID:
    first = date(2026, 3, 16)
    asked: dict[str, object] = {
        "episode_id": course.episode,  # type: ignore[attr-defined]
        "first_day": first,
        "slots": (Slot(first.weekday(), time(9)),),
        "length_minutes": 50,
        "count": 4,
        **changed,
    }
    return actions.book_series(actor=course.therapist, at=AT, **asked)  # type: ignore[attr-defined, arg-type]


def test_nine_stays_nine_when_the_clocks_change(practice_in_london: None) -> None:
    course = a_course(a_therapist())
    a_series(course)
    starts = TherapySession.objects.order_by("planned_start").values_list("planned_start", flat=True)
    assert [start.isoformat()[5:16] for start in starts] == ["03-16T09:00", "03-23T09:00", "03-30T08:00", "04-06T08:00"]


def test_a_fortnightly_series_with_a_day_left_out(practice_in_london: None) -> None:
    course = a_course(a_therapist())
    a_series(course, every_weeks=2, leave_out=frozenset({date(2026, 3, 30)}))
    days = TherapySession.objects.order_by("planned_start").values_list("series_day", flat=True)
    assert list(days) == [date(2026, 3, 16), date(2026, 4, 13), date(2026, 4, 27)]


def test_taken_days_are_named_and_nothing_is_booked_until_they_are_left_out(practice_in_london: None) -> None:
    therapist = a_therapist()
    an_hour(a_course(therapist, "Amina Bello"), datetime(2026, 3, 23, 9, 30, tzinfo=UTC))
    course = a_course(therapist)
    with pytest.raises(actions.SeriesClashes) as refused:
        a_series(course)
    assert list(refused.value.days) == [date(2026, 3, 23)]
    assert TherapySession.objects.count() == 1
    a_series(course, leave_out=frozenset(refused.value.days))
    assert TherapySession.objects.count() == 4


def test_ending_a_series_frees_what_is_to_come(practice_in_london: None) -> None:
    course = a_course(a_therapist())
    series = a_series(course)
    after = datetime(2026, 3, 24, tzinfo=UTC)
    assert actions.end_series(actor=course.therapist, at=after, series_id=series) == 2
    kept = queries.sessions_of(viewer=course.therapist, at=after, episode_id=course.episode)
    assert [hour.is_off for hour in kept] == [False, False, True, True]


def test_one_day_falls_out_of_a_series(practice_in_london: None) -> None:
    course = a_course(a_therapist())
    a_series(course)
    first = TherapySession.objects.order_by("planned_start")[0]
    actions.skip_series_day(actor=course.therapist, at=AT, session_id=first.id, reason="bank holiday")
    hours = queries.sessions_of(viewer=course.therapist, at=AT, episode_id=course.episode)
    assert [(hour.is_off, hour.number) for hour in hours] == [(True, None), (False, 1), (False, 2), (False, 3)]
