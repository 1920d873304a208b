"""The words of endings, and what its queries hand to pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from rapport.clinical.endings.kinds import EndingKind
from rapport.clinical.outcomes.course import CourseCode
from rapport.clinical.outcomes.cut_offs import ChangeClass


class EndingEvent(StrEnum):
    """What happens while a course ends."""

    ENDING_RECORDED = "ending_recorded"
    SAFETY_LOOKED_AT = "safety_looked_at"
    LETTER_WRITTEN = "letter_written"
    LETTER_GIVEN = "letter_given"


class NegativeEffects(StrEnum):
    """Whether somebody asked what therapy made worse, and what the answer was."""

    NOT_ASKED = "not_asked"
    YES = "yes"
    NO = "no"
    DECLINED = "declined"


class FinalMeasures(StrEnum):
    """Whether the last measures were asked for."""

    NOT_YET = "not_yet"
    ASKED = "asked"
    NOT_ASKED = "not_asked"


class Missing(StrEnum):
    """What stands between a course and its closing, in the order in which one does it."""

    ENDING = "ending"
    NEGATIVE_EFFECTS = "negative_effects"
    FINAL_MEASURES = "final_measures"
    RISK_CHECK = "risk_check"


@dataclass(frozen=True, slots=True)
class EndingDetails:
    """How a therapy ends. `reason_no_measures` is needed where the last measures are not asked for."""

    kind: EndingKind
    announced_on: date | None = None
    work_done: str = ""
    what_helped: str = ""
    what_did_not: str = ""
    relapse_plan: str = ""
    return_route: str = ""
    negative_effects: NegativeEffects = NegativeEffects.NOT_ASKED
    negative_words: str = ""
    final_measures: FinalMeasures = FinalMeasures.NOT_YET
    reason_no_measures: str = ""


@dataclass(frozen=True, slots=True)
class RiskCheck:
    """The last look at safety: what was asked and said, and whether the client has their safety plan."""

    at: datetime
    by: UUID
    words: str
    has_plan: bool


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """One version of the summary letter."""

    id: UUID
    episode_id: UUID
    client_id: UUID
    client_name: str
    number: int
    text: str
    written_at: datetime
    written_by: UUID
    released_at: datetime | None


@dataclass(frozen=True, slots=True)
class RecordedResult:
    """What the course came to, as it stood when it was closed."""

    at: datetime
    by: UUID
    outcome: ChangeClass | None
    code: CourseCode
    basis: str
    measures: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class EndingFacts:
    """Where an ending stands."""

    episode_id: UUID
    client_id: UUID
    details: EndingDetails | None
    saved_at: datetime | None
    sessions_since_announced: int | None
    risk_check: RiskCheck | None
    letter: LetterFacts | None
    missing: tuple[Missing, ...]
    result: RecordedResult | None
    is_open: bool

    @property
    def may_close(self) -> bool:
        return self.is_open and not self.missing
