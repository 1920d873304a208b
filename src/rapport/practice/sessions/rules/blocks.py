"""Time in which nobody is booked."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.actor import Actor, Role
from rapport.practice.sessions.models import TimeBlock
from rapport.practice.sessions.models.blocks import BLOCK_WORDS_LABEL


def is_away(therapist_id: UUID, start: datetime, end: datetime) -> bool:
    """Whether this therapist, or the whole practice, is away or busy at any moment of [start, end)."""
    whose = Q(therapist_id=therapist_id) | Q(therapist=None)
    return TimeBlock.objects.filter(whose, voided_at=None, start__lt=end, end__gt=start).exists()


def blocks_within(viewer: Actor) -> QuerySet[TimeBlock]:
    """The standing blocks this person may know of: their own and the practice's; a manager everybody's."""
    rows = TimeBlock.objects.filter(voided_at=None)
    return rows if Role.MANAGER in viewer.roles else rows.filter(Q(therapist_id=viewer.id) | Q(therapist=None))


def drawer_of_block(block: TimeBlock) -> keys.Compartment:
    """The words of a therapist's block are the therapist's; those of a practice's holiday are the practice's."""
    return keys.author(block.therapist_id) if block.therapist_id else keys.practice()


def words_of_block(block: TimeBlock, viewer: Actor) -> str:
    """What was written about a block, for whoever may read it: a therapist's words are not a manager's."""
    if block.words_sealed is None or block.therapist_id not in {None, viewer.id}:
        return ""
    return keys.unseal(drawer_of_block(block), BLOCK_WORDS_LABEL, block.id, block.words_sealed)
