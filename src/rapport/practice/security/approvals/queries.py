"""What waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from rapport.practice.security.approvals.models import PendingAct
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing

FACTS_LABEL = "approvals.act.facts"


@dataclass(frozen=True, slots=True)
class WaitingAct:
    """One act that somebody asked for."""

    id: UUID
    act: str
    subject: UUID
    facts: dict[str, Any]
    requested_by: UUID
    requested_at: datetime
    ready_at: datetime | None
    mine: bool


def waiting_acts(*, viewer: Actor, at: datetime) -> tuple[WaitingAct, ...]:
    """Everything that waits for approval or for its delay, oldest first; without its facts if they do not open."""
    require(viewer, "list", Thing("approval"), at=at)
    rows = PendingAct.objects.filter(done_at=None, cancelled_at=None).order_by("requested_at")
    return tuple(
        WaitingAct(
            id=row.id,
            act=row.act,
            subject=row.subject,
            facts=keys.unseal_data_or({}, keys.practice(), FACTS_LABEL, row.id, row.facts_sealed),
            requested_by=row.requested_by,
            requested_at=row.requested_at,
            ready_at=row.ready_at,
            mine=row.requested_by == viewer.id,
        )
        for row in rows
    )


def facts_of(row: PendingAct) -> dict[str, Any]:
    """What the act needs to know."""
    facts: dict[str, Any] = keys.unseal_data(keys.practice(), FACTS_LABEL, row.id, row.facts_sealed)
    return facts
