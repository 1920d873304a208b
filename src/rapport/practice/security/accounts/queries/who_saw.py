"""Who saw what in a window of time: what a breach report is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Min, Q

from rapport.practice.security.accounts.queries.accounts import staff_names
from rapport.practice.security.audit import trail
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing

NOBODY = UUID(int=0)
ONE_LINE = ("actor", "roles", "client", "object_type", "action", "decision")


@dataclass(frozen=True, slots=True)
class Seen:
    """One person, one client (None: a list, or no client's), one kind of thing: how often, and from when to when."""

    account: UUID | None
    who: str
    roles: str
    client: UUID | None
    object_type: str
    action: str
    allowed: bool
    times: int
    first: datetime
    last: datetime


def who_saw(
    *,
    viewer: Actor,
    at: datetime,
    start: datetime,
    end: datetime,
    client: UUID | None = None,
    account: UUID | None = None,
) -> tuple[Seen, ...]:
    """Everything that was read, done or refused from `start` until before `end`; of one client, by one person.

    What only its author may know of is left out, as everywhere. The report itself is an entry of the trail.
    """
    require(viewer, "list", Thing("audit"), at=at)
    rows = AuditEvent.objects.filter(Q(private_to=None) | Q(private_to=viewer.id or NOBODY), at__gte=start, at__lt=end)
    if client is not None:
        rows = rows.filter(client=client)
    if account is not None:
        rows = rows.filter(actor=account)
    counted = rows.values(*ONE_LINE).annotate(times=Count("pk"), first=Min("at"), last=Max("at"))
    names = staff_names()
    seen = [
        Seen(
            account=row["actor"], who=names.get(row["actor"], ""), roles=row["roles"], client=row["client"],
            object_type=row["object_type"], action=row["action"], allowed=row["decision"] == "allow",
            times=row["times"], first=row["first"], last=row["last"],
        )
        for row in counted
    ]  # fmt: skip
    trail.reading(actor=viewer, kind="audit", at=at, client=client, purpose="security")
    return tuple(sorted(seen, key=_by_person))


def _by_person(seen: Seen) -> tuple[str, ...]:
    return seen.who or f"~{seen.roles}", str(seen.account), str(seen.client or ""), seen.object_type, seen.action
