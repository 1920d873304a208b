"""Keeping time free, and giving it back."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from rapport.clinical.sessions.attendance import CancelledBy
from rapport.clinical.sessions.states import SessionState
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.actions.running import cancel_session
from rapport.practice.sessions.actions.series import skip_series_day
from rapport.practice.sessions.choices import BlockKind
from rapport.practice.sessions.models import BusyCalendar, TherapySession, TimeBlock
from rapport.practice.sessions.models.blocks import BLOCK_WORDS_LABEL
from rapport.practice.sessions.rules import (
    DiaryRefusal,
    appointments_within,
    blocks_within,
    check_block,
    drawer_of_block,
)


class HoursInTheWay(DiaryRefusal):
    """Hours are booked then, and for each somebody must say whether it falls out or stays until it is moved."""

    def __init__(self, session_ids: tuple[UUID, ...]) -> None:
        super().__init__("There are hours booked then.")
        self.session_ids = session_ids


@action
def block_time(
    *,
    actor: Actor,
    at: datetime,
    start: datetime,
    end: datetime,
    kind: BlockKind,
    words: str = "",
    source_id: UUID | None = None,
    therapist_id: UUID | None = None,
    whole_practice: bool = False,
    fall_out: frozenset[UUID] = frozenset(),
    stay: frozenset[UUID] = frozenset(),
) -> UUID:
    """Keep a time free. Every hour booked in it is named in `fall_out` or in `stay`, or nothing happens.

    An hour of a series that falls out is left out of its series; any other is cancelled by the therapist.
    """
    owner = None if whole_practice else therapist_id or actor.account
    require(actor, "create", Thing("time_block", author=owner), at=at)
    if source_id and not BusyCalendar.objects.filter(id=source_id, therapist_id=owner, closed_at=None).exists():
        raise not_found(actor, "create", Thing("time_block", id=source_id, author=owner), at=at)
    check_block(start, end)
    hours = list(_hours_in_the_way(actor, at, owner, start, end))
    unsaid = tuple(hour.id for hour in hours if hour.id not in fall_out | stay)
    if unsaid:
        raise HoursInTheWay(unsaid)
    block = TimeBlock(
        id=uuid.uuid4(),
        therapist_id=owner,
        start=start,
        end=end,
        kind=kind,
        source_id=source_id,
        created_at=at,
        created_by=actor.account,
    )
    if words.strip():
        block.words_sealed = keys.seal(drawer_of_block(block), BLOCK_WORDS_LABEL, block.id, words.strip())
    block.save(force_insert=True)
    for hour in hours:
        if hour.id in fall_out:
            _let_fall_out(actor, at, hour)
    trail.record(actor=actor, action="block", object_type="time_block", object_id=block.id, at=at, reason=kind)
    return block.id


@action
def unblock_time(*, actor: Actor, at: datetime, block_id: UUID) -> None:
    """Give a time back. Hours that fell out do not come back by themselves."""
    block = blocks_within(actor).select_for_update(no_key=True).filter(id=block_id).first()
    if block is None:
        raise not_found(actor, "end", Thing("time_block", id=block_id), at=at)
    require(actor, "end", Thing("time_block", id=block_id, author=block.therapist_id), at=at)
    TimeBlock.objects.filter(id=block_id).update(voided_at=at, voided_by=actor.account)
    trail.record(actor=actor, action="unblock", object_type="time_block", object_id=block_id, at=at)


def _hours_in_the_way(
    actor: Actor, at: datetime, owner: UUID | None, start: datetime, end: datetime
) -> Iterable[TherapySession]:
    rows = appointments_within(actor, at).filter(
        state=SessionState.PLANNED, planned_start__lt=end, planned_end__gt=start
    )
    return (rows.filter(therapist_id=owner) if owner else rows).order_by("planned_start")


def _let_fall_out(actor: Actor, at: datetime, hour: TherapySession) -> None:
    if hour.series_id is not None:
        skip_series_day(actor=actor, at=at, session_id=hour.id)
    else:
        cancel_session(actor=actor, at=at, session_id=hour.id, by=CancelledBy.THERAPIST)
