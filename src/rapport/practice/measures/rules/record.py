"""Which forms somebody may touch, and how answers are opened."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from rapport.practice.episodes.models import Episode
from rapport.practice.episodes.rules import care_of
from rapport.practice.foundation.prepared import prepared
from rapport.practice.measures.models import Administration, Answer, Score
from rapport.practice.measures.rules.forms import GIVEN_UP_AFTER
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import not_found, require
from rapport.practice.security.policy.actor import Actor, Thing

VALUE_LABEL = "measures.answer.value"
SCORE_LABEL = "measures.score.value"
REASON_LABEL = "measures.assignment.reason"
STATED_LABEL = "measures.administration.stated"


def administrations_for(actor: Actor, at: datetime) -> QuerySet[Administration]:
    """The administrations this person may touch: the client's own, or those of clients in their care."""
    rows = Administration.objects.filter(client__erased_at=None)
    if actor.client_id is not None:
        return rows.filter(client_id=actor.client_id)
    return rows.filter(client__in=care_of(actor, at).values("client"))


def open_one(taken: Iterable[Administration], at: datetime) -> Administration | None:
    """The form that was begun and can be gone on with."""
    begun = [one for one in taken if one.completed_at is None and at - one.opened_at < GIVEN_UP_AFTER]
    return begun[-1] if begun else None


def current_answers(rows: Iterable[Administration]) -> dict[UUID, dict[str, int | None]]:
    """The answers that count, opened: for each item the one given last."""
    clients = {row.id: row.client_id for row in rows}
    answers: dict[UUID, dict[str, int | None]] = {row: {} for row in clients}
    for answer in Answer.objects.filter(administration__in=clients).order_by("number"):
        answers[answer.administration_id][answer.item] = value_of(answer, clients[answer.administration_id])
    return answers


def value_of(answer: Answer, client_id: UUID) -> int | None:
    """One answer, opened."""
    value: int | None = keys.unseal_data(keys.client(client_id), VALUE_LABEL, answer.id, answer.value_sealed)
    return value


def age_at(then: datetime, born: date | None) -> int | None:
    """How old a person was at a moment; None where no day of birth is known."""
    return None if born is None else then.year - born.year - ((then.month, then.day) < (born.month, born.day))


@prepared
def totals_of(forms: Collection[UUID]) -> QuerySet[Score]:
    """The totals of these forms as they were computed, first to last."""
    rows = Score.objects.filter(administration__in=forms, scale="total").order_by("number")
    return rows.only("administration_id", "value_sealed", "n_missing", "prorated", "method")


def care_episode(actor: Actor, at: datetime, episode_id: UUID, doing: str) -> Episode:
    """The episode of a client in this person's care, in one statement."""
    care = care_of(actor, at).values("client")
    row = Episode.objects.filter(id=episode_id, client__in=care, client__erased_at=None).first()
    if row is None:
        raise not_found(actor, doing, Thing("questionnaire", id=episode_id), at=at)
    require(actor, doing, Thing("questionnaire", client=row.client_id), at=at)
    return row
