"""Who looked at my record: the trail as the client it is about reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from rapport.practice.security.accounts.queries.accounts import staff_names
from rapport.practice.security.audit import trail
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing

AT_ONCE = 1000  # entries read for one page, however many there are
COLUMNS = ("at", "actor", "roles", "action", "object_type", "purpose")


@dataclass(frozen=True, slots=True)
class Look:
    """What one person did on one day with one kind of thing for one reason."""

    who: str
    mine: bool
    roles: frozenset[str]
    reads: bool
    object_type: str
    purpose: str
    times: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class LookDay:
    """A day of the reader's own calendar."""

    day: date
    looks: tuple[Look, ...]


@dataclass(frozen=True, slots=True)
class OwnTrail:
    """Some days, newest first; `older` is where the next page goes on, None at the end."""

    days: tuple[LookDay, ...]
    older: datetime | None


@dataclass(frozen=True, slots=True)
class LookEntry:
    """One entry, as it is exported."""

    at: datetime
    who: str
    mine: bool
    roles: frozenset[str]
    reads: bool
    object_type: str
    purpose: str


def own_trail(
    *, viewer: Actor, at: datetime, zone: ZoneInfo, before: datetime | None = None, everything: bool = False
) -> OwnTrail:
    """The newest days on which people opened or changed this client's record; `everything`: also I and the computer."""
    rows = list(_entries(viewer, at, everything).filter(at__lt=before or at).values_list(*COLUMNS)[: AT_ONCE + 1])
    names = staff_names()
    entries = [_entry(viewer, names, row) for row in rows[:AT_ONCE]]
    days: dict[date, list[LookEntry]] = {}
    for entry in entries:
        days.setdefault(entry.at.astimezone(zone).date(), []).append(entry)
    older = None
    if len(rows) > AT_ONCE:
        older = entries[-1].at
        if len(days) > 1:  # the oldest day may go on: it comes whole on the next page
            days.popitem()
            older = min(entry.at for entries in days.values() for entry in entries)
    return OwnTrail(tuple(LookDay(day, _looks(entries)) for day, entries in days.items()), older)


def own_trail_entries(*, viewer: Actor, at: datetime, everything: bool = False) -> Iterator[LookEntry]:
    """Every entry, newest first."""
    names = staff_names()
    rows = _entries(viewer, at, everything).values_list(*COLUMNS).iterator(chunk_size=AT_ONCE)
    return (_entry(viewer, names, row) for row in rows)


def _entries(viewer: Actor, at: datetime, everything: bool) -> QuerySet[AuditEvent]:
    """What a therapist keeps for themselves is not listed, as it is nobody's to know of."""
    require(viewer, "read", Thing("client_audit", client=viewer.client_id), at=at)
    trail.reading(actor=viewer, kind="client_audit", at=at, client=viewer.client_id, purpose="access")
    rows = AuditEvent.objects.filter(client=viewer.client_id, private_to=None, decision="allow")
    if not everything:
        rows = rows.exclude(actor=None).exclude(actor=viewer.account)
    return rows.order_by("-at", "-seq")


def _entry(viewer: Actor, names: dict[UUID, str], row: tuple[datetime, UUID | None, str, str, str, str]) -> LookEntry:
    at, actor, roles, action, kind, purpose = row
    who = names.get(actor, "") if actor else ""
    return LookEntry(at, who, actor == viewer.id, frozenset(roles.split(",")), action == "read", kind, purpose)


def _looks(entries: list[LookEntry]) -> tuple[Look, ...]:
    together: dict[tuple[str, bool, bool, str, str], list[LookEntry]] = {}
    for entry in entries:
        together.setdefault((entry.who, entry.mine, entry.reads, entry.object_type, entry.purpose), []).append(entry)
    return tuple(
        Look(who, mine, same[0].roles, reads, kind, purpose, len(same), same[-1].at, same[0].at)
        for (who, mine, reads, kind, purpose), same in together.items()
    )
