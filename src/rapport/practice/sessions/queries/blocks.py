"""When somebody is away or busy."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rapport.clinical.sessions.states import SessionState
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.choices import BlockKind
from rapport.practice.sessions.queries.diary import SessionFacts, facts_of
from rapport.practice.sessions.rules import appointments_within, blocks_within, words_of_block


@dataclass(frozen=True, slots=True)
class BlockFacts:
    """A time kept free. Without a therapist it holds for the whole practice; only its owner reads its words."""

    id: UUID
    therapist_id: UUID | None
    start: datetime
    end: datetime
    kind: BlockKind
    words: str
    source_id: UUID | None


def blocks_between(*, viewer: Actor, at: datetime, start: datetime, end: datetime) -> tuple[BlockFacts, ...]:
    """What of [start, end) is kept free: the viewer's own and the practice's time, a manager everybody's."""
    require(viewer, "list", Thing("time_block"), at=at)
    rows = blocks_within(viewer).filter(start__lt=end, end__gt=start).order_by("start", "id")
    return tuple(
        BlockFacts(
            row.id,
            row.therapist_id,
            row.start,
            row.end,
            BlockKind(row.kind),
            words_of_block(row, viewer),
            row.source_id,
        )
        for row in rows
    )


def hours_booked(
    *, viewer: Actor, at: datetime, start: datetime, end: datetime, everybody: bool = False
) -> tuple[SessionFacts, ...]:
    """The planned hours the viewer holds (or everybody's that they may see) in [start, end)."""
    require(viewer, "list", Thing("appointment"), at=at)
    rows = appointments_within(viewer, at).filter(
        state=SessionState.PLANNED, planned_start__lt=end, planned_end__gt=start
    )
    return facts_of(
        viewer=viewer, at=at, rows=rows if everybody else rows.filter(therapist_id=viewer.id), among_others=True
    )


def hours_named(*, viewer: Actor, at: datetime, session_ids: Collection[UUID]) -> tuple[SessionFacts, ...]:
    """Some planned hours, as far as the viewer may see them."""
    require(viewer, "list", Thing("appointment"), at=at)
    if not session_ids:
        return ()
    rows = appointments_within(viewer, at).filter(id__in=list(session_ids), state=SessionState.PLANNED)
    return facts_of(viewer=viewer, at=at, rows=rows, among_others=True)
