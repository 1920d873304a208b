"""Bringing in the busy time of a calendar kept elsewhere."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from rapport.clinical.sessions.states import SessionState
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.choices import BlockKind
from rapport.practice.sessions.models import BusyCalendar, TherapySession, TimeBlock
from rapport.practice.sessions.models.blocks import BLOCK_WORDS_LABEL, CALENDAR_NAME_LABEL
from rapport.practice.sessions.rules import BusyTime, busy_times

AHEAD = timedelta(days=548)  # eighteen months


@dataclass(frozen=True, slots=True)
class BusyReading:
    """What a reading came to: the calendar, how many times were kept free, and the hours booked in them."""

    calendar_id: UUID
    count: int
    conflicts: tuple[UUID, ...]


@action
def read_busy_calendar(
    *, actor: Actor, at: datetime, content: bytes, name: str, keep_titles: bool = False, source_id: UUID | None = None
) -> BusyReading:
    """Keep the busy times of a calendar file free. Read again (`source_id`), what comes is replaced, what was stays.

    Hours booked in these times are named, not touched: they were agreed with somebody.
    """
    require(actor, "create", Thing("time_block", author=actor.account), at=at)
    calendar = _calendar(actor, at, source_id, name, keep_titles=keep_titles)
    times = busy_times(content, zone=practice_zone(), start=at, end=at + AHEAD, titles=calendar.keeps_titles)
    calendar.read_at = at
    calendar.save()
    TimeBlock.objects.filter(source=calendar, voided_at=None, end__gt=at).update(voided_at=at, voided_by=actor.account)
    TimeBlock.objects.bulk_create([_block(actor, at, calendar, each) for each in times], batch_size=200)
    trail.record(
        actor=actor, action="read_in", object_type="time_block", object_id=calendar.id, at=at, reason=str(len(times))
    )
    return BusyReading(calendar.id, len(times), _conflicts(actor, times))


@action
def close_busy_calendar(*, actor: Actor, at: datetime, source_id: UUID) -> None:
    """Let a calendar go: what of it still comes is given back."""
    calendar = _known(actor, at, source_id)
    require(actor, "end", Thing("time_block", id=source_id, author=calendar.therapist_id), at=at)
    TimeBlock.objects.filter(source=calendar, voided_at=None, end__gt=at).update(voided_at=at, voided_by=actor.account)
    calendar.closed_at = at
    calendar.save()
    trail.record(actor=actor, action="let_go", object_type="time_block", object_id=source_id, at=at)


def _calendar(actor: Actor, at: datetime, source_id: UUID | None, name: str, *, keep_titles: bool) -> BusyCalendar:
    if source_id is not None:
        return _known(actor, at, source_id)
    calendar = BusyCalendar(
        id=uuid.uuid4(), therapist_id=actor.account, keeps_titles=keep_titles, created_at=at, read_at=at
    )
    drawer = keys.author(actor.account)
    calendar.name_sealed = keys.seal(drawer, CALENDAR_NAME_LABEL, calendar.id, name.strip())
    return calendar


def _known(actor: Actor, at: datetime, source_id: UUID) -> BusyCalendar:
    rows = BusyCalendar.objects.select_for_update(no_key=True).filter(therapist_id=actor.account, closed_at=None)
    calendar = rows.filter(id=source_id).first()
    if calendar is None:
        raise not_found(actor, "create", Thing("time_block", id=source_id), at=at)
    return calendar


def _block(actor: Actor, at: datetime, calendar: BusyCalendar, busy: BusyTime) -> TimeBlock:
    block = TimeBlock(
        id=uuid.uuid4(),
        therapist_id=actor.account,
        start=busy.start,
        end=busy.end,
        kind=BlockKind.BUSY,
        source=calendar,
        created_at=at,
        created_by=actor.account,
    )
    if busy.title.strip():
        block.words_sealed = keys.seal(keys.author(actor.account), BLOCK_WORDS_LABEL, block.id, busy.title.strip())
    return block


def _conflicts(actor: Actor, times: tuple[BusyTime, ...]) -> tuple[UUID, ...]:
    if not times:
        return ()
    rows = TherapySession.objects.filter(
        therapist_id=actor.account,
        state=SessionState.PLANNED,
        planned_start__lt=max(each.end for each in times),
        planned_end__gt=times[0].start,
    ).order_by("planned_start")
    return tuple(
        session_id
        for session_id, start, end in rows.values_list("id", "planned_start", "planned_end")
        if any(busy.start < end and busy.end > start for busy in times)
    )
