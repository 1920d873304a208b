"""Holding new scores against the expected course. The worker does it; a person decides what it means."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from math import isnan
from uuid import UUID

from django.db.models import Max

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.outcomes.signals import SignalReading
from rapport.practice.measures.rules.instruments import instrument_named
from rapport.practice.outcomes.choices import LineInUse
from rapport.practice.outcomes.models import CourseDecision, SignalRead
from rapport.practice.outcomes.queries.unread import UnreadCourse, unread_courses
from rapport.practice.outcomes.rules import READING_LABEL, held_hours, lines_in_use, read_scores
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, require
from rapport.practice.security.policy.actor import Actor, Thing

INSTANT = timedelta(microseconds=1)


@action
def read_new_scores(*, actor: Actor, at: datetime) -> int:
    """Read the next scores that wait, each once and for good; return how many there were.

    That a score was read is recorded alike for every course, so the trail tells nobody whose is off the course.
    """
    require(actor, "run", Thing("system_task"), at=at)
    courses = unread_courses(viewer=actor, at=at)
    lines = lines_in_use({each.instrument for each in courses})
    held = held_hours({each.episode_id for each in courses})
    decided = _last_decisions({each.episode_id for each in courses})
    rows: list[SignalRead] = []
    for each in courses:
        # A signal never counts as known to a decision made while the worker was at it.
        moment = max(at, decided.get(each.episode_id, at - INSTANT) + INSTANT)
        rows.extend(_read(each, lines[each.instrument], held[each.episode_id], moment))
        trail.record(
            actor=actor, action="read_score", object_type="course", object_id=each.episode_id, client=each.client_id,
            at=at,
        )  # fmt: skip
    SignalRead.objects.bulk_create(rows, ignore_conflicts=True)  # another worker may have read them meanwhile
    return len(rows)


def _last_decisions(episode_ids: Collection[UUID]) -> dict[UUID, datetime]:
    made = CourseDecision.objects.filter(episode__in=episode_ids).values_list("episode")
    return dict(made.annotate(Max("decided_at")).order_by())


def _read(course: UnreadCourse, line: LineInUse, held: Sequence[datetime], at: datetime) -> Iterator[SignalRead]:
    readings = _readings(course, line, held)
    for score_id, place in course.waiting:
        reading = readings[place] if readings else None
        row_id = uuid.uuid4()
        yield SignalRead(
            id=row_id,
            score_id=score_id,
            episode_id=course.episode_id,
            instrument=course.instrument,
            session=reading.session if reading else place + 1,
            signal=(reading.signal if reading else None) or "",
            rule=reading.rule if reading and reading.signal else "",
            rung=line.rung,
            model_version=line.version,
            reading_sealed=_sealed(course.client_id, row_id, reading),
            taken_at=course.taken[place],
            read_at=at,
        )


def _readings(course: UnreadCourse, line: LineInUse, held: Sequence[datetime]) -> tuple[SignalReading, ...]:
    """Nothing, where a measure cannot be read any more, or not at this age: no course may hold up the others."""
    try:
        instrument = instrument_named(course.instrument, course.language)
        if not instrument.norms_fit(course.ages):
            return ()
        return read_scores(instrument, course.taken, course.values, held, line)
    except ClinicalError:
        return ()


def _sealed(client_id: UUID, row_id: UUID, reading: SignalReading | None) -> bytes:
    kept = {
        "score": None if reading is None or isnan(reading.score) else reading.score,
        "expected": None if reading is None or reading.expected is None else reading.expected.expected,
        "sd": None if reading is None or reading.expected is None else reading.expected.sd,
        "reasons": [] if reading is None else [str(reason) for reason in reading.reasons],
    }
    return keys.seal_data(keys.client(client_id), READING_LABEL, row_id, kept)
