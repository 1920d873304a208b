"""Courses with scores, and spreadsheets."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from rapport.clinical.exchange.courses import Columns
from rapport.practice.measures.actions import record_total
from rapport.practice.outcomes.choices import ImportPlan
from rapport.practice.security.policy.actor import Actor
from tests.factories.people import AT, Course

FIRST = date(2026, 1, 5)


def totals(course: Course, instrument_id: str, *values: float, first: date = FIRST, at: datetime = AT) -> None:
    """One total a week, from the first day on."""
    for week, value in enumerate(values):
        record_total(
            actor=course.therapist,
            at=at,
            episode_id=course.episode,
            instrument_id=instrument_id,
            total=value,
            taken_on=first + timedelta(weeks=week),
        )


def a_plan(therapist: Actor) -> ImportPlan:
    """Columns id, week and phq9, week 0 being the first day."""
    return ImportPlan(therapist.account, Columns("id", (("phq9", "phq9"),), week="week", start=FIRST))
