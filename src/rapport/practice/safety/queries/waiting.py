"""What the worker looks at every few seconds: open alerts, how far each was told on, whether it has an owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q

from rapport.practice.safety.choices import AlertState, StepKind
from rapport.practice.safety.models import Alert
from rapport.practice.safety.queries.staff import managers
from rapport.practice.safety.rules.record import care_by_staff
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open alert as the clock sees it."""

    id: UUID
    raised_at: datetime
    due_at: datetime
    last_level: int | None
    ownerless: bool


def waiting_alerts(*, viewer: Actor, at: datetime) -> tuple[Waiting, ...]:
    """Every open alert. Two statements, however many there are, and neither looks at those that are closed."""
    require(viewer, "run", Thing("system_task"), at=at)
    leading = managers(viewer=viewer, at=at)
    carers = care_by_staff(at).filter(client_id=OuterRef("client_id"))
    open_ones = Alert.objects.filter(state=AlertState.OPEN, raised_at__lt=at)
    rows = open_ones.values_list("id", "raised_at", "due_at", "owner_id").annotate(
        last_level=Max("steps__level", filter=Q(steps__kind=StepKind.ESCALATED)),
        owner_cares=Exists(carers.filter(account_id=OuterRef("owner_id"))),
        is_cared_for=Exists(carers),
    )
    return tuple(
        Waiting(
            *(alert_id, raised_at, due_at, last_level),
            ownerless=not owner_cares and (is_cared_for or (bool(leading) and owner not in leading)),
        )
        for alert_id, raised_at, due_at, owner, last_level, owner_cares, is_cared_for in rows
    )
