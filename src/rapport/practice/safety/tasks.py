"""What the clock does: tell the next person when nobody has acted."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from rapport.clinical.safety.answers import Severity
from rapport.clinical.safety.working_hours import WorkingHours
from rapport.practice.organisation.queries import practice
from rapport.practice.safety.actions.alerts import tell
from rapport.practice.safety.choices import AlertState, StepKind
from rapport.practice.safety.models import Alert, AlertStep
from rapport.practice.safety.queries.staff import staff_for
from rapport.practice.safety.queries.waiting import waiting_alerts
from rapport.practice.safety.rules.clock import escalations, told_at, working_hours
from rapport.practice.security.audit import trail
from rapport.practice.security.policy.access import action, require
from rapport.practice.security.policy.actor import Actor, Thing

log = logging.getLogger("rapport.safety")
HELD_BACK = 3  # after a standstill of the worker only the last hours are told, not one message for every hour lost


def escalate_due(*, actor: Actor, at: datetime) -> int:
    """Escalate every open alert as far as its clock has run; a second run at the same moment does nothing.

    It reads first what waits, in as many statements for one alert as for all of them: a round in which nothing is due
    locks nothing and writes nothing. Each alert by itself: one that cannot be told on must not silence the others. It
    is tried again in the next round.
    """
    require(actor, "run", Thing("system_task"), at=at)
    hours = working_hours(practice(viewer=actor, at=at))
    told, failure = 0, None
    for row in waiting_alerts(viewer=actor, at=at):
        try:
            if row.ownerless or _missed(row.raised_at, row.due_at, row.last_level, hours, at):
                told += _escalate(actor=actor, at=at, alert_id=row.id, hours=hours)
        except Exception as problem:
            log.error("alert %s not escalated: %s", row.id, type(problem).__name__)
            failure = problem
    if failure is not None:
        raise failure
    return told


@action
def _escalate(*, actor: Actor, at: datetime, alert_id: UUID, hours: WorkingHours) -> int:
    """Do what is to be done for one alert, as it stands now that nobody else can change it."""
    row = Alert.objects.select_for_update(no_key=True).filter(id=alert_id, state=AlertState.OPEN).first()
    if row is None:  # somebody has answered meanwhile
        return 0
    staff = staff_for(viewer=actor, at=at, client_id=row.client_id, episode_id=row.episode_id)
    heirs = staff.carers or staff.managers
    if heirs and row.owner_id not in heirs:
        _hand_over(actor, at, row, heirs[0])
    done = row.steps.filter(kind=StepKind.ESCALATED).aggregate(last=Max("level"))["last"]
    missed = _missed(row.raised_at, row.due_at, done, hours, at)
    for level in missed:
        for account in told_at(level, row.owner_id, staff, pressing=row.severity == Severity.ACT_NOW):
            tell(actor=actor, at=at, row=row, account=account, kind=StepKind.ESCALATED, level=level)
        trail.record(
            actor=actor, action="escalate", object_type="alert", object_id=row.id, client=row.client_id, at=at,
            purpose="safety", reason=f"level {level}",
        )  # fmt: skip
    return len(missed)


def _missed(raised_at: datetime, due_at: datetime, done: int | None, hours: WorkingHours, at: datetime) -> list[int]:
    """The levels that are due and were not told, the last ones after a standstill."""
    due = escalations(raised_at, due_at, hours, until=at)
    return [level for level, _ in due if done is None or level > done][-HELD_BACK:]


def _hand_over(actor: Actor, at: datetime, row: Alert, to: UUID) -> None:
    """The owner no longer cares for the client or cannot sign in: the next therapist owns it, whatever the clock.

    Where there is none, a manager does, who finds one.
    """
    Alert.objects.filter(id=row.id).update(owner_id=to)
    row.owner_id = to
    AlertStep.objects.create(alert=row, kind=StepKind.REASSIGNED, at=at, by=actor.id, to=row.owner_id)
    trail.record(
        actor=actor, action="reassign", object_type="alert", object_id=row.id, client=row.client_id, at=at,
        purpose="safety",
    )  # fmt: skip
