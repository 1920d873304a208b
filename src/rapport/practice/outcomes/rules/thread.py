"""The rows of a thread as the clinical floor reads them, how thoughts are kept as data, what a decision must say."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from rapport.clinical.outcomes.five_fields import Decision, Field, Fields, FieldThought, Look
from rapport.clinical.outcomes.following.thread import WEIGHT, Decided, ScoreRead
from rapport.clinical.outcomes.signals import Signal
from rapport.practice.episodes.rules import clients_in_care
from rapport.practice.foundation.prepared import prepared
from rapport.practice.outcomes.choices import ThreadFacts
from rapport.practice.outcomes.models import CourseDecision, SignalRead
from rapport.practice.security.policy.actor import Actor

READING_LABEL = "outcomes.signal.reading"
FIELDS_LABEL = "outcomes.thought.fields"
DECISION_LABEL = "outcomes.decision.words"
LONGEST = 4000
FARTHEST = 52  # sessions ahead; a look that far away is none


class ThoughtMoved(Exception):
    """The five fields were written elsewhere meanwhile."""


class DecisionRefused(ValueError):
    """A decision as it cannot be kept. `field` says where."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(code)
        self.field, self.code = field, code


IN_ORDER = ("taken_at", "read_at", "score__number")


@prepared
def _signals(viewer: Actor, at: datetime) -> QuerySet[SignalRead, Any]:
    """Of the courses that were ever off the expected one: the others have no thread."""
    off_track = [str(signal) for signal in Signal if signal.off_track]
    rows = SignalRead.objects.filter(episode__closed_at=None, episode__client__in=clients_in_care(viewer, at))
    rows = rows.filter(Exists(SignalRead.objects.filter(episode=OuterRef("episode"), signal__in=off_track)))
    return rows.order_by(*IN_ORDER).values_list(
        "episode_id", "score__administration_id", "instrument", "signal", "session", "taken_at", "read_at", "id"
    )


@prepared
def _decisions(viewer: Actor, at: datetime) -> QuerySet[CourseDecision, Any]:
    rows = CourseDecision.objects.filter(episode__closed_at=None, episode__client__in=clients_in_care(viewer, at))
    return rows.order_by("decided_at").values_list(
        "episode_id", "decision", "signal__instrument", "signal__signal", "look_again", "decided_at"
    )


def signals_by_course(viewer: Actor, at: datetime) -> dict[UUID, list[ScoreRead]]:
    """Scores of the open courses in somebody's care that were ever off the expected one, as they were read last, by
    episode, oldest first."""
    found: dict[UUID, list[tuple[UUID, ScoreRead]]] = {}
    for episode_id, form_id, instrument, signal, *rest in _signals(viewer, at):
        read = ScoreRead(instrument, Signal(signal) if signal else None, *rest)
        found.setdefault(episode_id, []).append((form_id, read))
    return {episode_id: as_read_last(reads) for episode_id, reads in found.items()}


def as_read_last(reads: Iterable[tuple[UUID, ScoreRead]]) -> list[ScoreRead]:
    """Of every form the score as it was computed and read last; what comes in is in order.

    A score that was computed anew is news only if its signal got worse: else whoever decided has seen it already.
    """
    found: dict[UUID, ScoreRead] = {}
    for form_id, read in reads:
        before = found.get(form_id)
        if before is not None and WEIGHT.get(read.signal, 0) <= WEIGHT.get(before.signal, 0):
            read = replace(read, read_at=before.read_at)
        found[form_id] = read
    return list(found.values())


def decisions_by_course(viewer: Actor, at: datetime) -> dict[UUID, list[Decided]]:
    """What was decided in the open courses in somebody's care, by episode, oldest first."""
    found: dict[UUID, list[Decided]] = {}
    for episode_id, decision, instrument, signal, look_again, decided_at in _decisions(viewer, at):
        decided = Decided(Decision(decision), instrument, Signal(signal), look_again, decided_at)
        found.setdefault(episode_id, []).append(decided)
    return found


def hours_since(first: datetime | None, held: Iterable[datetime]) -> int:
    """How many sessions were held since the first score."""
    return 0 if first is None else sum(hour >= first for hour in held)


def tidy(text: str) -> str:
    """Words as they are kept."""
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(plain) > LONGEST:
        raise DecisionRefused("words", "too_long")
    return plain


def fields_as_data(fields: Fields) -> dict[str, list[str]]:
    """The five fields as they are sealed."""
    return {str(field): [str(said.look), tidy(said.words)] for field, said in fields.items()}


def fields_from(kept: Mapping[str, list[str]]) -> dict[Field, FieldThought]:
    """The five fields as they were sealed; one that was not touched is not there."""
    return {Field(name): FieldThought(Look(look), words) for name, (look, words) in kept.items()}


def check_decision(facts: ThreadFacts, decision: Decision, look_again: int | None) -> None:
    """While the course is off, a decision says when one looks again; only who ends or refers need not."""
    if look_again is None:
        if facts.must_look_again and decision is not Decision.END_OR_REFER:
            raise DecisionRefused("look_again", "missing")
    elif not facts.session < look_again <= facts.session + FARTHEST:
        raise DecisionRefused("look_again", "not_ahead")
