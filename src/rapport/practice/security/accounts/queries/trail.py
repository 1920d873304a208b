"""The audit trail as people read it. Who did something to a process note is visible to its author alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from rapport.practice.security.accounts.queries.accounts import staff_names
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing

PAGE = 100
NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One event: codes and ids, and the name of a colleague; never a client's name."""

    at: datetime
    who: str
    roles: str
    action: str
    object_type: str
    client: UUID | None
    allowed: bool
    reason: str


def trail_lines(
    *, viewer: Actor, at: datetime, before: datetime | None = None, denied: bool = False
) -> tuple[TrailLine, ...]:
    """The newest events up to a moment, a page of them; `denied` leaves only what was refused."""
    require(viewer, "list", Thing("audit"), at=at)
    rows = AuditEvent.objects.filter(Q(private_to=None) | Q(private_to=viewer.id or NOBODY), at__lt=before or at)
    if denied:
        rows = rows.filter(decision="deny")
    names = staff_names()
    return tuple(
        TrailLine(
            at=row.at,
            who=names.get(row.actor, "") if row.actor else "",
            roles=row.roles,
            action=row.action,
            object_type=row.object_type,
            client=row.client,
            allowed=row.decision == "allow",
            reason=row.reason,
        )
        for row in rows.order_by("-at", "-seq")[:PAGE]
    )
