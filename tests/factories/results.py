"""Courses that are over, with a first and a last score: what a service report is made of."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from rapport.clinical.endings.kinds import EndingKind
from rapport.practice.endings.actions import close_course
from rapport.practice.outcomes.actions import conclude
from rapport.practice.outcomes.choices.service import Conclusions, ReportAsked, ReportScope, ServiceQuestion
from rapport.practice.outcomes.queries import service_facts
from rapport.practice.security.policy.actor import Actor
from tests.factories.endings import WHOLE, ended
from tests.factories.outcomes import totals
from tests.factories.people import AT, Course, a_course

if TYPE_CHECKING:
    from tests.factories.world import Someone

BEGAN = datetime(2025, 4, 7, 9, tzinfo=UTC)
LATER = datetime(2026, 3, 2, 9, tzinfo=UTC)
BETTER, WORSE, SAME = (18, 6), (10, 17), (14, 13)
OWN = ReportAsked(ReportScope.OWN, "2025", ServiceQuestion.CHANGED, "phq9")
WHOLE_PRACTICE = replace(OWN, scope=ReportScope.PRACTICE)
SAID = Conclusions(
    answer="Seven of ten clients improved reliably; none became reliably worse.",
    uncertainty="With twelve courses the share may lie anywhere from 40 to 90 %.",
    limits="Nobody was compared.\nTwo have no second score.\nThe therapist asked for the scores.",
    changes="We ask for a last score three sessions before the end. We do not change the length.",
    wrong="If fewer than half improve reliably in the next twelve courses.",
)


def over(
    therapist: Actor,
    scores: tuple[float, ...] = BETTER,
    *,
    kind: EndingKind = EndingKind.PLANNED_MUTUAL,
    began: datetime = BEGAN,
    instruments: tuple[str, ...] = ("phq9",),
) -> Course:
    """A course from its first score to its closing, one score a week."""
    course = a_course(therapist, at=began)
    for instrument in instruments:
        totals(course, instrument, *scores, first=began.date(), at=began + timedelta(weeks=8))
    ended(course, replace(WHOLE, kind=kind), at=began + timedelta(weeks=9))
    close_course(actor=therapist, at=began + timedelta(weeks=9), episode_id=course.episode)
    return course


def concluded(actor: Actor, asked: ReportAsked = OWN, said: Conclusions = SAID, *, at: datetime = LATER) -> UUID:
    """Somebody reads a report and concludes."""
    seen = service_facts(viewer=actor, at=at, asked=asked)
    return conclude(actor=actor, at=at, asked=asked, said=said, version=seen.version, figures=seen.figures)


def report_of_the_world(someone: Someone) -> None:
    """What the therapist concludes from their own courses is theirs alone."""
    from tests.factories.world import Grade

    words = {each.name: someone.say(f"report-{each.name}", Grade.AUTHOR) for each in fields(Conclusions)}
    said = Conclusions(**{**words, "limits": f"{words['limits']}\nTwo.\nThree."})
    concluded(someone.therapist, replace(OWN, period="all"), said, at=AT)
