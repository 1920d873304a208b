"""What happened for a client's safety during a course, as dates and codes. Whoever shows them records the reading."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from rapport.practice.episodes.choices import Happened
from rapport.practice.episodes.models import Episode
from rapport.practice.episodes.rules import during, find_episode
from rapport.practice.foundation.prepared import prepared
from rapport.practice.safety.choices import SafetyEvent, StepKind
from rapport.practice.safety.models import Alert, AlertStep, PlanRehearsal, PlanVersion
from rapport.practice.security.policy.actor import Actor

ALERT_STEPS = {StepKind.ACKNOWLEDGED: SafetyEvent.ALERT_ACKNOWLEDGED, StepKind.CLOSED: SafetyEvent.ALERT_CLOSED}


def happened(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[Happened, ...]:
    """Alerts of the course and what became of them, and how the client's plan grew meanwhile."""
    row = find_episode(viewer, at, episode_id, "course", "read")
    return (*_alerts(row), *_plan(row))


_raised = prepared(lambda course: Alert.objects.filter(episode=course).values_list("raised_at", "rule", "id"))
_steps = prepared(
    lambda course: AlertStep.objects.filter(alert__episode=course, kind__in=ALERT_STEPS).values_list(
        "at", "kind", "alert_id"
    )
)
_versions = prepared(
    lambda client, **during: PlanVersion.objects.filter(plan__client=client, **during).values_list("at", "number")
)
_rehearsals = prepared(
    lambda client, **during: PlanRehearsal.objects.filter(plan__client=client, **during).values_list("at", flat=True)
)


def _alerts(row: Episode) -> Iterator[Happened]:
    yield from (Happened(when, SafetyEvent.ALERT_RAISED, rule, key) for when, rule, key in _raised(row.id))
    for when, kind, key in _steps(row.id):
        yield Happened(when, ALERT_STEPS[StepKind(kind)], id=key)


def _plan(row: Episode) -> Iterator[Happened]:
    for when, number in _versions(row.client_id, **during(row, "at")):
        yield Happened(when, SafetyEvent.PLAN_WRITTEN, number=number)
    rehearsed = _rehearsals(row.client_id, **during(row, "at"))
    yield from (Happened(when, SafetyEvent.PLAN_REHEARSED) for when in rehearsed)
