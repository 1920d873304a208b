"""The closed words of this duty and the frozen facts its queries hand to pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from rapport.clinical.episodes.contract import DEFAULT_NOTICE_HOURS, MissedCharge, Terms
from rapport.clinical.episodes.need import NeedDecision
from rapport.clinical.episodes.referral import ProblemDomain, ReferralOutcome, ReferralSource

DEFAULT_LENGTH = 50
MOST_GOALS = 3


class EpisodeState(StrEnum):
    """Where a course of therapy stands."""

    REFERRED = "referred"
    SCREENING = "screening"
    SIGNPOSTED = "signposted"
    DECLINED = "declined"
    WAITING = "waiting"
    ASSESSMENT = "assessment"
    OFFERED = "offered"
    CONTRACTED = "contracted"
    ACTIVE = "active"
    PAUSED = "paused"
    ENDING = "ending"
    FOLLOW_UP = "follow_up"
    CLOSED = "closed"


class Urgency(StrEnum):
    """How soon somebody should be seen, as whoever referred stated it. Not a judgement of ours."""

    NOT_STATED = "not_stated"
    ROUTINE = "routine"
    SOON = "soon"
    URGENT = "urgent"


class Explored(StrEnum):
    """How far a section of the interview went."""

    NOT_EXPLORED = "not_explored"
    EXPLORED = "explored"
    DECLINED = "declined"


class GuideSection(StrEnum):
    """The interview guide, then the formulation that grows beside it."""

    WHY_NOW = "why_now"
    STORY = "story"
    PROBLEMS = "problems"
    RELATIONSHIPS = "relationships"
    LOSSES = "losses"
    HEALTH = "health"
    PREVIOUS_HELP = "previous_help"
    STRENGTHS = "strengths"
    CULTURE = "culture"
    CIRCUMSTANCES = "circumstances"
    SAFETY = "safety"
    HOPES = "hopes"
    PREFERENCES = "preferences"
    MADE_LIKELY = "made_likely"
    SET_OFF = "set_off"
    KEEPS_GOING = "keeps_going"
    HELPS = "helps"
    SHARED_VIEW = "shared_view"


FORMULATION = (
    GuideSection.MADE_LIKELY,
    GuideSection.SET_OFF,
    GuideSection.KEEPS_GOING,
    GuideSection.HELPS,
    GuideSection.SHARED_VIEW,
)
INTERVIEW = tuple(section for section in GuideSection if section not in FORMULATION)


class Alternative(StrEnum):
    """What else could explain the trouble and be looked into before or beside therapy."""

    PHYSICAL_ILLNESS = "physical_illness"
    MEDICATION = "medication"
    SUBSTANCES = "substances"
    BEREAVEMENT = "bereavement"
    NEURODIVERGENCE = "neurodivergence"
    ABUSE_AT_HOME = "abuse_at_home"
    CIRCUMSTANCES = "circumstances"


class AcceptedHow(StrEnum):
    """How an agreement was accepted."""

    PORTAL = "portal"
    PAPER = "paper"


class GoalMark(StrEnum):
    """What became of a goal."""

    REACHED = "reached"
    SET_ASIDE = "set_aside"


class RatedBy(StrEnum):
    """Who gave a rating: the client in the portal, or the therapist with the client in the room."""

    CLIENT = "client"
    THERAPIST = "therapist"


@dataclass(frozen=True, slots=True)
class EpisodeFacts:
    """One course of therapy, as its therapist or its client may see it."""

    id: UUID
    client_id: UUID
    client_name: str
    therapist_id: UUID | None
    state: EpisodeState
    state_since: datetime
    opened_at: datetime
    began: datetime | None
    closed_at: datetime | None

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


class Missing(StrEnum):
    """What a referral still lacks, in the order in which it should be put right."""

    SAFE_CONTACT = "safe_contact"
    CONSENT_TO_REFER = "consent_to_refer"
    REASON = "reason"
    PROBLEMS = "problems"


class Need(StrEnum):
    """Why a referral stands where it stands in the inbox; the first that holds counts."""

    STATED_URGENT = "stated_urgent"
    MAY_NOT_BE_WRITTEN_TO = "may_not_be_written_to"
    STATED_SOON = "stated_soon"
    NOT_DECIDED = "not_decided"
    WAITING = "waiting"


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


@dataclass(frozen=True, slots=True)
class Agreement:
    """Everything client and therapist agree on: the frame of the therapy."""

    length_minutes: int = DEFAULT_LENGTH
    per_week: Decimal = Decimal(1)
    fixed_slot: str = ""
    planned_sessions: int | None = None
    first_review: int = 6
    review_every: int = 10
    place: str = ""
    fee: Decimal = Decimal(0)
    currency: str = "GBP"
    fee_note: str = ""
    notice_hours: int = DEFAULT_NOTICE_HOURS
    charge: MissedCharge = MissedCharge.FULL
    charge_exceptions: str = ""
    late_wait_minutes: int = 15
    ends_on_time: bool = True
    holidays: str = ""
    contact_window: str = ""
    reply_within: str = ""
    channels: str = ""
    crisis: str = ""
    confidentiality: str = ""
    records: str = ""
    supervision: str = ""
    complaints: str = ""
    ending: str = ""

    @property
    def reviews(self) -> tuple[int, ...]:
        """The sessions at which the work is looked at together; the first three where there is no planned end."""
        last = self.planned_sessions or self.first_review + 2 * self.review_every
        return tuple(range(self.first_review, last + 1, self.review_every))


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """One version of the agreement and what became of it."""

    id: UUID
    episode_id: UUID
    client_id: UUID
    number: int
    offered_at: datetime
    offered_by: UUID
    agreement: Agreement
    accepted_at: datetime | None = None
    accepted_how: AcceptedHow | None = None
    signed_on: date | None = None
    signed_by: str = ""
    is_latest: bool = True


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """What booking and counting hours need. Before anything is agreed the house's defaults hold and nothing is due."""

    agreed: bool
    contract_id: UUID | None = None
    length_minutes: int = DEFAULT_LENGTH
    per_week: Decimal = Decimal(1)
    notice_hours: int = DEFAULT_NOTICE_HOURS
    charge: MissedCharge = MissedCharge.NONE
    fee: Decimal = Decimal(0)
    currency: str = ""
    late_wait_minutes: int = 15
    planned_sessions: int | None = None
    reviews: tuple[int, ...] = ()
    contact_window: str = ""
    reply_within: str = ""
    channels: str = ""
    place: str = ""

    @property
    def clinical(self) -> Terms:
        """The terms as attendance calculates with them."""
        return Terms(self.length_minutes, self.per_week, self.fee, self.notice_hours, self.charge)


@dataclass(frozen=True, slots=True)
class GoalPoint:
    """One rating of a goal: 0 not at all, 10 fully reached."""

    at: datetime
    value: int
    by: RatedBy


@dataclass(frozen=True, slots=True)
class GoalSeries:
    """A goal in the client's words, with every rating it was given."""

    id: UUID
    episode_id: UUID
    words: str
    added_at: datetime
    mark: GoalMark | None = None
    points: tuple[GoalPoint, ...] = field(default=())

    @property
    def is_active(self) -> bool:
        return self.mark is None

    @property
    def latest(self) -> GoalPoint | None:
        return self.points[-1] if self.points else None

    @property
    def first(self) -> GoalPoint | None:
        return self.points[0] if self.points else None
