"""The words of a service report, and what its queries hand to pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rapport.clinical.outcomes.service.parts import ReportPeriod, ServiceReport
from rapport.clinical.statistics.therapist_effects import OwnEffect


class ReportScope(StrEnum):
    """Whose courses a service report is about: those of whoever reads it, or the whole practice's."""

    OWN = "own"
    PRACTICE = "practice"


class ServiceQuestion(StrEnum):
    """What a service report is asked."""

    CHANGED = "changed"
    LEFT_EARLY = "left_early"
    HOW_SOON = "how_soon"
    BESIDE_OTHERS = "beside_others"


class Hidden(StrEnum):
    """Why a service report is not shown."""

    NOTHING_MEASURED = "nothing_measured"
    FEW_THERAPISTS = "few_therapists"


@dataclass(frozen=True, slots=True)
class NamedPeriod:
    """A period one may ask for: everything so far, a calendar year or a quarter of one."""

    code: str
    period: ReportPeriod


@dataclass(frozen=True, slots=True)
class ReportAsked:
    """A period, a question, and the measure to read by (`nhs`: PHQ-9 and GAD-7 together)."""

    scope: ReportScope
    period: str
    question: ServiceQuestion
    reading: str


@dataclass(frozen=True, slots=True)
class ReportOffer:
    """What may be asked: periods, the newest first, and readings, the one used most first, with their titles."""

    periods: tuple[NamedPeriod, ...]
    readings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Conclusions:
    """What the writer of a report concludes; every field is asked for."""

    answer: str = ""
    uncertainty: str = ""
    limits: str = ""
    changes: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class ConclusionsKept:
    """Conclusions as they were last saved; `are_current` while the figures are those they were drawn from."""

    conclusions: Conclusions
    version: int
    at: datetime
    are_current: bool


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """A service report as its reader may see it. Without a report, `hidden` says why; `own_effect` is the reader's.

    `figures` tells this report from one with other figures.
    """

    asked: ReportAsked
    offer: ReportOffer
    period: ReportPeriod
    titles: Mapping[str, str]
    report: ServiceReport | None
    hidden: Hidden | None
    own_effect: OwnEffect | None
    kept: ConclusionsKept | None
    figures: str = ""

    @property
    def version(self) -> int:
        return self.kept.version if self.kept else 0
