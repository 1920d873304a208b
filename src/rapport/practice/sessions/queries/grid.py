"""The diary as a grid: whose hours take which time. Nothing clinical is read for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from rapport.clinical.sessions.attendance import Attendance
from rapport.clinical.sessions.free import first_gap
from rapport.clinical.sessions.states import Place, SessionState
from rapport.practice.clients.queries import names, zones
from rapport.practice.episodes.rules import care_of
from rapport.practice.organisation.choices import WorkingTime
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.security.accounts.models import Account
from rapport.practice.security.accounts.queries.accounts import name_of
from rapport.practice.security.audit import trail
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Role, Thing
from rapport.practice.sessions.models import TimeBlock
from rapport.practice.sessions.rules import TAKES_TIME, hours_within
from rapport.practice.sessions.rules.answers import says_they_come

LOOK_AHEAD = 28  # days in which the next free hour is looked for
COLUMNS = (
    "id", "client_id", "therapist_id", "room_id", "room__name", "series_id", "planned_start", "planned_end", "state",
    "attendance", "place",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class GridHour:
    """One hour as the diary shows it. Without `client_name` it is somebody else's: it only says that time is taken."""

    id: UUID
    client_id: UUID
    therapist_id: UUID
    room_id: UUID | None
    room_name: str
    series_id: UUID | None
    start: datetime
    end: datetime
    state: SessionState
    attendance: Attendance | None
    place: Place
    client_name: str
    client_zone: ZoneInfo | None
    in_care: bool
    is_confirmed: bool

    @property
    def is_off(self) -> bool:
        return self.state not in TAKES_TIME


def diary(
    *,
    viewer: Actor,
    at: datetime,
    start: datetime,
    end: datetime,
    therapist_id: UUID | None = None,
    room_id: UUID | None = None,
    in_rooms: bool = False,
) -> tuple[GridHour, ...]:
    """The hours that touch [start, end), in order: of a therapist, in a room, in all rooms, or of everybody.

    A manager sees whose hours they are; a therapist their own, and of colleagues only that a room is taken.
    """
    require(viewer, "list", Thing("appointment"), at=at)
    is_manager = Role.MANAGER in viewer.roles
    rows = hours_within(viewer, therapist_id, room_id, in_rooms=in_rooms).filter(
        planned_start__lt=end, planned_end__gt=start
    )
    found = list(rows.order_by("planned_start", "id").values_list(*COLUMNS, says_they_come()))
    in_care = set(care_of(viewer, at).values_list("client_id", flat=True))
    own = {row[1] for row in found if row[1] in in_care}
    seen = {row[1] for row in found} if is_manager else own
    called = names(viewer=viewer, at=at, client_ids=seen)
    clocks = zones(viewer=viewer, at=at, client_ids=called)
    if called and is_manager and any(row[1] not in own for row in found):
        trail.reading(actor=viewer, kind="appointment", client=None, at=at, purpose="diary")
    facts = (_hour(row, called, clocks, own) for row in found)
    return tuple(hour for hour in facts if hour.client_name or not hour.is_off)


def next_free(
    *,
    viewer: Actor,
    at: datetime,
    working: WorkingTime,
    minutes: int,
    therapist_id: UUID | None = None,
    room_id: UUID | None = None,
) -> datetime | None:
    """When a therapist or a room is free next for so long, within the practice's working hours and not kept free."""
    require(viewer, "list", Thing("appointment"), at=at)
    zone = practice_zone()
    today = at.astimezone(zone).date()
    days = [today + timedelta(days=number) for number in range(LOOK_AHEAD)]

    def instant(day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, zone).astimezone(UTC)

    openings = [(instant(day, working.start), instant(day, working.end)) for day in days if working.is_working_day(day)]
    until = instant(days[-1] + timedelta(days=1), time())
    hours = hours_within(viewer, therapist_id, room_id, in_rooms=False).filter(
        state__in=TAKES_TIME, planned_end__gt=at, planned_start__lt=until
    )
    kept_free = TimeBlock.objects.filter(voided_at=None, end__gt=at, start__lt=until)
    kept_free = kept_free.filter(Q(therapist=None) | Q(therapist=therapist_id) if therapist_id else Q(therapist=None))
    busy = [*hours.values_list("planned_start", "planned_end"), *kept_free.values_list("start", "end")]
    return first_gap(openings, busy, minutes, _next_five_minutes(at))


def diaries(*, viewer: Actor, at: datetime) -> tuple[tuple[UUID, str], ...]:
    """Whose diaries this person may open, by name: a manager those of all therapists, a therapist their own."""
    require(viewer, "list", Thing("appointment"), at=at)
    if Role.MANAGER not in viewer.roles:
        return ((viewer.account, viewer.name),)
    working = Account.objects.filter(client_id=None, disabled_at=None)
    rows = working.filter(role_grants__role=Role.THERAPIST, role_grants__ended_at=None)
    return tuple(sorted(((row.id, name_of(row)) for row in rows), key=lambda person: person[1].casefold()))


def _hour(
    row: tuple[Any, ...], called: dict[UUID, str], clocks: dict[UUID, ZoneInfo], own: Collection[UUID]
) -> GridHour:
    (key, client_id, therapist_id, room_id, room_name, series_id, start, end, state, attendance, place, comes) = row
    return GridHour(
        id=key,
        client_id=client_id,
        therapist_id=therapist_id,
        room_id=room_id,
        room_name=room_name or "",
        series_id=series_id,
        start=start,
        end=end,
        state=SessionState(state),
        attendance=Attendance(attendance) if attendance else None,
        place=Place(place),
        client_name=called.get(client_id, ""),
        client_zone=clocks.get(client_id),
        in_care=client_id in own,
        is_confirmed=comes and state == SessionState.PLANNED,
    )


def _next_five_minutes(at: datetime) -> datetime:
    start = at.replace(minute=at.minute - at.minute % 5, second=0, microsecond=0)
    return start if start == at else start + timedelta(minutes=5)
