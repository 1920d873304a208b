"""Who should be called on the day an hour is missed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from rapport.practice.safety.choices import AlertState
from rapport.practice.safety.models import Alert, SafetyPlan
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing


def with_plan_or_alert(*, viewer: Actor, at: datetime, client_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these clients have a safety plan or an alert nobody closed; the caller found them to be the viewer's."""
    require(viewer, "list", Thing("alert"), at=at)
    wanted = set(client_ids)
    planned = SafetyPlan.objects.filter(client__in=wanted).values_list("client_id", flat=True)
    alerts = Alert.objects.filter(client__in=wanted).exclude(state=AlertState.CLOSED)
    return {*planned, *alerts.values_list("client_id", flat=True)}
