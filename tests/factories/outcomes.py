"""Courses with scores, and spreadsheets."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from rapport.clinical.exchange.courses import Columns
from rapport.clinical.outcomes.five_fields import Decision, Fields
from rapport.practice.measures.actions import record_total
from rapport.practice.measures.models import Score
from rapport.practice.measures.rules.record import SCORE_LABEL
from rapport.practice.outcomes.actions import decide
from rapport.practice.outcomes.choices import ImportPlan
from rapport.practice.outcomes.queries import thread
from rapport.practice.outcomes.tasks import read_scores
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.actor import SYSTEM, Actor
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


def read_all(at: datetime = AT) -> int:
    """What the worker does a moment after a score was kept."""
    return read_scores(actor=SYSTEM, at=at)


def off_course(course: Course, *values: float, at: datetime = AT) -> None:
    """A PHQ-9 that leaves the expected course, and the worker has seen it."""
    totals(course, "phq9", *(values or (16, 15, 21)), at=at)
    read_all(at)


def decided(
    course: Course, at: datetime = AT, look_again: int | None = 6, *, words: str = "", fields: Fields | None = None
) -> None:
    """Whoever cares decides to talk about it."""
    facts = thread(viewer=course.therapist, at=at, episode_id=course.episode)
    assert facts is not None
    decide(
        actor=course.therapist, at=at, episode_id=course.episode, version=facts.pending.version, fields=fields or {},
        decision=Decision.TALK_WITH_CLIENT, words=words, look_again=look_again,
    )  # fmt: skip


def scored_anew(course: Course, value: float, *, at: datetime = AT) -> None:
    """A new version of the scoring gives another total of the last form, and the worker reads it."""
    last = Score.objects.filter(administration__episode=course.episode).latest("administration__taken_at")
    score_id = uuid.uuid4()
    Score.objects.create(
        id=score_id, administration_id=last.administration_id, scale="total", number=last.number + 1,
        method=last.method, version=f"{last.version}+", has_value=True, n_missing=0, prorated=False, computed_at=at,
        value_sealed=keys.seal_data(keys.client(course.client), SCORE_LABEL, score_id, {"value": value, "reason": ""}),
    )  # fmt: skip
    read_all(at)
