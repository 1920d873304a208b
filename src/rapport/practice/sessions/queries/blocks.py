"""When somebody is away or busy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.choices import BlockKind
from rapport.practice.sessions.rules import blocks_within, words_of_block


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
