"""This one and the following: the series goes on at another wall time; what is past stays."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from tests.factories.people import AT, Course, a_course, a_therapist
from tests.factories.sessions import MINUTE, an_hour

from rapport.clinical.sessions.recurrence import Slot
from rapport.clinical.sessions.states import Place
from rapport.practice.organisation.models import Room
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import NotFound
from rapport.practice.sessions import actions, queries
from rapport.practice.sessions.models import Series, SeriesException, SessionStep, TherapySession

LONDON = ZoneInfo("Europe/London")
MONDAY = date(2026, 3, 9)
pytestmark = pytest.mark.usefixtures("practice_in_london")


def a_series(course: Course, *slots: Slot, count: int = 6, every_weeks: int = 1) -> UUID:
    return actions.book_series(
        actor=course.therapist,
        at=AT,
        episode_id=course.episode,
        first_day=MONDAY,
        slots=slots or (Slot(0, time(9)),),
        length_minutes=50,
        count=count,
        every_weeks=every_weeks,
    )


def wall(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), LONDON)


def session_on(day: date) -> UUID:
    return TherapySession.objects.get(series_day=day).id


def walls(**wanted: object) -> list[str]:
    """When the planned hours are, by the wall."""
    rows = TherapySession.objects.filter(state="planned", **wanted).order_by("planned_start")
    return [row.planned_start.astimezone(LONDON).strftime("%a %d.%m %H:%M") for row in rows]


def move(course: Course, day: date, to: datetime, minutes: int = 50, **more: Any) -> UUID:
    return actions.move_following(
        actor=course.therapist,
        at=more.pop("at", AT),
        session_id=session_on(day),
        start=to,
        end=to + minutes * MINUTE,
        **more,
    )


def test_a_series_goes_on_at_its_new_wall_time_across_the_change_of_clocks() -> None:
    course = a_course(a_therapist())
    old = a_series(course)
    ids = list(TherapySession.objects.order_by("planned_start").values_list("id", flat=True))
    new = move(course, date(2026, 3, 23), wall(date(2026, 3, 24), 11, 30))
    assert walls() == [
        "Mon 09.03 09:00", "Mon 16.03 09:00",
        "Tue 24.03 11:30", "Tue 31.03 11:30", "Tue 07.04 11:30", "Tue 14.04 11:30",
    ]  # fmt: skip
    assert list(TherapySession.objects.order_by("planned_start").values_list("id", flat=True)) == ids
    assert Series.objects.get(id=new).continues_id == old
    ended = Series.objects.get(id=old)
    assert (ended.count, ended.ended_at) == (2, AT)


def test_each_moved_hour_has_its_step_and_the_series_its_events() -> None:
    course = a_course(a_therapist())
    old = a_series(course, count=3)
    new = move(course, date(2026, 3, 16), wall(date(2026, 3, 16), 10))
    kinds = [
        list(SessionStep.objects.filter(session=row).order_by("seq").values_list("kind", flat=True))
        for row in TherapySession.objects.order_by("planned_start")
    ]
    assert kinds == [["booked"], ["booked", "moved"], ["booked", "moved"]]
    events = AuditEvent.objects.filter(object_type="series").order_by("seq").values_list("action", "object_id")
    assert list(events) == [("create", old), ("move", old), ("create", new)]


def test_an_hour_steps_onto_the_place_of_the_next_one() -> None:
    course = a_course(a_therapist())
    a_series(course, count=4)
    move(course, MONDAY, wall(date(2026, 3, 16), 9))
    assert walls() == ["Mon 16.03 09:00", "Mon 23.03 09:00", "Mon 30.03 09:00", "Mon 06.04 09:00"]
    move(course, date(2026, 3, 16), wall(MONDAY, 9, 20), 60)
    assert walls() == ["Mon 09.03 09:20", "Mon 16.03 09:20", "Mon 23.03 09:20", "Mon 30.03 09:20"]


def test_pressed_twice_a_series_goes_on_once() -> None:
    course = a_course(a_therapist())
    a_series(course, count=4)
    first = move(course, date(2026, 3, 16), wall(date(2026, 3, 17), 10))
    again = actions.move_following(
        actor=course.therapist, at=AT, session_id=TherapySession.objects.get(series_day=date(2026, 3, 17)).id,
        start=wall(date(2026, 3, 17), 10), end=wall(date(2026, 3, 17), 10) + 50 * MINUTE,
    )  # fmt: skip
    assert again == first
    assert Series.objects.count() == 2


def test_of_two_sessions_a_week_one_moves() -> None:
    course = a_course(a_therapist())
    a_series(course, Slot(0, time(9)), Slot(3, time(17)), count=5)
    move(course, date(2026, 3, 16), wall(date(2026, 3, 18), 8))
    assert walls() == [
        "Mon 09.03 09:00", "Thu 12.03 17:00", "Wed 18.03 08:00", "Thu 19.03 17:00", "Wed 25.03 08:00"
    ]  # fmt: skip
    for unfit in (date(2026, 3, 26), date(2026, 3, 30)):
        with pytest.raises(actions.NoSuchContinuation):
            move(course, date(2026, 3, 25), wall(unfit, 8))


def test_every_third_week_stays_every_third_week() -> None:
    course = a_course(a_therapist())
    a_series(course, count=3, every_weeks=3)
    move(course, date(2026, 3, 30), wall(date(2026, 4, 1), 9))
    assert walls() == ["Mon 09.03 09:00", "Wed 01.04 09:00", "Wed 22.04 09:00"]


def test_what_was_moved_or_left_out_before_stays_so() -> None:
    course = a_course(a_therapist())
    a_series(course)
    who: dict[str, Any] = {"actor": course.therapist, "at": AT}
    away = wall(date(2026, 4, 2), 15)
    actions.move_session(**who, session_id=session_on(date(2026, 3, 30)), start=away, end=away + 50 * MINUTE)
    actions.skip_series_day(**who, session_id=session_on(date(2026, 4, 6)))
    new = move(course, date(2026, 3, 16), wall(date(2026, 3, 17), 10))
    assert walls() == [
        "Mon 09.03 09:00", "Tue 17.03 10:00", "Tue 24.03 10:00", "Thu 02.04 15:00", "Tue 14.04 10:00"
    ]  # fmt: skip
    said = dict(SeriesException.objects.filter(series=new).values_list("day", "moved_to"))
    assert said == {date(2026, 3, 31): away, date(2026, 4, 7): None}


def test_taken_days_are_named_and_nothing_moves_until_they_are_left_out() -> None:
    therapist = a_therapist()
    an_hour(a_course(therapist, "Amina Bello"), datetime(2026, 3, 24, 10, 30, tzinfo=UTC))
    course = a_course(therapist)
    a_series(course, count=4)
    before = walls()
    with pytest.raises(actions.SeriesClashes) as refused:
        move(course, date(2026, 3, 16), wall(date(2026, 3, 17), 10))
    taken = frozenset(refused.value.days)
    assert taken == {date(2026, 3, 24)}
    assert (walls(), Series.objects.count()) == (before, 1)
    move(course, date(2026, 3, 16), wall(date(2026, 3, 17), 10), leave_out=taken)
    assert walls(episode=course.episode) == ["Mon 09.03 09:00", "Tue 17.03 10:00", "Tue 31.03 10:00"]


def test_past_hours_are_untouched() -> None:
    course = a_course(a_therapist())
    a_series(course, count=4)
    late = wall(date(2026, 3, 20), 12)
    move(course, date(2026, 3, 23), wall(date(2026, 3, 23), 11), at=late)
    assert walls()[:2] == ["Mon 09.03 09:00", "Mon 16.03 09:00"]
    first = TherapySession.objects.get(series_day=MONDAY)
    assert SessionStep.objects.filter(session=first).count() == 1


def test_an_hour_that_stands_alone_is_followed_by_nothing() -> None:
    course = a_course(a_therapist())
    hour = an_hour(course)
    moved = {"session_id": hour, "start": AT + timedelta(days=1), "end": AT + timedelta(days=1, minutes=50)}
    with pytest.raises(actions.NoSeries):
        actions.move_following(actor=course.therapist, at=AT, **moved)
    stranger = a_therapist("Ruth Stranger")
    for unknown in (hour, uuid.uuid4()):
        with pytest.raises(NotFound, match="unknown or foreign"):
            actions.move_following(actor=stranger, at=AT, **{**moved, "session_id": unknown})
    assert AuditEvent.objects.filter(decision="deny", actor=stranger.id).count() == 2


def test_from_here_on_by_video() -> None:
    course = a_course(a_therapist())
    a_series(course, count=3)
    second = session_on(date(2026, 3, 16))
    changed = actions.change_place(
        actor=course.therapist,
        at=AT,
        session_id=second,
        place=Place.VIDEO,
        place_words="the usual link",
        following=True,
    )
    hours = queries.sessions_of(viewer=course.therapist, at=AT, episode_id=course.episode)
    assert changed == 2
    assert [(hour.place, hour.place_words) for hour in hours] == [
        (Place.ROOM, ""),
        (Place.VIDEO, "the usual link"),
        (Place.VIDEO, "the usual link"),
    ]
    assert SessionStep.objects.filter(kind="place_changed").count() == 2
    assert AuditEvent.objects.filter(action="place_changed").count() == 2


def test_a_room_that_is_taken_on_some_days_is_named() -> None:
    room = Room.objects.create(name="Two", added_at=AT)
    other = a_course(a_therapist("Ruth Other"), "Amina Bello")
    start = wall(date(2026, 3, 16), 9)
    actions.book_session(
        actor=other.therapist, at=AT, episode_id=other.episode, start=start, end=start + 50 * MINUTE, room_id=room.id
    )
    course = a_course(a_therapist())
    a_series(course, count=3)
    asked: dict[str, Any] = {
        "session_id": session_on(MONDAY),
        "place": Place.ROOM,
        "room_id": room.id,
        "following": True,
    }
    with pytest.raises(actions.SeriesClashes) as refused:
        actions.change_place(actor=course.therapist, at=AT, **asked)
    assert list(refused.value.days) == [date(2026, 3, 16)]
    assert not SessionStep.objects.filter(kind="place_changed").exists()
    with pytest.raises(NotFound):
        actions.change_place(actor=other.therapist, at=AT, **asked)
