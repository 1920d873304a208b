"""One course of therapy, read from its first score to its last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from rapport.clinical.measures.norms import Norms
from rapport.clinical.outcomes.caseload import caseload_norms
from rapport.clinical.outcomes.course import read_course
from rapport.clinical.outcomes.episode_result import episode_result
from rapport.clinical.outcomes.yardstick import Basis, yardstick
from rapport.clinical.sessions.attendance import CAME
from rapport.practice.episodes.models import Episode
from rapport.practice.episodes.queries import episode as episode_facts
from rapport.practice.episodes.queries import goal_series
from rapport.practice.episodes.rules import NO_ACCOUNT, find_episode
from rapport.practice.measures.queries import MeasureSeries, caseload_scores, scores
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.outcomes.choices import CourseFacts, LineInUse, MeasureCourse, OutcomeEvent, OwnCourse
from rapport.practice.outcomes.queries.threads import thread_facts
from rapport.practice.outcomes.queries.timeline import moments
from rapport.practice.outcomes.rules import dated, ends_of, expected_course, lines_in_use, sudden_steps
from rapport.practice.security.audit import trail
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.choices import SessionEvent

HOURS = frozenset({SessionEvent.HOUR, OutcomeEvent.BROUGHT_HOUR})


def course(*, viewer: Actor, at: datetime, episode_id: UUID) -> CourseFacts:
    """The course so far, for whoever cares for the client."""
    row = find_episode(viewer, at, episode_id, "course", "read")
    trail.reading(actor=viewer, kind="course", at=at, client=row.client_id, object_id=row.id)
    series = _best_first(scores(viewer=viewer, at=at, episode_id=row.id))
    happened = moments(viewer=viewer, at=at, episode_id=row.id, series=series)
    held = [each.at for each in happened if each.event in HOURS and each.code in CAME]
    lines = lines_in_use({each.instrument_id for each in series})
    measured = tuple(_read(viewer, at, each, lines[each.instrument_id], held) for each in series)
    return CourseFacts(
        episode=episode_facts(viewer=viewer, at=at, episode_id=row.id),
        measures=measured,
        result=episode_result([each.reading for each in measured if not each.is_wellbeing]),
        goals=goal_series(viewer=viewer, at=at, episode_id=row.id),
        timeline=happened,
        sessions_held=len(held),
        thread=thread_facts(viewer=viewer, at=at, row=row, held=held),
    )


def own_course(*, viewer: Actor, at: datetime) -> OwnCourse | None:
    """A client's own course: the open one, or else the last one there was."""
    require(viewer, "read_own", Thing("course", client=viewer.client_id), at=at)
    own = Episode.objects.filter(client_id=viewer.client_id or NO_ACCOUNT)
    row = own.filter(closed_at=None).order_by("-opened_at").first() or own.order_by("-opened_at").first()
    if row is None:
        return None
    trail.reading(actor=viewer, kind="course", at=at, client=row.client_id, object_id=row.id)
    zone = practice_zone()
    series = scores(viewer=viewer, at=at, episode_id=row.id)
    measured = ((each, read_course(dated(each, zone), each.judged)) for each in _best_first(series))
    return OwnCourse(
        episode=episode_facts(viewer=viewer, at=at, episode_id=row.id),
        measures=tuple(MeasureCourse(each, reading, own_sample=False) for each, reading in measured),
        goals=goal_series(viewer=viewer, at=at, episode_id=row.id),
    )


def _best_first(series: Iterable[MeasureSeries]) -> list[MeasureSeries]:
    """Well-being is the first outcome; then what was measured most."""
    return sorted(
        series, key=lambda each: (each.instrument.concept != "wellbeing", -len(each.known), each.instrument_id)
    )


def _read(
    viewer: Actor, at: datetime, series: MeasureSeries, line: LineInUse, held: Sequence[datetime]
) -> MeasureCourse:
    zone = practice_zone()
    norms, own_sample = _norms(viewer, at, series, zone)
    reading = read_course(dated(series, zone), series.judged, norms=norms)
    sudden = sudden_steps(reading.rule, [point.value for point in series.points])
    return MeasureCourse(series, reading, own_sample, expected_course(series, line, held), sudden)


def _norms(viewer: Actor, at: datetime, series: MeasureSeries, zone: ZoneInfo) -> tuple[Norms | None, bool]:
    """The norms to read by: the measure's own, or with the spread of the caseload's first scores."""
    known = series.judged.norms
    if yardstick(series.judged).basis is not Basis.NONE or known.reliability is None:
        return None, False
    everybody = caseload_scores(viewer=viewer, at=at, instrument_id=series.instrument_id).series
    courses = [ends_of(each, zone) for found in everybody.values() for each in found]
    return caseload_norms(courses, series.instrument)
