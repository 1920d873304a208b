"""The assessment as it stands: problems, interview, formulation, decision."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from rapport.clinical.episodes.need import NeedDecision
from rapport.clinical.episodes.referral import ProblemDomain
from rapport.practice.episodes.choices import (
    Alternative,
    DecisionDetails,
    DecisionFacts,
    Explored,
    GuideSection,
    NeedSummary,
    Problem,
    SectionText,
)
from rapport.practice.episodes.models import AssessmentText, Episode, NeedDecisionVersion, Referral
from rapport.practice.episodes.queries.courses import episode as episode_facts
from rapport.practice.episodes.rules import days_waiting, find_episode
from rapport.practice.organisation.queries import practice
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.actor import Actor

PROBLEMS = "episodes.problems"
SECTION_TEXT = "episodes.assessment.text"
DECISION_WORDS = "episodes.decision.words"
WEIGHTY = 5


def problems(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[Problem, ...]:
    """The problems of an episode, the heaviest first."""
    return Opened(_read(viewer, at, episode_id, "assessment")).problems()


def sections(*, viewer: Actor, at: datetime, episode_id: UUID) -> dict[GuideSection, SectionText]:
    """Every section of the interview and the formulation as it was last saved; an untouched one has version 0."""
    row = _read(viewer, at, episode_id, "assessment")
    latest: dict[str, AssessmentText] = {}
    for text in row.assessment_texts.order_by("version"):
        latest[text.section] = text
    opened = Opened(row)
    return {
        section: opened.section(latest[section])
        if section in latest
        else SectionText(section, Explored.NOT_EXPLORED, "", 0)
        for section in GuideSection
    }


def section_history(*, viewer: Actor, at: datetime, episode_id: UUID, section: GuideSection) -> tuple[SectionText, ...]:
    """What was written in a section, sitting by sitting, newest first."""
    row = _read(viewer, at, episode_id, "assessment")
    opened = Opened(row)
    return tuple(opened.section(text) for text in row.assessment_texts.filter(section=section).order_by("-version"))


def need_summary(*, viewer: Actor, at: datetime, episode_id: UUID) -> NeedSummary:
    """What the need for therapy is judged from, and every decision so far, oldest first."""
    row = _read(viewer, at, episode_id, "need_decision")
    opened = Opened(row)
    found = opened.problems()
    domains = tuple(dict.fromkeys(each.domain for each in found if each.impact >= WEIGHTY))
    return NeedSummary(
        episode=episode_facts(viewer=viewer, at=at, episode_id=episode_id),
        days_waiting=_days_waiting(viewer, at, row),
        problems=found,
        domains_of_weight=domains,
        decisions=tuple(opened.decision(each) for each in row.need_decisions.order_by("number")),
    )


class Opened:
    """The sealed words of an episode's assessment, opened for somebody who was found to be allowed to read them."""

    def __init__(self, episode: Episode) -> None:
        self.episode = episode
        self.drawer = keys.client(episode.client_id)

    def problems(self) -> tuple[Problem, ...]:
        last = self.episode.problem_lists.order_by("-number").first()
        kept = keys.unseal_data(self.drawer, PROBLEMS, last.id, last.problems_sealed) if last else []
        return tuple(Problem(ProblemDomain(each["domain"]), each["words"], each["impact"]) for each in kept)

    def section(self, row: AssessmentText) -> SectionText:
        kept: dict[str, str] = keys.unseal_data(self.drawer, SECTION_TEXT, row.id, row.words_sealed)
        explored = Explored(kept["explored"])
        return SectionText(GuideSection(row.section), explored, kept["text"], row.version, row.saved_at, row.by)

    def decision(self, row: NeedDecisionVersion) -> DecisionFacts:
        kept = keys.unseal_data(self.drawer, DECISION_WORDS, row.id, row.words_sealed)
        return DecisionFacts(row.id, row.number, row.at, row.by, _decision_details(kept, row.until))


def _decision_details(kept: dict[str, Any], until: date | None) -> DecisionDetails:
    return DecisionDetails(
        decision=NeedDecision(kept["decision"]),
        reasons=kept["reasons"],
        client_view=kept["client_view"],
        alternatives=tuple((Alternative(code), note) for code, note in kept["alternatives"]),
        social_conditions=kept["social_conditions"],
        importance=kept["importance"],
        confidence=kept["confidence"],
        where=kept["where"],
        until=until,
    )


def _read(viewer: Actor, at: datetime, episode_id: UUID, resource: str) -> Episode:
    row = find_episode(viewer, at, episode_id, resource, "read")
    trail.reading(actor=viewer, kind=resource, at=at, client=row.client_id, object_id=row.id)
    return row


def _days_waiting(viewer: Actor, at: datetime, row: Episode) -> int | None:
    """From the day the referral came until the therapy began, or until now."""
    came = Referral.objects.filter(episode=row).values_list("received_on", flat=True).first()
    began = row.states.filter(state="active").order_by("number").values_list("at", flat=True).first()
    return days_waiting(came, began or at, practice(viewer=viewer, at=at).zone) if came else None
