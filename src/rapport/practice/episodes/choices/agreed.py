"""Agreements, the terms other duties count with, and goals."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from rapport.clinical.episodes.contract import DEFAULT_NOTICE_HOURS, MissedCharge, Terms
from rapport.practice.episodes.choices.closed import AcceptedHow, GoalMark, RatedBy

DEFAULT_LENGTH = 50
DEFAULT_HOLIDAY_NOTICE = 4  # weeks


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
    holiday_notice_weeks: int = DEFAULT_HOLIDAY_NOTICE
    contact_window: str = ""
    reply_within: str = ""
    channels: str = ""
    messages: bool = False  # secure messages in the portal
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
    therapist_id: UUID  # of record when it was offered
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
    holiday_notice_weeks: int = DEFAULT_HOLIDAY_NOTICE
    charge: MissedCharge = MissedCharge.NONE
    fee: Decimal = Decimal(0)
    currency: str = ""
    late_wait_minutes: int = 15
    planned_sessions: int | None = None
    reviews: tuple[int, ...] = ()
    contact_window: str = ""
    reply_within: str = ""
    channels: str = ""
    messages: bool = False
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
