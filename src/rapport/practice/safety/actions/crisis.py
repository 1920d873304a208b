"""What a client says when it is hard."""

from __future__ import annotations

import uuid
from datetime import datetime
from uuid import UUID

from rapport.clinical.safety.answers import Severity
from rapport.practice.episodes.models import Episode
from rapport.practice.safety.actions.alerts import raise_alert, tell
from rapport.practice.safety.choices import SAFETY_RULE_VERSION, TALK_RULE, AlertState, SafeNow, StepKind
from rapport.practice.safety.models import Alert, AlertStep, SafetyAnswer
from rapport.practice.safety.queries.staff import staff_for
from rapport.practice.safety.rules.clock import ACT_NOW_WITHIN
from rapport.practice.safety.rules.record import ANSWER_LABEL
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, require
from rapport.practice.security.policy.actor import Actor, Thing


@action
def ask_to_talk_about_safety(*, actor: Actor, at: datetime, client_id: UUID) -> UUID:
    """The button “I want to talk about safety”: a person must read it, and that is all it says."""
    return raise_alert(
        actor=actor,
        at=at,
        client_id=client_id,
        episode_id=_open_episode(client_id),
        rule=TALK_RULE,
        rule_version=SAFETY_RULE_VERSION,
        evidence={"code": TALK_RULE},
        severity=Severity.ACT_TODAY,
    )


@action
def say_how_safe(*, actor: Actor, at: datetime, client_id: UUID, answer: SafeNow) -> None:
    """Keep the client's answer to “Are you safe right now?”.

    “No” and “not sure” are written on the alert, or open one. They shorten its time only where somebody is reachable
    round the clock: otherwise that promise would not be kept.
    """
    require(actor, "raise", Thing("alert", client=client_id), at=at)
    waiting = Alert.objects.filter(client_id=client_id, state=AlertState.OPEN).order_by("-raised_at", "-id").first()
    if answer is not SafeNow.YES and waiting is None:
        waiting = Alert.objects.get(id=ask_to_talk_about_safety(actor=actor, at=at, client_id=client_id))
    answer_id = uuid.uuid4()
    SafetyAnswer.objects.create(
        id=answer_id,
        client_id=client_id,
        alert=waiting,
        answer_sealed=keys.seal(keys.client(client_id), ANSWER_LABEL, answer_id, answer),
        at=at,
    )
    if waiting is not None:
        AlertStep.objects.create(alert=waiting, kind=StepKind.SAID, at=at, by=actor.id)
        if answer is not SafeNow.YES:
            _make_pressing(actor, at, waiting)
    trail.record(
        actor=actor,
        action="say",
        object_type="safety_answer",
        object_id=answer_id,
        client=client_id,
        at=at,
        purpose="safety",
    )


def _make_pressing(actor: Actor, at: datetime, row: Alert) -> None:
    staff = staff_for(viewer=actor, at=at, client_id=row.client_id, episode_id=row.episode_id)
    if staff.on_call is None or row.severity == Severity.ACT_NOW:
        return
    Alert.objects.filter(id=row.id).update(severity=Severity.ACT_NOW, due_at=min(row.due_at, at + ACT_NOW_WITHIN))
    row.severity = Severity.ACT_NOW
    for account in staff.told_now:
        tell(actor=actor, at=at, row=row, account=account, kind=StepKind.NOTIFIED)


def _open_episode(client_id: UUID) -> UUID | None:
    rows = Episode.objects.filter(client_id=client_id, closed_at=None).order_by("-opened_at", "-id")
    return rows.values_list("id", flat=True).first()
