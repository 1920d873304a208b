"""Answering. Every answer is kept as it is given; one that needs a person only together with its alert."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from rapport.clinical.measures.instrument import Instrument
from rapport.clinical.measures.scoring import BadAnswer, Scored, check_answer, score, score_total
from rapport.clinical.safety.answers import answers_needing_a_person, missing_safety_item
from rapport.practice.episodes.models import Episode
from rapport.practice.measures.choices import TYPED, Mode
from rapport.practice.measures.models import Administration, Answer, AnswerAlert, Assignment, ItemToAsk, Score
from rapport.practice.measures.rules.forms import check_paper_date
from rapport.practice.measures.rules.instruments import instrument_named
from rapport.practice.measures.rules.record import (
    SCORE_LABEL,
    VALUE_LABEL,
    administrations_for,
    care_episode,
    current_answers,
    open_one,
    value_of,
)
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.safety.actions import raise_alert
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Thing

NOON = time(12)


class FormClosed(Exception):
    """A form that was handed in does not change any more."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer led to: the alert a person will read, if it needs one."""

    answer_id: UUID
    alert_id: UUID | None


@action
def open_form(*, actor: Actor, at: datetime, assignment_id: UUID) -> UUID:
    """Begin a form, or go on with the one already begun."""
    assignment = (
        Assignment.objects.select_for_update()
        .filter(id=assignment_id, client_id=actor.client_id, ended_at=None, episode__closed_at=None)
        .first()
        if actor.client_id
        else None
    )
    if assignment is None:
        raise not_found(actor, "answer", Thing("questionnaire", id=assignment_id), at=at)
    require(actor, "answer", Thing("questionnaire", client=assignment.client_id), at=at)
    begun = open_one(assignment.administrations.order_by("opened_at"), at)
    if begun is not None:
        return begun.id
    instrument = instrument_named(assignment.instrument, assignment.language)
    row = _administer(actor, at, assignment.episode, instrument, Mode.SELF, taken_at=at, assignment=assignment)
    _record(actor, at, "open", row)
    return row.id


@action
def answer_item(*, actor: Actor, at: datetime, administration_id: UUID, item: str, value: int | None) -> Answered:
    """Keep one answer (None: “I prefer to tell you in person”). The same answer twice is one answer."""
    row = _unfinished(actor, at, administration_id)
    instrument = instrument_named(row.instrument, row.language)
    question = instrument.item(item)
    if question is None:
        raise BadAnswer(item[:32], f"{instrument.short_title} has no such item.", "Open the form again.")
    answered = _keep(actor, at, row, instrument, item, check_answer(question, value))
    _record(actor, at, "answer", row)
    return answered


@action
def submit_form(*, actor: Actor, at: datetime, administration_id: UUID) -> None:
    """Hand in a form: score it, and note which safety question was left open. Handing in twice is handing in once."""
    row = _locked(actor, at, administration_id)
    if row.completed_at is not None:
        return
    row.taken_at = at
    _complete(actor, at, row, instrument_named(row.instrument, row.language))


@action
def enter_paper(
    *,
    actor: Actor,
    at: datetime,
    episode_id: UUID,
    instrument_id: str,
    answered_on: date,
    answers: Mapping[str, int | None],
    mode: Mode = Mode.PAPER,
) -> UUID:
    """Type in a form that was filled in on paper or asked in the session. An alert carries both dates."""
    episode = care_episode(actor, at, episode_id, "answer")
    if mode not in TYPED:
        raise FormClosed("Only a paper or an interview is typed in.")
    check_paper_date(answered_on, at.astimezone(practice_zone()).date())
    instrument = instrument_named(instrument_id)
    score(instrument, answers)  # refuses the whole form before anything of it is kept
    row = _administer(actor, at, episode, instrument, mode, taken_at=_noon(answered_on, at), answered_on=answered_on)
    for question in instrument.items:
        if question.key in answers:
            _keep(actor, at, row, instrument, question.key, answers[question.key])
    _complete(actor, at, row, instrument)
    return row.id


@action
def record_total(
    *,
    actor: Actor,
    at: datetime,
    episode_id: UUID,
    instrument_id: str,
    total: float,
    taken_on: date,
    mode: Mode = Mode.IMPORTED,
) -> UUID:
    """Keep a total whose answers are elsewhere. Its method says that nothing was recomputed."""
    episode = care_episode(actor, at, episode_id, "answer")
    instrument = instrument_named(instrument_id)
    scored = score_total(instrument, total)
    check_paper_date(taken_on, at.astimezone(practice_zone()).date())
    row = _administer(actor, at, episode, instrument, mode, taken_at=_noon(taken_on, at), answered_on=taken_on)
    row.completed_at = at
    row.save(update_fields=["completed_at"])
    _keep_scores(at, row, scored)
    _record(actor, at, "enter_total", row)
    return row.id


@action
def recompute_scores(*, actor: Actor, at: datetime, administration_id: UUID) -> None:
    """Compute a form's scores again from its answers. A different result is added; the old one stays."""
    row = _locked(actor, at, administration_id)
    answers = current_answers([row])[row.id]
    if row.completed_at is None or not answers:
        raise FormClosed("Only a form that was handed in with its answers can be scored again.")
    _keep_scores(at, row, score(instrument_named(row.instrument, row.language), answers))
    _record(actor, at, "score", row)


