"""This one and the following: a series goes on at another time, or in another place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.sessions.continuing import Continued, continue_from
from rapport.clinical.sessions.recurrence import Occurrence, Slot, occurrences
from rapport.clinical.sessions.recurrence import Series as Pattern
from rapport.clinical.sessions.states import Place, SessionState
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.actions.scribe import Scribe
from rapport.practice.sessions.actions.series import SeriesClashes
from rapport.practice.sessions.actions.telling import tell_of_all
from rapport.practice.sessions.choices import StepKind, Telling
from rapport.practice.sessions.models import Series, SeriesException, SeriesSlot, TherapySession
from rapport.practice.sessions.models.hours import PLACE_LABEL
from rapport.practice.sessions.rules import (
    DiaryRefusal,
    NoSeries,
    NoSuchContinuation,
    StateMoved,
    check_hours,
    open_room,
    refuse_clash,
)


@action
def move_following(
    *,
    actor: Actor,
    at: datetime,
    session_id: UUID,
    start: datetime,
    end: datetime,
    leave_out: frozenset[date] = frozenset(),
) -> UUID:
    """Hold this hour of a series and all that follow at another wall time: the series ends here, a new one goes on.

    All or nothing. Days that are taken are named as they would become; days left out fall out. Hours that were moved
    on their own before keep their time. What is past stays as it was.
    """
    scribe = Scribe(actor, at)
    session = scribe.appointment(session_id)
    old = _series_of(scribe, session)
    check_hours(start, end)
    minutes = round((end - start) / timedelta(minutes=1))
    pattern = _pattern(old)
    day = session.series_day or start.date()
    try:
        done = continue_from(pattern, day, _wall(start, pattern.zone), minutes, leave_out)
    except ClinicalError as error:
        raise NoSuchContinuation(error.message) from error
    is_as_asked = (session.planned_start, session.planned_end) == (start, end) and not leave_out
    if is_as_asked and (done.after.slots, minutes) == (pattern.slots, pattern.length_minutes):  # pressed twice
        return old.id
    rows = _from_here(session, at)
    new = _open(scribe, old, done, leave_out)
    moved, fallen = _go_on(scribe, rows, new, done, own_way=set(pattern.moves) - {day}, leave_out=leave_out)
    Series.objects.filter(id=old.id).update(count=done.before.count, ended_at=at, ended_by=actor.account)
    client_id = session.episode.client_id
    trail.record(actor=actor, action="move", object_type="series", object_id=old.id, client=client_id, at=at)
    trail.record(actor=actor, action="create", object_type="series", object_id=new.id, client=client_id, at=at)
    for rows, kind in ((moved, Telling.CHANGED), (fallen, Telling.CANCELLED)):
        tell_of_all(actor=actor, at=at, sessions=rows, kind=kind, cause=f"series {new.id}")
    return new.id


@action
def change_place(
    *,
    actor: Actor,
    at: datetime,
    session_id: UUID,
    place: Place,
    place_words: str = "",
    room_id: UUID | None = None,
    following: bool = False,
) -> int:
    """Meet somewhere else: this hour, or this one and the following of its series. Returns how many hours changed."""
    scribe = Scribe(actor, at)
    session = scribe.appointment(session_id)
    if session.state != SessionState.PLANNED:
        raise StateMoved("Only a planned session can be held elsewhere.")
    if following:
        _series_of(scribe, session)
    room = open_room(room_id)
    rows = _from_here(session, at) if following else [session]
    for row in rows:
        row.place, row.room = place, room
    _name_clashes(rows, lambda row: row.series_day or row.planned_start.date(), besides=())
    drawer = keys.client(session.episode.client_id)
    for row in rows:
        row.place_sealed = keys.seal(drawer, PLACE_LABEL, row.id, place_words.strip()) if place_words.strip() else None
        scribe.save(row)
        scribe.step(row, StepKind.PLACE_CHANGED, code=place)
    return len(rows)


def _series_of(scribe: Scribe, session: TherapySession) -> Series:
    if session.state != SessionState.PLANNED:
        raise StateMoved("Only a planned session can be moved.")
    if session.series_id is None or session.series_day is None:
        raise NoSeries("This session stands alone.")
    thing = Thing("series", id=session.series_id, client=session.episode.client_id)
    require(scribe.actor, "edit", thing, at=scribe.at)
    return Series.objects.select_for_update(no_key=True).get(id=session.series_id)


def _pattern(series: Series) -> Pattern:
    """The rule of a series with its exceptions, as the clinical floor reads it."""
    said = list(SeriesException.objects.filter(series=series))
    return Pattern(
        series.zone,
        series.first_day,
        tuple(Slot(slot.weekday, slot.wall_time) for slot in SeriesSlot.objects.filter(series=series)),
        series.length_minutes,
        series.every_weeks,
        count=series.count,
        skips=frozenset(each.day for each in said if each.moved_to is None),
        moves=MappingProxyType({each.day: _wall(each.moved_to, series.zone) for each in said if each.moved_to}),
    )


def _wall(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _from_here(session: TherapySession, at: datetime) -> list[TherapySession]:
    """The planned hours of a series from this one on, in order; nothing of the past."""
    rows = TherapySession.objects.select_related("episode").filter(
        Q(id=session.id) | Q(planned_start__gte=at),
        series=session.series,
        series_day__gte=session.series_day,
        state=SessionState.PLANNED,
    )
    return list(rows.order_by("planned_start"))


def _open(scribe: Scribe, old: Series, done: Continued, leave_out: frozenset[date]) -> Series:
    """The series that goes on."""
    after = done.after
    new = Series.objects.create(
        episode_id=old.episode_id,
        therapist_id=old.therapist_id,
        zone=after.zone,
        first_day=after.first_day,
        every_weeks=after.every_weeks,
        length_minutes=after.length_minutes,
        count=after.count or 0,
        created_at=scribe.at,
        created_by=scribe.actor.account,
        continues=old,
    )
    SeriesSlot.objects.bulk_create(
        SeriesSlot(series=new, weekday=each.weekday, wall_time=each.at) for each in after.slots
    )
    exceptions: dict[date, datetime | None] = dict.fromkeys(sorted(after.skips | leave_out))
    exceptions |= {day: wall.replace(tzinfo=ZoneInfo(after.zone)).astimezone(UTC) for day, wall in after.moves.items()}
    SeriesException.objects.bulk_create(
        SeriesException(series=new, day=day, moved_to=moved_to, created_at=scribe.at, created_by=scribe.actor.account)
        for day, moved_to in exceptions.items()
    )
    return new


def _go_on(
    scribe: Scribe,
    rows: list[TherapySession],
    new: Series,
    done: Continued,
    *,
    own_way: set[date],
    leave_out: frozenset[date],
) -> tuple[list[TherapySession], list[TherapySession]]:
    """Take the hours over into the series that goes on, at its times; return what moved and what fell out."""
    hours = {hour.day: hour for hour in _all_of(done.after)}
    moving, staying, falling = [], [], []
    for row in rows:
        old_day = row.series_day
        if old_day is None:
            continue
        row.series, row.series_day = new, done.days[old_day]
        hour = hours.get(row.series_day)
        end = hour.period.start + timedelta(minutes=done.after.length_minutes) if hour else row.planned_end
        if row.series_day in leave_out:
            falling.append(row)
        elif hour is None or old_day in own_way or (row.planned_start, row.planned_end) == (hour.period.start, end):
            staying.append(row)
        else:
            row.planned_start, row.planned_end = hour.period.start, end
            moving.append(row)
    _name_clashes(moving, lambda row: row.series_day, besides=[row.id for row in (*moving, *falling)])
    for row in falling:
        row.state = SessionState.RESCHEDULED
        scribe.save(row)
        scribe.step(row, StepKind.LEFT_OUT)
    for row in staying:
        scribe.save(row)
    for row in _in_free_order(moving):
        scribe.save(row)
        scribe.step(row, StepKind.MOVED, starts_at=row.planned_start, ends_at=row.planned_end)
    return moving, falling


def _all_of(series: Pattern) -> tuple[Occurrence, ...]:
    first = datetime.combine(series.first_day, time(), UTC) - timedelta(days=2)
    return occurrences(series, first, first + timedelta(weeks=(series.count or 1) * series.every_weeks + 2))


def _in_free_order(rows: list[TherapySession]) -> list[TherapySession]:
    """Later hours first when the series moves on, so that no hour steps on the place of the next one."""
    kept = dict(TherapySession.objects.filter(id__in=[row.id for row in rows]).values_list("id", "planned_start"))
    ordered = sorted(rows, key=lambda row: kept[row.id])
    is_later = bool(ordered) and ordered[0].planned_start > kept[ordered[0].id]
    return ordered[::-1] if is_later else ordered


def _name_clashes(
    rows: Iterable[TherapySession], day_of: Callable[[TherapySession], date | None], besides: list[UUID] | tuple[()]
) -> None:
    """Refuse with every day that is taken, by name."""
    taken: dict[date, DiaryRefusal] = {}
    for row in rows:
        day = day_of(row)
        try:
            refuse_clash(row, besides)
        except DiaryRefusal as refusal:
            if day is None or row.series_id is None:
                raise
            taken[day] = refusal
    if taken:
        raise SeriesClashes(taken)
