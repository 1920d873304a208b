"""The diary: which hours there are, where they stand, what was said around them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db.models import QuerySet

from rapport.clinical.sessions.attendance import Attendance
from rapport.clinical.sessions.hour_effect import HourEffect, hour_effect
from rapport.clinical.sessions.states import Place, SessionState
from rapport.practice.clients.queries import names
from rapport.practice.episodes.rules import cared_for, clients_in_care
from rapport.practice.foundation.prepared import prepared
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.choices import Side
from rapport.practice.sessions.models import SessionMoment, TherapySession
from rapport.practice.sessions.models.hours import MOMENT_LABEL, PLACE_LABEL
from rapport.practice.sessions.rules import (
    TAKES_TIME,
    appointments_within,
    episodes_within,
    open_side,
    sessions_in_care,
)


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """One hour as its reader may see it. `place_words` and `effect` are empty for those who may not read them.

    In a list `place_words` is None where they were changed past the practice and do not open.
    """

    id: UUID
    episode_id: UUID
    client_id: UUID
    client_name: str
    therapist_id: UUID
    number: int | None
    planned_start: datetime
    planned_end: datetime
    started_at: datetime | None
    ended_at: datetime | None
    state: SessionState
    attendance: Attendance | None
    place: Place
    place_words: str | None
    room_name: str
    series_id: UUID | None
    version: int
    effect: HourEffect
    open_side: Side | None

    @property
    def minutes(self) -> int:
        return round((self.planned_end - self.planned_start) / timedelta(minutes=1))

    @property
    def is_off(self) -> bool:
        """Whether the hour did not take place and will not."""
        return self.state not in TAKES_TIME


def day(*, viewer: Actor, at: datetime, day: date) -> tuple[SessionFacts, ...]:
    """The viewer's own hours of one day by the practice's wall clock, in order."""
    start, end = day_bounds(viewer=viewer, at=at, day=day)
    return between(viewer=viewer, at=at, start=start, end=end)


def day_bounds(*, viewer: Actor, at: datetime, day: date) -> tuple[datetime, datetime]:
    """When a day of the practice begins and ends; on two days of the year it is not 24 hours long."""
    zone = practice_zone()
    begins = datetime.combine(day, time(), zone)
    return begins.astimezone(UTC), datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def between(*, viewer: Actor, at: datetime, start: datetime, end: datetime) -> tuple[SessionFacts, ...]:
    """The viewer's own hours that begin in [start, end)."""
    require(viewer, "list", Thing("appointment"), at=at)
    return facts_of(viewer=viewer, at=at, rows=_between(viewer, at, start, end), among_others=True)


@prepared
def _between(viewer: Actor, at: datetime, start: datetime, end: datetime) -> QuerySet[TherapySession]:
    rows = TherapySession.objects.select_related("episode", "room").filter(
        therapist_id=viewer.account,
        episode__client__in=clients_in_care(viewer, at),
        planned_start__gte=start,
        planned_start__lt=end,
    )
    return rows.order_by("planned_start")


def sessions_of(
    *, viewer: Actor, at: datetime, episode_id: UUID, among_others: bool = True
) -> tuple[SessionFacts, ...]:
    """Every hour of an episode, first to last."""
    episode = episodes_within(viewer, at).filter(id=episode_id).first()
    if episode is None:
        raise not_found(viewer, "read", Thing("episode", id=episode_id), at=at)
    require(viewer, "read", Thing("appointment", client=episode.client_id), at=at)
    trail.reading(actor=viewer, kind="appointment", client=episode.client_id, at=at)
    rows = TherapySession.objects.select_related("episode", "room").filter(episode=episode)
    return facts_of(viewer=viewer, at=at, rows=rows, among_others=among_others)


def session(*, viewer: Actor, at: datetime, session_id: UUID, among_others: bool = False) -> SessionFacts:
    """One hour; `among_others` where it is only named on the page of another."""
    row = appointments_within(viewer, at).filter(id=session_id)
    found = facts_of(viewer=viewer, at=at, rows=row, among_others=among_others)
    if not found:
        raise not_found(viewer, "read", Thing("appointment", id=session_id), at=at)
    require(viewer, "read", Thing("appointment", id=session_id, client=found[0].client_id), at=at)
    trail.reading(actor=viewer, kind="appointment", client=found[0].client_id, object_id=session_id, at=at)
    return found[0]


def room(*, viewer: Actor, at: datetime, session_id: UUID) -> SessionFacts:
    """One hour, for the therapist who holds it; a colleague in care has its card, not its room."""
    rows = sessions_in_care(viewer, at).filter(id=session_id, therapist_id=viewer.account)
    found = facts_of(viewer=viewer, at=at, rows=rows)
    if not found:
        raise not_found(viewer, "run", Thing("room", id=session_id), at=at)
    require(viewer, "run", Thing("room", id=session_id, client=found[0].client_id), at=at)
    trail.reading(actor=viewer, kind="room", client=found[0].client_id, object_id=session_id, at=at)
    return found[0]