@action
def note_asked(*, actor: Actor, at: datetime, question_id: UUID) -> None:
    """The therapist asked in person what the form had left open."""
    row = (
        ItemToAsk.objects.select_related("administration")
        .filter(id=question_id, administration__in=administrations_for(actor, at), asked_at=None)
        .first()
    )
    if row is None:
        raise not_found(actor, "assign", Thing("questionnaire", id=question_id), at=at)
    require(actor, "assign", Thing("questionnaire", client=row.administration.client_id), at=at)
    ItemToAsk.objects.filter(id=row.id).update(asked_at=at, asked_by=actor.account)
    _record(actor, at, "ask", row.administration)


def _locked(actor: Actor, at: datetime, administration_id: UUID) -> Administration:
    row = administrations_for(actor, at).select_for_update().filter(id=administration_id).first()
    if row is None:
        raise not_found(actor, "answer", Thing("questionnaire", id=administration_id), at=at)
    require(actor, "answer", Thing("questionnaire", id=row.id, client=row.client_id), at=at)
    return row


def _unfinished(actor: Actor, at: datetime, administration_id: UUID) -> Administration:
    row = _locked(actor, at, administration_id)
    if row.completed_at is not None:
        raise FormClosed("This form was handed in already.")
    return row


def _administer(
    actor: Actor,
    at: datetime,
    episode: Episode,
    instrument: Instrument,
    mode: Mode,
    *,
    taken_at: datetime,
    answered_on: date | None = None,
    assignment: Assignment | None = None,
) -> Administration:
    return Administration.objects.create(
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


def _keep(
    actor: Actor, at: datetime, row: Administration, instrument: Instrument, item: str, value: int | None
) -> Answered:
    last = row.answers.filter(item=item).select_related("led_to").order_by("-number").first()
    if last is not None and value_of(last, row.client_id) == value:
        return Answered(last.id, last.led_to.alert_id if hasattr(last, "led_to") else None)
    answer_id = uuid.uuid4()
    sealed = keys.seal_data(keys.client(row.client_id), VALUE_LABEL, answer_id, value)
    number = last.number + 1 if last else 1
    answer = Answer.objects.create(
        id=answer_id, administration=row, item=item, number=number, value_sealed=sealed, at=at, by=actor.account
    )
    return Answered(answer_id, _tell_a_person(actor, at, row, instrument, answer, value))


def _tell_a_person(
    actor: Actor, at: datetime, row: Administration, instrument: Instrument, answer: Answer, value: int | None
) -> UUID | None:
    for needs in answers_needing_a_person(instrument, {answer.item: value}):
        alert_id = raise_alert(
            actor=actor,
            at=at,
            client_id=row.client_id,
            episode_id=row.episode_id,
            rule=needs.code,
            rule_version=needs.instrument_version,
            evidence={
                "code": needs.code,
                "instrument": needs.instrument,
                "item": needs.item,
                "answer": needs.answer,
                "administration": str(row.id),
            },
            severity=needs.severity,
            said_on=row.answered_on,
        )
        AnswerAlert.objects.create(answer=answer, alert_id=alert_id)
        return alert_id
    return None


def _complete(actor: Actor, at: datetime, row: Administration, instrument: Instrument) -> None:
    answers = current_answers([row])[row.id]
    row.completed_at = at
    row.save(update_fields=["completed_at", "taken_at"])
    _keep_scores(at, row, score(instrument, answers))
    for item in missing_safety_item(instrument, answers):
        ItemToAsk.objects.get_or_create(administration=row, item=item, defaults={"raised_at": at})
    _record(actor, at, "submit", row)


def _keep_scores(at: datetime, row: Administration, scored: Scored) -> None:
    drawer = keys.client(row.client_id)
    for scale in scored.scales:
        kept = {"value": scale.value, "reason": scale.reason}
        last = row.scores.filter(scale=scale.key).order_by("-number").first()
        known = keys.unseal_data(drawer, SCORE_LABEL, last.id, last.value_sealed) if last else None
        if last is not None and last.method == scored.method and known == kept:
            continue
        score_id = uuid.uuid4()
        Score.objects.create(
            id=score_id,
            administration=row,
            scale=scale.key,
            number=last.number + 1 if last else 1,
            method=scored.method,
            value_sealed=keys.seal_data(drawer, SCORE_LABEL, score_id, kept),
            n_missing=scale.n_missing,
            prorated=scale.prorated,
            computed_at=at,
        )


def _noon(day: date, at: datetime) -> datetime:
    """When a paper's answers were true, as well as a date can say; never later than now."""
    return min(datetime.combine(day, NOON, practice_zone()), at)


def _record(actor: Actor, at: datetime, what: str, row: Administration) -> None:
    trail.record(
        actor=actor,
        action=what,
        object_type="questionnaire",
        object_id=row.id,
        client=row.client_id,
        at=at,
        reason=row.instrument,
    )
