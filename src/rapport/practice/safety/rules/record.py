"""Which rows somebody may see, and how sealed words of this duty are opened."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db.models import QuerySet

from rapport.practice.episodes.models import CareRelationship
from rapport.practice.episodes.rules import care_of
from rapport.practice.safety.choices import STEPS, PlanEntry, Steps
from rapport.practice.safety.models import Alert, PlanVersion
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.actor import Actor

EVIDENCE_LABEL = "safety.alert.evidence"
WORDS_LABEL = "safety.step.words"
ANSWER_LABEL = "safety.answer"
STEPS_LABEL = "safety.plan.steps"


def visible_alerts(viewer: Actor, at: datetime) -> QuerySet[Alert]:
    """The alerts of clients in this person's care, in one statement."""
    return Alert.objects.filter(client__in=care_of(viewer, at).values("client"), client__erased_at=None)


def care_by_staff(at: datetime) -> QuerySet[CareRelationship]:
    """The care of therapists who can sign in, of whatever client."""
    return CareRelationship.objects.filter(started_at__lte=at, ended_at=None, account__disabled_at=None)


def token_hash(token: str) -> bytes:
    """What is kept of a link."""
    return hashlib.sha256(b"safety plan\x00" + token.encode()).digest()


def opened_steps(version: PlanVersion | None) -> Steps:
    """A version's words, step by step."""
    if version is None:
        return dict.fromkeys(STEPS, ())
    kept = keys.unseal_data(keys.client(version.plan.client_id), STEPS_LABEL, version.id, version.steps_sealed)
    return {step: tuple(PlanEntry(one["text"], one["phone"]) for one in kept.get(step, [])) for step in STEPS}
