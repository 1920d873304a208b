"""Answering. Every answer is kept as it is given; one that needs a person only together with its alert."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from uuid import UUID

from rapport.clinical.measures.fhir import read_response
from rapport.clinical.measures.instrument import Instrument
from rapport.clinical.measures.scoring import BadAnswer, check_answer, score, score_total
from rapport.practice.episodes.models import Episode
from rapport.practice.episodes.rules import care_of
from rapport.practice.measures.actions.sheets import Answered, Sheet
from rapport.practice.measures.choices import TYPED, Mode
from rapport.practice.measures.models import Administration, Assignment, ItemToAsk
from rapport.practice.measures.rules.forms import check_paper_date
from rapport.practice.measures.rules.instruments import instrument_named, total_link
from rapport.practice.measures.rules.record import administrations_for, care_episode, current_answers, open_one
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Thing

NOON = time(12)


class FormClosed(Exception):
    """A form that was handed in does not change any more."""


@action
def open_form(*, actor: Actor, at: datetime, assignment_id: UUID) -> UUID:
    """Begin a form, or go on with the one begun: a client their own, a therapist on the device they hand over."""
    rows = Assignment.objects.select_for_update(no_key=True).filter(ended_at=None, episode__closed_at=None)
    mine = {"client_id": actor.client_id} if actor.client_id else {"client__in": care_of(actor, at).values("client")}
    assignment = rows.filter(id=assignment_id, client__erased_at=None, **mine).first()
    if assignment is None:
        raise not_found(actor, "answer", Thing("questionnaire", id=assignment_id), at=at)
    require(actor, "answer", Thing("questionnaire", client=assignment.client_id), at=at)
    begun = open_one(assignment.administrations.filter(completed_at=None).order_by("opened_at"), at)
    if begun is not None:
        return begun.id
    sheet = Sheet.begin(
        actor,
        at,
        assignment.episode,
        instrument_named(assignment.instrument, assignment.language),
        Mode.SELF if actor.client_id else Mode.KIOSK,
        taken_at=at,
        assignment=assignment,
    )
    sheet.record("open")
    return sheet.row.id


@action
def answer_item(*, actor: Actor, at: datetime, administration_id: UUID, item: str, value: int | None) -> Answered:
    """Keep one answer (None: “I prefer to tell you in person”). The same answer twice is one answer."""
    sheet = Sheet.of(_unfinished(actor, at, administration_id), actor, at)
    question = sheet.instrument.item(item)
    if question is None:
        raise BadAnswer(item[:32], f"{sheet.instrument.short_title} has no such item.", "Open the form again.")
    answered = sheet.answer(item, check_answer(question, value))
    sheet.record("answer")
    return answered


@action
def submit_form(*, actor: Actor, at: datetime, administration_id: UUID) -> None:
    """Hand in a form: score it, and note which safety question was left open. Handing in twice is handing in once."""
    row = _locked(actor, at, administration_id)
    if row.completed_at is not None:
        return
    row.taken_at = at
    Sheet.of(row, actor, at).complete()


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
    """Type in a form that was filled in on paper or asked in the session. An alert carries both dates.

    The same answers of the same day are the same paper: pressed twice is kept once.
    """
    if mode not in TYPED:
        raise FormClosed("Only a paper or an interview is typed in.")
    return _typed(actor, at, episode_id, instrument_id, answered_on, mode, answers)


@action
def bring_response(
    *, actor: Actor, at: datetime, episode_id: UUID, instrument_id: str, answered_on: date, raw: str
) -> UUID:
    """Take a FHIR QuestionnaireResponse. Its answers are scored here; the total it states is only kept beside them."""
    care_episode(actor, at, episode_id, "answer")
    found = read_response(raw, instrument_named(instrument_id), total_link(instrument_id))
    return _typed(actor, at, episode_id, instrument_id, answered_on, Mode.IMPORTED, found.answers, stated=found.stated)


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
    taken_at = _noon(taken_on, at)
    sheet = Sheet.begin(actor, at, episode, instrument, mode, taken_at=taken_at, answered_on=taken_on)
    sheet.row.completed_at = at
    sheet.row.save(update_fields=["completed_at"])
    sheet.keep_scores(scored)
    sheet.record("enter_total")
    return sheet.row.id


@action
def recompute_scores(*, actor: Actor, at: datetime, administration_id: UUID) -> None:
    """Compute a form's scores again from its answers. A different result is added; the old one stays."""
    row = _locked(actor, at, administration_id)
    if row.completed_at is None or not row.answers.exists():
        raise FormClosed("Only a form that was handed in with its answers can be scored again.")
    sheet = Sheet.of(row, actor, at)
    sheet.rescore()
    sheet.record("score")


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
    Sheet.of(row.administration, actor, at).record("ask")


def _locked(actor: Actor, at: datetime, administration_id: UUID) -> Administration:
    row = administrations_for(actor, at).select_for_update(no_key=True).filter(id=administration_id).first()
    if row is None:
        raise not_found(actor, "answer", Thing("questionnaire", id=administration_id), at=at)
    require(actor, "answer", Thing("questionnaire", id=row.id, client=row.client_id), at=at)
    return row


def _unfinished(actor: Actor, at: datetime, administration_id: UUID) -> Administration:
    row = _locked(actor, at, administration_id)
    if row.completed_at is not None:
        raise FormClosed("This form was handed in already.")
    return row


def _typed(
    actor: Actor,
    at: datetime,
    episode_id: UUID,
    instrument_id: str,
    answered_on: date,
    mode: Mode,
    answers: Mapping[str, int | None],
    stated: float | None = None,
) -> UUID:
    """A form whose answers all came at once, and that is handed in with them."""
    episode = care_episode(actor, at, episode_id, "answer")
    check_paper_date(answered_on, at.astimezone(practice_zone()).date())
    instrument = instrument_named(instrument_id)
    score(instrument, answers)  # refuses the whole form before anything of it is kept
    taken_at = _noon(answered_on, at)
    if (kept := _kept_before(episode, instrument, mode, answered_on, answers)) is not None:
        return kept
    sheet = Sheet.begin(actor, at, episode, instrument, mode, taken_at=taken_at, answered_on=answered_on)
    for question in instrument.items:
        if question.key in answers:
            sheet.answer(question.key, answers[question.key])
    if stated is not None:
        sheet.keep_stated(stated)
    sheet.complete()
    return sheet.row.id


def _kept_before(
    episode: Episode, instrument: Instrument, mode: Mode, answered_on: date, answers: Mapping[str, int | None]
) -> UUID | None:
    """The same form of the same day, if it is here already. The course is locked: two at once come one by one."""
    Episode.objects.select_for_update(no_key=True).get(id=episode.id)
    same_day = Administration.objects.filter(
        episode=episode,
        instrument=instrument.id,
        version=instrument.version,
        mode=mode,
        answered_on=answered_on,
        completed_at__isnull=False,
    )
    kept = current_answers(list(same_day.order_by("opened_at", "id")))
    given = {item.key: answers[item.key] for item in instrument.items if item.key in answers}
    return next((row_id for row_id, said in kept.items() if said and said == given), None)


def _noon(day: date, at: datetime) -> datetime:
    """When a paper's answers were true, as well as a date can say; never later than now."""
    return min(datetime.combine(day, NOON, practice_zone()), at)
