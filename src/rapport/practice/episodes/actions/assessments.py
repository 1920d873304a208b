"""Writing down what the assessment finds, and deciding about the need for therapy."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from rapport.clinical.episodes.need import LEADS_TO_A_CONTRACT, NEEDS_A_DATE, NeedDecision
from rapport.practice.episodes.actions.steps import Course
from rapport.practice.episodes.choices import DecisionDetails, EpisodeState, Explored, GuideSection, Problem
from rapport.practice.episodes.models import AssessmentText, NeedDecisionVersion
from rapport.practice.episodes.queries.assessments import DECISION_WORDS, SECTION_TEXT, Opened
from rapport.practice.episodes.rules import (
    BEFORE_THERAPY,
    EditConflict,
    EpisodeRefused,
    StepNotAllowed,
    check_open,
    check_problems,
    check_scale,
    find_episode,
    words,
)
from rapport.practice.organisation.rules import practice_zone
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action
from rapport.practice.security.policy.actor import Actor

TAB_LENGTH = 32
SITTING = timedelta(hours=2)  # after this long a text becomes a new version, and the old one stays as it was


@action
def set_problems(*, actor: Actor, at: datetime, episode_id: UUID, problems: tuple[Problem, ...]) -> None:
    """Keep the problems as they now stand; the list before stays in the record."""
    course = Course(find_episode(actor, at, episode_id, "assessment", "edit"), actor, at)
    check_open(course.episode)
    course.keep_problems(check_problems(problems))


@action
def save_section(
    *,
    actor: Actor,
    at: datetime,
    episode_id: UUID,
    section: GuideSection,
    explored: Explored,
    text: str,
    version: int,
    tab: str = "",
    tab_sequence: int = 0,
) -> int:
    """Save a section of the assessment as it is being written; return its new version.

    `version` is the one the writer began from. If another was saved meanwhile nothing is overwritten: EditConflict
    carries the other text. Savings of one browser tab may overtake each other; a late one changes nothing.
    """
    course = Course(find_episode(actor, at, episode_id, "assessment", "edit"), actor, at)
    check_open(course.episode)
    kept = {"explored": explored, "text": words("text", text)}
    rows = course.episode.assessment_texts.select_for_update(no_key=True).filter(section=section)
    last = rows.order_by("-version").first()
    if last is not None and tab and last.tab == tab and last.by == actor.id:
        if tab_sequence <= last.tab_sequence:
            return last.version
    elif version != (last.version if last else 0):
        raise EditConflict(Opened(course.episode).section(last).text if last else "", last.version if last else 0)
    return _write_section(course, section, kept, last, tab[:TAB_LENGTH], tab_sequence)


def _write_section(
    course: Course, section: GuideSection, kept: dict[str, str], last: AssessmentText | None, tab: str, sequence: int
) -> int:
    """Write on within a sitting; begin a new row after it, or for another writer."""
    goes_on = last is not None and last.by == course.actor.id and course.at - last.begun_at < SITTING
    row_id = last.id if last is not None and goes_on else uuid.uuid4()
    version = last.version + 1 if last is not None else 1
    fields: dict[str, Any] = {
        "version": version,
        "saved_at": course.at,
        "tab": tab,
        "tab_sequence": sequence,
        "words_sealed": keys.seal_data(course.drawer, SECTION_TEXT, row_id, kept),
    }
    if goes_on:
        AssessmentText.objects.filter(id=row_id).update(**fields)
    else:
        AssessmentText.objects.create(
            id=row_id, episode=course.episode, section=section, begun_at=course.at, by=course.actor.account, **fields
        )
    course.record("edit", "assessment", row_id)
    return version


@action
def decide_need(*, actor: Actor, at: datetime, episode_id: UUID, details: DecisionDetails) -> UUID:
    """Record a decision about the need for therapy, with its reasons. Not therapy is as good an answer as any."""
    course = Course(find_episode(actor, at, episode_id, "need_decision", "create"), actor, at)
    check_open(course.episode)
    if course.state() not in BEFORE_THERAPY - {EpisodeState.REFERRED, EpisodeState.SCREENING}:
        raise StepNotAllowed(
            "decision", _("Accept the referral first; after the agreement the course goes on by itself.")
        )
    kept = _decision(details, at)
    last = course.episode.need_decisions.aggregate(last=Max("number"))["last"] or 0
    decision_id = uuid.uuid4()
    NeedDecisionVersion.objects.create(
        id=decision_id,
        episode=course.episode,
        number=last + 1,
        at=at,
        by=actor.account,
        until=details.until if details.decision in NEEDS_A_DATE else None,
        words_sealed=keys.seal_data(course.drawer, DECISION_WORDS, decision_id, kept),
    )
    course.record("create", "need_decision", decision_id)
    if details.decision in NEEDS_A_DATE:
        course.enter(EpisodeState.WAITING)
    elif details.decision in LEADS_TO_A_CONTRACT and course.state() is EpisodeState.WAITING:
        course.enter(EpisodeState.ASSESSMENT)
    return decision_id


def _decision(details: DecisionDetails, at: datetime) -> dict[str, Any]:
    """The decision as it is kept, or what is wrong with it."""
    if details.decision in NEEDS_A_DATE:
        today = at.astimezone(practice_zone()).date()
        if details.until is None or details.until <= today:
            raise EpisodeRefused("until", _("Until when? Choose a day to come, on which you look again together."))
    scales = {name: getattr(details, name) for name in ("importance", "confidence")}
    for name, value in scales.items():
        if value is not None:
            check_scale(name, value)
    kept = asdict(details)
    del kept["until"]
    return {
        **kept,
        "reasons": words("reasons", details.reasons, required=True),
        "client_view": words("client_view", details.client_view),
        "social_conditions": words("social_conditions", details.social_conditions),
        "where": words("where", details.where, required=details.decision is NeedDecision.OTHER_SERVICE),
        "alternatives": [[code, words("alternatives", note)] for code, note in details.alternatives],
    }
