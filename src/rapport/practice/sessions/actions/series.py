"""A series of hours in wall time: nine o'clock stays nine o'clock when the clocks change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from rapport.clinical.kernel.errors import OutOfRange
from rapport.clinical.sessions.recurrence import Occurrence, Slot, occurrences
from rapport.clinical.sessions.recurrence import Series as Pattern
from rapport.clinical.sessions.states import Place, SessionState
from rapport.practice.foundation.models import own_id
from rapport.practice.organisation.models import Room
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.security.audit import trail
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.actions.scribe import Scribe
from rapport.practice.sessions.actions.telling import tell_client, tell_of_all
from rapport.practice.sessions.choices import StepKind, Telling
from rapport.practice.sessions.models import Series, SeriesException, SeriesSlot, TherapySession
from rapport.practice.sessions.rules import (
    LONGEST_SERIES,
    DiaryRefusal,
    StateMoved,
    check_hours,
    episodes_within,
    open_room,
    refuse_clash,
)


class SeriesClashes(DiaryRefusal):
    """Some days of the series are taken. They can be left out, by name."""

    def __init__(self, days: dict[date, DiaryRefusal]) -> None:
        super().__init__("Some days of the series are taken.")
        self.days = days


@action
def book_series(
    *,
    actor: Actor,
    at: datetime,
    episode_id: UUID,
    first_day: date,
    slots: tuple[Slot, ...],
    length_minutes: int,
    count: int,
    every_weeks: int = 1,
    leave_out: frozenset[date] = frozenset(),
    therapist_id: UUID | None = None,
    place: Place = Place.ROOM,
    place_words: str = "",
    room_id: UUID | None = None,
    key: UUID | None = None,
) -> UUID:
    """Book a whole series, all or nothing. Days that are taken are named; days left out count towards `count`."""
    scribe = Scribe(actor, at)
    episode = scribe.episode(episode_id, "series")
    pattern = _pattern(first_day, slots, length_minutes, every_weeks, count, leave_out)
    facts = {
        "episode": episode, "therapist_id": therapist_id or actor.account, "zone": pattern.zone, "first_day": first_day,
        "every_weeks": every_weeks, "length_minutes": length_minutes, "count": count, "created_at": at,
        "created_by": actor.account,
    }  # fmt: skip
    series, is_new = Series.objects.get_or_create(id=own_id(episode.id, key), defaults=facts)
    if not is_new:
        return series.id
    _write_pattern(series, slots, leave_out)
    sessions = _sessions(series, pattern, place, open_room(room_id))
    _refuse_clashes(sessions)
    for session in sessions:
        scribe.place(session, place_words)
    tell_of_all(actor=actor, at=at, sessions=sessions, kind=Telling.BOOKED, cause=f"series {series.id}")
    client_id = episode.client_id
    trail.record(actor=actor, action="create", object_type="series", object_id=series.id, client=client_id, at=at)
    return series.id


def _sessions(series: Series, pattern: Pattern, place: Place, room: Room | None) -> list[TherapySession]:
    return [
        TherapySession(
            episode=series.episode,
            client_id=series.episode.client_id,
            therapist_id=series.therapist_id,
            series=series,
            series_day=hour.day,
            planned_start=hour.period.start,
            planned_end=hour.period.start + timedelta(minutes=series.length_minutes),
            place=place,
            room=room,
            state=SessionState.PLANNED,
            created_at=series.created_at,
        )
        for hour in _hours(pattern)
    ]


@action
def skip_series_day(*, actor: Actor, at: datetime, session_id: UUID, reason: str = "") -> None:
    """Let one day of a series fall out before it comes, a holiday for instance. Nobody cancelled."""
    scribe = Scribe(actor, at)
    session = scribe.appointment(session_id)
    if session.state == SessionState.RESCHEDULED:
        return
    if session.state != SessionState.PLANNED or session.series_id is None or session.series_day is None:
        raise StateMoved("Only a planned session of a series can fall out.")
    SeriesException.objects.update_or_create(
        series_id=session.series_id,
        day=session.series_day,
        defaults={"moved_to": None, "created_at": at, "created_by": actor.account},
    )
    session.state = SessionState.RESCHEDULED
    scribe.save(session)
    scribe.step(session, StepKind.LEFT_OUT, reason=reason)
    tell_client(actor=actor, at=at, session=session, kind=Telling.CANCELLED, cause=f"v{session.version}")


@action
def end_series(*, actor: Actor, at: datetime, series_id: UUID, reason: str = "") -> int:
    """End a series: its planned hours from now on fall out, and the client is told. Returns how many did."""
    series = Series.objects.filter(id=series_id, episode__in=episodes_within(actor, at)).first()
    if series is None:
        raise not_found(actor, "edit", Thing("series", id=series_id), at=at)
    client_id = series.episode.client_id
    require(actor, "edit", Thing("series", id=series_id, client=client_id), at=at)
    scribe = Scribe(actor, at)
    rows = TherapySession.objects.select_related("episode").filter(series=series, state=SessionState.PLANNED)
    ended = list(rows.filter(planned_start__gte=at).order_by("planned_start"))
    for session in ended:
        session.state = SessionState.RESCHEDULED
        scribe.save(session)
        scribe.step(session, StepKind.LEFT_OUT, reason=reason)
    Series.objects.filter(id=series_id, ended_at=None).update(ended_at=at, ended_by=actor.account)
    tell_of_all(actor=actor, at=at, sessions=ended, kind=Telling.CANCELLED, cause=f"series {series_id}")
    trail.record(actor=actor, action="end", object_type="series", object_id=series_id, client=client_id, at=at)
    return len(ended)


def _write_pattern(series: Series, slots: tuple[Slot, ...], leave_out: frozenset[date]) -> None:
    SeriesSlot.objects.bulk_create(SeriesSlot(series=series, weekday=slot.weekday, wall_time=slot.at) for slot in slots)
    SeriesException.objects.bulk_create(
        SeriesException(series=series, day=day, created_at=series.created_at, created_by=series.created_by)
        for day in sorted(leave_out)
    )


def _pattern(
    first_day: date, slots: tuple[Slot, ...], length: int, every_weeks: int, count: int, leave_out: Iterable[date]
) -> Pattern:
    if not 1 <= count <= LONGEST_SERIES:
        raise OutOfRange("count", "A series has 1 to 104 sessions.", "Give a number up to 104.")
    zone = str(practice_zone())
    return Pattern(zone, first_day, slots, length, every_weeks, count=count, skips=frozenset(leave_out))


def _hours(pattern: Pattern) -> tuple[Occurrence, ...]:
    first = datetime.combine(pattern.first_day, datetime.min.time(), practice_zone())
    weeks = (pattern.count or 1) * pattern.every_weeks + 1
    return occurrences(pattern, first, first + timedelta(weeks=weeks))


def _refuse_clashes(sessions: Iterable[TherapySession]) -> None:
    taken: dict[date, DiaryRefusal] = {}
    for session in sessions:
        check_hours(session.planned_start, session.planned_end)
        try:
            refuse_clash(session)
        except DiaryRefusal as refusal:
            if session.series_day:
                taken[session.series_day] = refusal
    if taken:
        raise SeriesClashes(taken)
