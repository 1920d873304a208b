"""What happened in a course, newest first, as far as this floor reaches: dates and codes, never the text of a note."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time
from uuid import UUID

from rapport.practice.episodes import queries as episodes
from rapport.practice.episodes.choices import Happened
from rapport.practice.episodes.rules import find_episode
from rapport.practice.foundation.prepared import prepared
from rapport.practice.measures import queries as measures
from rapport.practice.measures.queries import MeasureSeries
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.outcomes.choices import OutcomeEvent
from rapport.practice.outcomes.models import BroughtHour, CourseDecision, FieldsThought
from rapport.practice.safety import queries as safety
from rapport.practice.security.audit import trail
from rapport.practice.security.policy.actor import Actor
from rapport.practice.sessions import queries as sessions

NOON = time(12)


def timeline(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[Happened, ...]:
    """Course, hours, notes, safety, measures. What stands above or beside outcomes is added by the page."""
    row = find_episode(viewer, at, episode_id, "course", "read")
    trail.reading(actor=viewer, kind="course", at=at, client=row.client_id, object_id=row.id)
    series = measures.scores(viewer=viewer, at=at, episode_id=row.id)
    found = (*moments(viewer=viewer, at=at, episode_id=row.id, series=series),)
    return (*found, *measures.happened(viewer=viewer, at=at, episode_id=row.id), *_thread(row.id))


def moments(*, viewer: Actor, at: datetime, episode_id: UUID, series: Sequence[MeasureSeries]) -> tuple[Happened, ...]:
    """The same without what was asked for and decided: what the course page shows, newest first."""
    found = [
        *episodes.happened(viewer=viewer, at=at, episode_id=episode_id),
        *safety.happened(viewer=viewer, at=at, episode_id=episode_id),
        *sessions.happened(viewer=viewer, at=at, episode_id=episode_id),
        *_brought(episode_id),
        *_scores(series),
    ]
    return tuple(sorted(found, key=lambda moment: moment.at, reverse=True))


_brought_hours = prepared(lambda course: BroughtHour.objects.filter(episode=course).values_list("day", "attendance"))


def _brought(episode_id: UUID) -> Iterator[Happened]:
    zone = practice_zone()
    for day, code in _brought_hours(episode_id):
        yield Happened(datetime.combine(day, NOON, zone), OutcomeEvent.BROUGHT_HOUR, code, only_a_day=True)


def _thread(episode_id: UUID) -> Iterator[Happened]:
    for at, code in CourseDecision.objects.filter(episode=episode_id).values_list("decided_at", "decision"):
        yield Happened(at, OutcomeEvent.DECIDED, code)
    thought = FieldsThought.objects.filter(signal__episode=episode_id)
    for at in thought.values_list("written_at", flat=True):
        yield Happened(at, OutcomeEvent.THOUGHT_THROUGH)


def _scores(series: Sequence[MeasureSeries]) -> Iterator[Happened]:
    for each in series:
        for point in each.known:
            yield Happened(
                point.at, OutcomeEvent.SCORE, title=each.instrument.short_title, value=point.value,
                id=point.administration_id,
            )  # fmt: skip
