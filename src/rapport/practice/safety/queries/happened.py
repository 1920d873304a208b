"""What happened for a client's safety during a course, as dates and codes. Whoever shows them records the reading."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from rapport.practice.episodes.choices import Happened
from rapport.practice.episodes.models import Episode
from rapport.practice.episodes.rules import during, find_episode
from rapport.practice.safety.choices import SafetyEvent, StepKind
from rapport.practice.safety.models import AlertStep, PlanRehearsal, PlanVersion
from rapport.practice.security.policy.actor import Actor

ALERT_STEPS = {StepKind.ACKNOWLEDGED: SafetyEvent.ALERT_ACKNOWLEDGED, StepKind.CLOSED: SafetyEvent.ALERT_CLOSED}


def happened(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[Happened, ...]:
    """Alerts of the course and what became of them, and how the client's plan grew meanwhile."""
    row = find_episode(viewer, at, episode_id, "course", "read")
    return (*_alerts(row), *_plan(row))


def _alerts(row: Episode) -> Iterator[Happened]:
    raised = row.alerts.values_list("raised_at", "rule", "id")
    yield from (Happened(when, SafetyEvent.ALERT_RAISED, rule, key) for when, rule, key in raised)
    steps = AlertStep.objects.filter(alert__episode=row, kind__in=ALERT_STEPS)
    for when, kind, key in steps.values_list("at", "kind", "alert_id"):
        yield Happened(when, ALERT_STEPS[StepKind(kind)], id=key)


def _plan(row: Episode) -> Iterator[Happened]:
    versions = PlanVersion.objects.filter(plan__client=row.client_id, **during(row, "at"))
    for when, number in versions.values_list("at", "number"):
        yield Happened(when, SafetyEvent.PLAN_WRITTEN, number=number)
    rehearsed = PlanRehearsal.objects.filter(plan__client=row.client_id, **during(row, "at"))
    yield from (Happened(when, SafetyEvent.PLAN_REHEARSED) for when in rehearsed.values_list("at", flat=True))
