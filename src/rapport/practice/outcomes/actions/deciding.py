"""Thinking about a course that is not as expected, and deciding. Nothing about the treatment changes by itself."""

from __future__ import annotations

import uuid
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from rapport.clinical.outcomes.five_fields import Decision, Fields
from rapport.practice.episodes.models import Episode
from rapport.practice.episodes.rules import check_open, find_episode
from rapport.practice.foundation.models import own_id
from rapport.practice.outcomes.choices import ThreadFacts
from rapport.practice.outcomes.models import CourseDecision, FieldsThought
from rapport.practice.outcomes.queries.threads import thread
from rapport.practice.outcomes.rules import (
    DECISION_LABEL,
    FIELDS_LABEL,
    DecisionRefused,
    ThoughtMoved,
    check_decision,
    fields_as_data,
    tidy,
)
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, not_found
from rapport.practice.security.policy.actor import Actor, Thing

__all__ = ["DecisionRefused", "ThoughtMoved", "decide", "think_through"]


@action
def think_through(
    *, actor: Actor, at: datetime, episode_id: UUID, version: int, fields: Fields, question: UUID | None = None
) -> int:
    """Keep the five fields if they were not written elsewhere since `version`; return the new version.

    `question` is the signal that was seen: if another asks meanwhile, nothing is kept.
    """
    row, facts = _in_question(actor, at, episode_id)
    _check_question(facts, question)
    return _think(actor, at, row, facts, version, fields)


@action
def decide(
    *,
    actor: Actor,
    at: datetime,
    episode_id: UUID,
    version: int,
    fields: Fields,
    decision: Decision,
    words: str = "",
    look_again: int | None = None,
    question: UUID | None = None,
    key: UUID | None = None,
) -> UUID:
    """Keep the five fields and decide. While the course is off, it says at which session one looks again.

    `question` is the signal that was seen: if another asks meanwhile, nothing is decided. `key` makes a repeated
    request the same decision.
    """
    row, facts = _in_question(actor, at, episode_id)
    decision_id = own_id(row.id, key)
    if key and CourseDecision.objects.filter(id=decision_id).exists():
        return decision_id
    _check_question(facts, question)
    check_decision(facts, decision, look_again)
    if fields != facts.pending.fields:
        _think(actor, at, row, facts, version, fields)
    made = {
        "signal_id": facts.question.id, "episode": row, "decision": decision, "look_again": look_again,
        "words_sealed": keys.seal(keys.client(row.client_id), DECISION_LABEL, decision_id, tidy(words)),
        "decided_at": at, "decided_by": actor.account,
    }  # fmt: skip
    _decision, is_new = CourseDecision.objects.get_or_create(id=decision_id, defaults=made)
    if is_new:
        _record(actor, at, "decide", row)
    return decision_id


def _check_question(facts: ThreadFacts, question: UUID | None) -> None:
    if question is not None and facts.question.id != question:
        raise ThoughtMoved("Another score asks now.")


def _think(actor: Actor, at: datetime, row: Episode, facts: ThreadFacts, version: int, fields: Fields) -> int:
    if facts.pending.version != version:
        raise ThoughtMoved("The five fields were written elsewhere meanwhile.")
    thought_id = uuid.uuid4()
    sealed = keys.seal_data(keys.client(row.client_id), FIELDS_LABEL, thought_id, fields_as_data(fields))
    try:
        with transaction.atomic():
            FieldsThought.objects.create(
                id=thought_id, signal_id=facts.question.id, number=version + 1, fields_sealed=sealed, written_at=at,
                written_by=actor.account,
            )  # fmt: skip
    except IntegrityError:
        raise ThoughtMoved("The five fields were written elsewhere meanwhile.") from None
    _record(actor, at, "think_through", row)
    return version + 1


def _in_question(actor: Actor, at: datetime, episode_id: UUID) -> tuple[Episode, ThreadFacts]:
    """The course and its thread; a course that never left what was expected has nothing to decide on."""
    row = find_episode(actor, at, episode_id, "signal", "decide")
    facts = thread(viewer=actor, at=at, episode_id=row.id)
    if facts is None:
        raise not_found(actor, "decide", Thing("signal", id=episode_id), at=at)
    check_open(row)
    return row, facts


def _record(actor: Actor, at: datetime, what: str, row: Episode) -> None:
    trail.record(actor=actor, action=what, object_type="course", object_id=row.id, client=row.client_id, at=at)
