"""Reading the practice."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import DatabaseError

from rapport.practice.foundation.once import once
from rapport.practice.foundation.prepared import prepared
from rapport.practice.organisation.choices import (
    Jurisdiction,
    Kept,
    PracticeFacts,
    RoomFacts,
    SafekeepingFacts,
    SafeKind,
    WorkingTime,
)
from rapport.practice.organisation.models import Practice, Room, Safekeeping
from rapport.practice.organisation.rules import (
    UNFOUNDED_ZONE,
    is_founded,
    pack_from,
    practice_country,
    practice_zone,
    shipped_pack,
    shipped_packs,
)
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing

TOO_OLD = timedelta(days=2)  # both are meant to happen every night

# What holds while a practice is being founded: the widest emergency number, no claim about where or when.
UNFOUNDED = PracticeFacts(
    name="Rapport",
    alias="Rapport",
    phone="",
    zone=UNFOUNDED_ZONE,
    jurisdiction=Jurisdiction.EU,
    working=WorkingTime(frozenset(range(5)), time(9), time(17), frozenset()),
    on_call=None,
    pack=pack_from(shipped_pack(Jurisdiction.EU)),
    founded=False,
)

_read_last: dict[str, PracticeFacts] = {}  # one process serves one practice


_row = prepared(lambda: Practice.objects.order_by("pk")[:1])


@once
def practice(*, viewer: Actor, at: datetime) -> PracticeFacts:
    """The practice. Its name, hours and crisis contacts are for everybody, a stranger in need included."""
    require(viewer, "read", Thing("organisation"), at=at)
    row = next(iter(_row()), None)
    facts = _facts(row) if row else UNFOUNDED
    _read_last["practice"] = facts
    return facts


def practice_in_need(*, viewer: Actor, at: datetime) -> PracticeFacts:
    """The practice, or what was read of it last where it cannot be read now: whom to call is always said."""
    try:
        return practice(viewer=viewer, at=at)
    except DatabaseError:
        return _read_last.get("practice", UNFOUNDED)


def _facts(row: Practice) -> PracticeFacts:
    """What a row says."""
    working = WorkingTime(
        frozenset(row.working_days),
        row.day_starts,
        row.day_ends,
        frozenset(date.fromisoformat(day) for day in row.holidays),
    )
    return PracticeFacts(
        name=row.name,
        alias=row.alias,
        phone=row.phone,
        zone=ZoneInfo(row.zone),
        jurisdiction=Jurisdiction(row.jurisdiction),
        working=working,
        on_call=row.on_call,
        pack=pack_from(row.pack),
        reminder_hours=row.reminder_hours,
        confirms=row.confirms,
    )


def rooms(*, viewer: Actor, at: datetime, closed: bool = False) -> tuple[RoomFacts, ...]:
    """The rooms one can book, by name; the closed ones only when asked for."""
    require(viewer, "list", Thing("meeting_room"), at=at)
    rows = Room.objects.all() if closed else Room.objects.filter(closed_at=None)
    return tuple(RoomFacts(row.id, row.name, row.closed_at) for row in rows.order_by("name"))


def safekeeping(*, viewer: Actor, at: datetime) -> SafekeepingFacts:
    """How the last backup and the last drill went, and whether the last good ones are too long ago."""
    require(viewer, "read", Thing("safekeeping"), at=at)
    good_backup, good_drill = _newest(SafeKind.BACKUP, good=True), _newest(SafeKind.DRILL, good=True)
    is_old = any(kept is None or at - kept.at > TOO_OLD for kept in (good_backup, good_drill))
    return SafekeepingFacts(_newest(SafeKind.BACKUP), _newest(SafeKind.DRILL), good_backup, good_drill, is_old)


def _newest(kind: SafeKind, **wanted: bool) -> Kept | None:
    row = Safekeeping.objects.filter(kind=kind, **wanted).order_by("-at").first()
    if row is None:
        return None
    return Kept(kind, row.at, row.good, row.place, row.seconds, row.rows, row.problem)


__all__ = [
    "is_founded",
    "practice",
    "practice_country",
    "practice_in_need",
    "practice_zone",
    "rooms",
    "safekeeping",
    "shipped_packs",
]
