"""One form under somebody's pen: its answers, the alerts they lead to, its scores."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from rapport.clinical.measures.instrument import Instrument
from rapport.clinical.measures.scoring import Scored, score
from rapport.clinical.safety.answers import NeedsPerson, answers_needing_a_person, missing_safety_item
from rapport.practice.episodes.models import Episode
from rapport.practice.measures.choices import Mode
from rapport.practice.measures.models import Administration, Answer, AnswerAlert, Assignment, ItemToAsk, Score
from rapport.practice.measures.rules.instruments import instrument_named
from rapport.practice.measures.rules.record import (
    SCORE_LABEL,
    STATED_LABEL,
    VALUE_LABEL,
    current_answers,
    value_of,
)
from rapport.practice.safety.actions import raise_alert
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.actor import Actor


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer led to: the alert a person will read, if it needs one."""

    answer_id: UUID
    alert_id: UUID | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """An administration, its instrument, and who writes on it when."""

    row: Administration
    instrument: Instrument
    actor: Actor
    at: datetime

    @classmethod
    def of(cls, row: Administration, actor: Actor, at: datetime) -> Sheet:
        """A form that was begun."""
        return cls(row, instrument_named(row.instrument, row.language), actor, at)

    @classmethod
    def begin(
        cls,
        actor: Actor,
        at: datetime,
        episode: Episode,
        instrument: Instrument,
        mode: Mode,
        *,
        taken_at: datetime,
        answered_on: date | None = None,
        assignment: Assignment | None = None,
    ) -> Sheet:
        """A form that nobody has answered yet."""
        row = Administration.objects.create(
            client_id=episode.client_id,
            episode=episode,
            assignment=assignment,
            instrument=instrument.id,
            version=instrument.version,
            language=instrument.language,
            mode=mode,
            opened_at=at,
            opened_by=actor.account,
            taken_at=taken_at,
            answered_on=answered_on,
        )
        return cls(row, instrument, actor, at)

    @property
    def drawer(self) -> keys.Compartment:
        return keys.client(self.row.client_id)

    def answer(self, item: str, value: int | None) -> Answered:
        """Keep one answer, together with its alert if it needs a person. The same answer twice is one answer."""
        last = self.row.answers.filter(item=item).select_related("led_to").order_by("-number").first()
        if last is not None and value_of(last, self.row.client_id) == value:
            return Answered(last.id, last.led_to.alert_id if hasattr(last, "led_to") else None)
        answer_id = uuid.uuid4()
        answer = Answer.objects.create(
            id=answer_id,
            administration=self.row,
            item=item,
            number=last.number + 1 if last else 1,
            value_sealed=keys.seal_data(self.drawer, VALUE_LABEL, answer_id, value),
            at=self.at,
            by=self.actor.account,
        )
        return Answered(answer_id, self._tell_a_person(answer, value))

    def complete(self) -> None:
        """Hand it in: score it, and note which safety question is left open for a person to ask."""
        answers = current_answers([self.row])[self.row.id]
        self.row.completed_at = self.at
        self.row.save(update_fields=["completed_at", "taken_at"])
        self.keep_scores(score(self.instrument, answers))
        for rule in self.instrument.safety_rules:
            if rule.refused and rule.item not in answers:  # passed by without a word, which is a refusal as well
                for needs in answers_needing_a_person(self.instrument, {rule.item: None}):
                    self._raise(needs)
        for key in missing_safety_item(self.instrument, answers):
            item = self.instrument.item(key)
            if item is not None and item.is_for_a_person(answers):
                ItemToAsk.objects.get_or_create(administration=self.row, item=key, defaults={"raised_at": self.at})
        self.record("submit")

    def rescore(self) -> bool:
        """Compute the scores again from the answers, by the scoring that holds today; whether anything was added."""
        return self.keep_scores(score(self.instrument, current_answers([self.row])[self.row.id]))

    def keep_scores(self, scored: Scored) -> bool:
        """Add what is new: another value, or the same value by another version. What was computed before stays."""
        added = False
        for scale in scored.scales:
            kept = {"value": scale.value, "reason": scale.reason}
            last = self.row.scores.filter(scale=scale.key).order_by("-number").first()
            if last is not None and self._same(last, scored, kept):
                continue
            score_id = uuid.uuid4()
            Score.objects.create(
                id=score_id,
                administration=self.row,
                scale=scale.key,
                number=last.number + 1 if last else 1,
                method=scored.method,
                version=scored.instrument_version,
                value_sealed=keys.seal_data(self.drawer, SCORE_LABEL, score_id, kept),
                has_value=scale.value is not None,
                n_missing=scale.n_missing,
                prorated=scale.prorated,
                computed_at=self.at,
            )
            added = True
        return added

    def _same(self, last: Score, scored: Scored, kept: dict[str, Any]) -> bool:
        by_same = (last.method, last.version) == (scored.method, scored.instrument_version)
        return by_same and keys.unseal_data(self.drawer, SCORE_LABEL, last.id, last.value_sealed) == kept

    def keep_stated(self, total: float) -> None:
        """Keep the total a file stated, beside the one its answers come to."""
        self.row.stated_sealed = keys.seal_data(self.drawer, STATED_LABEL, self.row.id, total)
        self.row.save(update_fields=["stated_sealed"])

    def record(self, what: str) -> None:
        """Write into the trail what was done with this form."""
        trail.record(
            actor=self.actor,
            action=what,
            object_type="questionnaire",
            object_id=self.row.id,
            client=self.row.client_id,
            at=self.at,
            reason=self.row.instrument,
        )

    def _tell_a_person(self, answer: Answer, value: int | None) -> UUID | None:
        for needs in answers_needing_a_person(self.instrument, {answer.item: value}):
            alert_id = self._raise(needs)
            AnswerAlert.objects.create(answer=answer, alert_id=alert_id)
            return alert_id
        return None

    def _raise(self, needs: NeedsPerson) -> UUID:
        return raise_alert(
            actor=self.actor,
            at=self.at,
            client_id=self.row.client_id,
            episode_id=self.row.episode_id,
            rule=needs.code,
            rule_version=needs.instrument_version,
            evidence={
                "code": needs.code,
                "instrument": needs.instrument,
                "item": needs.item,
                "answer": needs.answer,
                "administration": str(self.row.id),
            },
            severity=needs.severity,
            said_on=self.row.answered_on,
        )
