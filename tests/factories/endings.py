"""Courses in therapy and their endings."""

from __future__ import annotations

from datetime import datetime

from rapport.clinical.endings.kinds import EndingKind
from rapport.practice.endings.actions import record_ending, record_risk_check, release_letter, write_letter
from rapport.practice.endings.choices import EndingDetails, FinalMeasures, NegativeEffects
from tests.factories.people import AT, Course

WHOLE = EndingDetails(
    kind=EndingKind.PLANNED_MUTUAL,
    what_helped="Being asked what I want",
    relapse_plan="Ring Ada before I stop answering the door",
    negative_effects=NegativeEffects.NO,
    final_measures=FinalMeasures.ASKED,
)


def ended(course: Course, details: EndingDetails = WHOLE, at: datetime = AT) -> Course:
    """Everything a closing needs."""
    record_ending(actor=course.therapist, at=at, episode_id=course.episode, details=details)
    record_risk_check(actor=course.therapist, at=at, episode_id=course.episode, said="Asked; is safe.", has_plan=True)
    return course


def a_released_letter(course: Course, text: str = "Dear Jonas,\n\nyou did this.", at: datetime = AT) -> None:
    letter = write_letter(actor=course.therapist, at=at, episode_id=course.episode, text=text)
    release_letter(actor=course.therapist, at=at, letter_id=letter)