def next_session(*, viewer: Actor, at: datetime, episode_id: UUID) -> SessionFacts | None:
    """The hour that runs or comes next in an episode."""
    return _next(sessions_of(viewer=viewer, at=at, episode_id=episode_id), at)


def own_sessions(*, viewer: Actor, at: datetime) -> tuple[SessionFacts, ...]:
    """A client's own hours, from the last week on, in order."""
    require(viewer, "read", Thing("appointment", client=viewer.client_id), at=at)
    rows = appointments_within(viewer, at).filter(
        episode__client=viewer.client_id, planned_start__gte=at - timedelta(days=7)
    )
    return facts_of(viewer=viewer, at=at, rows=rows)


def _next(sessions: Iterable[SessionFacts], at: datetime) -> SessionFacts | None:
    waiting = (SessionState.PLANNED, SessionState.RUNNING)
    return next((hour for hour in sessions if hour.state in waiting and hour.planned_end > at), None)


def facts_of(
    *, viewer: Actor, at: datetime, rows: Iterable[TherapySession], effects: bool = True, among_others: bool = False
) -> tuple[SessionFacts, ...]:
    """Rows as facts, in order: names and words are opened once for all; what the hours did only where it is shown.

    What was changed past the practice is SealBroken, or `among_others` left out.
    """
    found = sorted(rows, key=lambda row: row.planned_start)
    clients = {row.episode.client_id for row in found}
    readable: set[UUID | None] = {viewer.client_id, *cared_for(viewer, at)}
    called = names(viewer=viewer, at=at, client_ids=clients)
    number = _numbers({row.episode_id for row in found})
    own = [row for row in found if row.episode.client_id in readable]
    did = _effects(own, among_others) if effects else {}
    words = {row.id: _place_words(row, among_others) for row in own}
    return tuple(
        _facts(row, called.get(row.episode.client_id, ""), number.get(row.id), did.get(row.id), at, words)
        for row in found
    )


def _place_words(row: TherapySession, among_others: bool) -> str | None:
    if row.place_sealed is None:
        return ""
    sealed = keys.client(row.episode.client_id), PLACE_LABEL, row.id, row.place_sealed
    return keys.unseal_or(None, *sealed) if among_others else keys.unseal(*sealed)


def _facts(
    row: TherapySession,
    name: str,
    number: int | None,
    effect: HourEffect | None,
    at: datetime,
    words: dict[UUID, str | None],
) -> SessionFacts:
    is_open = row.state in TAKES_TIME
    return SessionFacts(
        id=row.id,
        episode_id=row.episode_id,
        client_id=row.episode.client_id,
        client_name=name,
        therapist_id=row.therapist_id,
        number=number,
        planned_start=row.planned_start,
        planned_end=row.planned_end,
        started_at=row.started_at,
        ended_at=row.ended_at,
        state=SessionState(row.state),
        attendance=Attendance(row.attendance) if row.attendance else None,
        place=Place(row.place),
        place_words=words.get(row.id, ""),
        room_name=row.room.name if row.room else "",
        series_id=row.series_id,
        version=row.version,
        effect=effect or hour_effect(None, None),
        open_side=open_side(row.planned_start, row.planned_end, row.started_at, row.ended_at, at) if is_open else None,
    )


def _numbers(episodes: set[UUID]) -> dict[UUID, int]:
    """Which session of its episode each hour is; hours that fell out are not counted."""
    counted: dict[UUID, int] = {}
    number: dict[UUID, int] = {}
    for session_id, episode_id in _that_count(episodes):
        counted[episode_id] = counted.get(episode_id, 0) + 1
        number[session_id] = counted[episode_id]
    return number


@prepared
def _that_count(episodes: Collection[UUID]) -> QuerySet[TherapySession, tuple[UUID, UUID]]:
    rows = TherapySession.objects.filter(episode__in=episodes, state__in=TAKES_TIME).order_by("planned_start")
    return rows.values_list("id", "episode_id")


def _effects(sessions: list[TherapySession], among_others: bool) -> dict[UUID, HourEffect]:
    """The hour's own effect of each session, from the last word given on each side."""
    client_of = {row.id: row.episode.client_id for row in sessions}
    said: dict[UUID, dict[Side, int | None]] = {}
    for moment in _moments({*client_of}):
        sealed = keys.client(client_of[moment.session_id]), MOMENT_LABEL, moment.id, moment.value_sealed
        value = keys.unseal_data_or(None, *sealed) if among_others else keys.unseal_data(*sealed)
        said.setdefault(moment.session_id, {})[Side(moment.side)] = value
    return {key: hour_effect(sides.get(Side.BEFORE), sides.get(Side.AFTER)) for key, sides in said.items()}


@prepared
def _moments(sessions: Collection[UUID]) -> QuerySet[SessionMoment]:
    return SessionMoment.objects.filter(session__in=sessions).order_by("recorded_at")
