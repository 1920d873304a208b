"""Raising alerts and acting on them, one at a time. Nothing closes an alert but a person who says what they did."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from rapport.clinical.safety.answers import Severity
from rapport.practice.episodes.models import CareRelationship
from rapport.practice.organisation.queries import practice
from rapport.practice.post.actions import queue
from rapport.practice.safety.choices import AlertState, Contact, StepKind
from rapport.practice.safety.models import Alert, AlertStep
from rapport.practice.safety.queries.staff import staff_for
from rapport.practice.safety.rules.clock import due_by, is_same_answer, working_hours
from rapport.practice.safety.rules.record import EVIDENCE_LABEL, WORDS_LABEL, visible_alerts
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Thing

WORDS_AT_MOST = 10_000


class WordsNeeded(Exception):
    """An acknowledgement says what was done; a closing says how it came out."""


class AlreadyAnswered(Exception):
    """Somebody else acted on this alert first."""


class NotACarer(Exception):
    """Only a therapist of this client can take over their alert."""


@action
def raise_alert(
    *,
    actor: Actor,
    at: datetime,
    client_id: UUID,
    episode_id: UUID | None,
    rule: str,
    rule_version: str,
    evidence: Mapping[str, Any],
    severity: Severity,
    said_on: date | None = None,
) -> UUID:
    """Open an alert, or count the same answer again on the one that is still open.

    It runs in the transaction of whatever the client said: both are kept or neither.
    """
    require(actor, "raise", Thing("alert", client=client_id), at=at)
    same = _same_open_alert(client_id, rule, evidence)
    if same is not None:
        return _count_again(actor, at, same, evidence)
    staff = staff_for(viewer=actor, at=at, client_id=client_id, episode_id=episode_id)
    hours = working_hours(practice(viewer=actor, at=at))
    alert_id = uuid.uuid4()
    row = Alert.objects.create(
        id=alert_id,
        client_id=client_id,
        episode_id=episode_id,
        rule=rule,
        rule_version=rule_version,
        severity=severity,
        evidence_sealed=keys.seal_data(keys.client(client_id), EVIDENCE_LABEL, alert_id, dict(evidence)),
        raised_at=at,
        said_on=said_on,
        due_at=due_by(severity, at, hours, covered=staff.on_call is not None),
        owner_id=staff.first,
    )
    AlertStep.objects.create(alert=row, kind=StepKind.OPENED, at=at, by=actor.id)
    now = severity is Severity.ACT_NOW and staff.on_call is not None
    for account in staff.told_now if now else staff.told_at_once:
        tell(actor=actor, at=at, row=row, account=account, kind=StepKind.NOTIFIED)
    _record(actor, at, "raise", row)
    return row.id


@action
def acknowledge_alert(*, actor: Actor, at: datetime, alert_id: UUID, did: str, contact: Contact) -> None:
    """Take an alert: say what was done or will be, and whether the client was reached."""
    row = _held(actor, at, alert_id, "acknowledge")
    if Alert.objects.filter(id=row.id, state=AlertState.OPEN).update(state=AlertState.ACKNOWLEDGED) == 0:
        raise AlreadyAnswered("Somebody has already acted on this alert.")
    _step(actor, at, row, StepKind.ACKNOWLEDGED, words=did, contact=contact)
    _record(actor, at, "acknowledge", row)


@action
def close_alert(*, actor: Actor, at: datetime, alert_id: UUID, outcome: str) -> None:
    """Close an alert that somebody acted on, with how it came out."""
    row = _held(actor, at, alert_id, "acknowledge")
    if Alert.objects.filter(id=row.id, state=AlertState.ACKNOWLEDGED).update(state=AlertState.CLOSED) == 0:
        raise AlreadyAnswered("Say first what you did; a closed alert stays closed.")
    _step(actor, at, row, StepKind.CLOSED, words=outcome)
    _record(actor, at, "close", row)


@action
def reassign_alert(*, actor: Actor, at: datetime, alert_id: UUID, to: UUID) -> None:
    """Give an alert to another therapist of the same client. A manager does this without seeing whose it is."""
    require(actor, "assign", Thing("alert", id=alert_id), at=at)
    row = Alert.objects.filter(id=alert_id).exclude(state=AlertState.CLOSED).first()
    if row is None:
        raise not_found(actor, "assign", Thing("alert", id=alert_id), at=at)
    cares = CareRelationship.objects.filter(
        account_id=to, client_id=row.client_id, started_at__lte=at, ended_at=None, account__disabled_at=None
    )
    if not cares.exists():
        raise NotACarer("This person does not care for the client. Give them access to the client first.")
    Alert.objects.filter(id=row.id).update(owner_id=to)
    AlertStep.objects.create(alert=row, kind=StepKind.REASSIGNED, at=at, by=actor.id, to=to)
    tell(actor=actor, at=at, row=row, account=to, kind=StepKind.NOTIFIED)
    _record(actor, at, "reassign", row)


@action
def tell(*, actor: Actor, at: datetime, row: Alert, account: UUID, kind: StepKind, level: int = 0) -> None:
    """Put one neutral message into the post, once for each level and moment, and write that down."""
    message = "urgent_item" if row.severity == Severity.ACT_NOW else "item_waits"
    AlertStep.objects.create(alert=row, kind=kind, at=at, to=account, level=level)
    queue(
        actor=actor,
        at=at,
        kind=message,
        client_id=None,
        account_id=account,
        params={},
        dedupe=f"{message}:{row.id}:{level}:{account}:{at:%Y%m%dT%H%M%S%f}",
    )


def _same_open_alert(client_id: UUID, rule: str, evidence: Mapping[str, Any]) -> Alert | None:
    drawer = keys.client(client_id)
    waiting = list(
        Alert.objects.select_for_update(no_key=True)
        .filter(client_id=client_id, rule=rule, state=AlertState.OPEN)
        .order_by("-raised_at", "-id")
    )
    again = AlertStep.objects.filter(alert__in=waiting, kind=StepKind.REPEATED).order_by("at", "id")
    last = {step.alert_id: step for step in again}
    for row in waiting:
        step = last.get(row.id)
        if step is not None and step.words_sealed is not None:
            earlier = keys.unseal_data(drawer, WORDS_LABEL, step.id, step.words_sealed)
        else:
            earlier = keys.unseal_data(drawer, EVIDENCE_LABEL, row.id, row.evidence_sealed)
        if is_same_answer(earlier, evidence):
            return row
    return None


def _count_again(actor: Actor, at: datetime, row: Alert, evidence: Mapping[str, Any]) -> UUID:
    step_id = uuid.uuid4()
    AlertStep.objects.create(
        id=step_id,
        alert=row,
        kind=StepKind.REPEATED,
        at=at,
        by=actor.id,
        words_sealed=keys.seal_data(keys.client(row.client_id), WORDS_LABEL, step_id, dict(evidence)),
    )
    Alert.objects.filter(id=row.id).update(times=row.times + 1)
    _record(actor, at, "repeat", row)
    return row.id


def _held(actor: Actor, at: datetime, alert_id: UUID, doing: str) -> Alert:
    row = visible_alerts(actor, at).filter(id=alert_id).first()
    if row is None:
        raise not_found(actor, doing, Thing("alert", id=alert_id), at=at)
    require(actor, doing, Thing("alert", id=row.id, client=row.client_id), at=at)
    return row


def _step(actor: Actor, at: datetime, row: Alert, kind: StepKind, *, words: str, contact: str = "") -> None:
    words = words.strip()
    if not words or len(words) > WORDS_AT_MOST:
        raise WordsNeeded("Say in a few words what you did.")
    step_id = uuid.uuid4()
    AlertStep.objects.create(
        id=step_id,
        alert=row,
        kind=kind,
        at=at,
        by=actor.id,
        contact=contact,
        words_sealed=keys.seal(keys.client(row.client_id), WORDS_LABEL, step_id, words),
    )


def _record(actor: Actor, at: datetime, what: str, row: Alert) -> None:
    trail.record(
        actor=actor, action=what, object_type="alert", object_id=row.id, client=row.client_id, at=at, purpose="safety"
    )


__all__ = [
    "AlreadyAnswered",
    "NotACarer",
    "WordsNeeded",
    "acknowledge_alert",
    "close_alert",
    "raise_alert",
    "reassign_alert",
    "tell",
]
