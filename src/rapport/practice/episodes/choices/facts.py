"""Courses, referrals and assessments, as queries hand them to pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from rapport.clinical.episodes.modality import Modality
from rapport.clinical.episodes.need import NeedDecision
from rapport.clinical.episodes.referral import ProblemDomain, ReferralOutcome, ReferralSource
from rapport.practice.episodes.choices.closed import (
    Alternative,
    EpisodeState,
    Explored,
    GuideSection,
    Missing,
    Need,
    Urgency,
)


@dataclass(frozen=True, slots=True)
class EpisodeFacts:
    """One course of therapy, as its therapist or its client may see it. `therapist_id`: the therapist of record."""

    id: UUID
    client_id: UUID
    client_name: str
    therapist_id: UUID | None
    state: EpisodeState
    state_since: datetime
    opened_at: datetime
    began: datetime | None
    closed_at: datetime | None
    modality: Modality | None = None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class StateMoment:
    """A change of state: when, to what, by whom and why."""

    at: datetime
    state: EpisodeState
    by: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class CareFacts:
    """Who cares for a client, from when to when."""

    id: UUID
    account_id: UUID
    client_id: UUID
    episode_id: UUID
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class ManagedCourse:
    """A course as the practice's manager handles it: whose it is and who cares, nothing else."""

    episode_id: UUID
    client_id: UUID
    client_name: str
    opened_at: datetime
    care: tuple[CareFacts, ...]

    @property
    def carers(self) -> tuple[CareFacts, ...]:
        """Who cares now."""
        return tuple(each for each in self.care if each.ended_at is None)


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem in the client's words, with how much it takes from their life, 0 to 10."""

    domain: ProblemDomain
    words: str
    impact: int


@dataclass(frozen=True, slots=True)
class ReferralDetails:
    """What was typed of a referral."""

    received_on: date
    source: ReferralSource
    urgency: Urgency = Urgency.NOT_STATED
    referrer: str = ""
    reason: str = ""
    consents_to_refer: bool = False
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class ReferralIds:
    """What a new referral made."""

    client_id: UUID
    episode_id: UUID
    referral_id: UUID


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One referral in the inbox. A manager sees no word of it: `source` and `urgency` stay empty."""

    referral_id: UUID
    episode_id: UUID
    client_id: UUID
    client_name: str
    therapist_id: UUID | None
    received_on: date
    days_waiting: int
    outcome: ReferralOutcome | None
    need: Need
    missing: tuple[Missing, ...]
    readable: bool
    source: ReferralSource | None = None
    urgency: Urgency | None = None


@dataclass(frozen=True, slots=True)
class OutcomeFacts:
    """What was decided about a referral, when and why."""

    at: datetime
    by: UUID
    outcome: ReferralOutcome
    reason: str
    where: str


@dataclass(frozen=True, slots=True)
class ReferralFacts:
    """A referral, opened."""

    id: UUID
    episode_id: UUID
    client_id: UUID
    client_name: str
    recorded_at: datetime
    recorded_by: UUID
    days_waiting: int
    consents_to_refer: bool
    details: ReferralDetails
    outcomes: tuple[OutcomeFacts, ...]
    missing: tuple[Missing, ...]

    @property
    def outcome(self) -> ReferralOutcome | None:
        return self.outcomes[-1].outcome if self.outcomes else None


@dataclass(frozen=True, slots=True)
class SectionText:
    """One section of the assessment as it stands."""

    section: GuideSection
    explored: Explored
    text: str
    version: int
    saved_at: datetime | None = None
    by: UUID | None = None


@dataclass(frozen=True, slots=True)
class DecisionDetails:
    """What was decided about the need for therapy, and why."""

    decision: NeedDecision
    reasons: str
    client_view: str = ""
    alternatives: tuple[tuple[Alternative, str], ...] = ()
    social_conditions: str = ""
    importance: int | None = None
    confidence: int | None = None
    where: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """One version of the decision."""

    id: UUID
    number: int
    at: datetime
    by: UUID
    details: DecisionDetails


@dataclass(frozen=True, slots=True)
class NeedSummary:
    """The one page from which the need for therapy is judged; scores come to it from measures."""

    episode: EpisodeFacts
    days_waiting: int | None
    problems: tuple[Problem, ...]
    domains_of_weight: tuple[ProblemDomain, ...]
    decisions: tuple[DecisionFacts, ...]

    @property
    def decision(self) -> DecisionFacts | None:
        return self.decisions[-1] if self.decisions else None
