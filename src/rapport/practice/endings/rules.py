"""What an ending needs before a person may close the course."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from rapport.clinical.endings.kinds import PLANNED, EndingKind
from rapport.clinical.outcomes.service.table import Ending
from rapport.practice.endings.choices import EndingDetails, FinalMeasures, Missing, NegativeEffects
from rapport.practice.endings.models import Closing


class EndingIncomplete(ValueError):
    """Something still stands between the course and its closing."""

    def __init__(self, missing: Iterable[Missing]) -> None:
        self.missing = tuple(missing)
        super().__init__("Not yet: " + ", ".join(self.missing))


class LetterOut(ValueError):
    """This letter was released already; write a new one."""


def missing_from(details: EndingDetails | None, *, has_risk_check: bool) -> tuple[Missing, ...]:
    """What is missing, in the order in which one does it."""
    found = []
    if details is None:
        found.append(Missing.ENDING)
    else:
        if details.negative_effects is NegativeEffects.NOT_ASKED and not _could_not_be_asked(details):
            found.append(Missing.NEGATIVE_EFFECTS)
        if details.final_measures is FinalMeasures.NOT_YET:
            found.append(Missing.FINAL_MEASURES)
    if not has_risk_check:
        found.append(Missing.RISK_CHECK)
    return tuple(found)


def _could_not_be_asked(details: EndingDetails) -> bool:
    """Somebody who stopped without a word, or died, was not there to be asked."""
    return str(details.kind) in {"client_stopped_unannounced", "died"}


def how_courses_ended(episode_ids: Collection[UUID]) -> dict[UUID, Ending]:
    """What a service report knows of each ending: planned, broken off, or neither of both."""
    kinds = Closing.objects.filter(episode__in=list(episode_ids)).values_list("episode_id", "ending__kind")
    return {episode_id: _for_a_report(EndingKind(kind)) for episode_id, kind in kinds}


def _for_a_report(kind: EndingKind) -> Ending:
    if kind in PLANNED:
        return Ending.PLANNED
    return Ending.UNPLANNED if kind is EndingKind.CLIENT_STOPPED_UNANNOUNCED else Ending.OTHER
