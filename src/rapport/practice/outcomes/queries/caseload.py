"""Every course in somebody's care: who needs them first, and what the courses come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from rapport.clinical.outcomes.caseload import CaseloadReading, read_caseload
from rapport.clinical.outcomes.course import CourseCode, CourseReading
from rapport.clinical.outcomes.cut_offs import ChangeClass
from rapport.clinical.outcomes.following.thread import OpenEnd, Thread
from rapport.practice.episodes.choices import EpisodeFacts
from rapport.practice.episodes.queries import caseload as episodes_in_care
from rapport.practice.measures.queries import SeriesEnds, caseload_scores
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.outcomes.choices import (
    REVIEW_AFTER,
    SILENT_AFTER_DAYS,
    WELLBEING,
    CaseloadFacts,
    CaseloadLine,
    LineMeasure,
    MeasureCounts,
    NeedsMe,
)
from rapport.practice.outcomes.queries.threads import threads
from rapport.practice.outcomes.rules import ends_of
from rapport.practice.safety.choices import AlertState
from rapport.practice.safety.queries import open_alerts
from rapport.practice.security.audit import trail
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing

ORDER = tuple(NeedsMe)
OFF_COURSE = frozenset(
    {
        NeedsMe.DOES_NOT_OPEN,
        NeedsMe.OFF_TRACK,
        NeedsMe.LOOK_AGAIN,
        NeedsMe.WORSE,
        NeedsMe.LEFT_HEALTHY,
        NeedsMe.LOOK_TOGETHER,
    }
)
NO_SCORE_LATELY = frozenset({NeedsMe.NOTHING_MEASURED, NeedsMe.SILENT})
OPEN_ENDS = {OpenEnd.DECIDE: NeedsMe.OFF_TRACK, OpenEnd.LOOK_AGAIN: NeedsMe.LOOK_AGAIN}
IN_THERAPY = frozenset({"active", "paused", "ending", "follow_up"})


def caseload(*, viewer: Actor, at: datetime) -> CaseloadFacts:
    """All courses, open and over, sorted by who needs somebody and never by a score."""
    require(viewer, "list", Thing("course"), at=at)
    zone = practice_zone()
    episodes = [
        *episodes_in_care(viewer=viewer, at=at),
        *episodes_in_care(viewer=viewer, at=at, closed=True),
    ]
    measured = caseload_scores(viewer=viewer, at=at)
    waiting = [each for each in open_alerts(viewer=viewer, at=at) if each.state == AlertState.OPEN]
    clients, courses = {each.client_id for each in waiting}, {each.episode_id for each in waiting}
    counts, readings = _read_all(measured.series, zone)
    spun = threads(viewer=viewer, at=at)
    today = at.astimezone(zone).date()
    lines = [
        _line(
            each,
            readings.get(each.id, ()),
            spun.get(each.id),
            today,
            has_alert=each.id in courses or (each.is_open and each.client_id in clients),
            is_whole=each.id not in measured.unopened,
        )
        for each in sorted(episodes, key=lambda one: one.client_name.casefold())
    ]
    return CaseloadFacts(tuple(sorted(lines, key=lambda line: ORDER.index(line.needs))), counts)


def worth_a_look(*, viewer: Actor, at: datetime) -> tuple[CaseloadLine, ...]:
    """The open courses whose thread has an open end or whose scores ask for a word, the most pressing first.

    Only these are shown. Of a course on which somebody decided, the thread alone says when it needs them again.
    """
    require(viewer, "list", Thing("course"), at=at)
    zone = practice_zone()
    measured = caseload_scores(viewer=viewer, at=at, sifting=True)
    _, readings = _read_all(measured.series, zone)
    spun = threads(viewer=viewer, at=at)
    today = at.astimezone(zone).date()
    lines = [
        _line(
            each,
            readings.get(each.id, ()),
            spun.get(each.id),
            today,
            has_alert=False,
            is_whole=each.id not in measured.unopened,
        )
        for each in episodes_in_care(viewer=viewer, at=at)
    ]
    shown = sorted((line for line in lines if line.needs in OFF_COURSE), key=lambda line: ORDER.index(line.needs))
    for line in shown:
        trail.reading(actor=viewer, kind="measure", at=at, client=line.episode.client_id)
    return tuple(shown)


def _read_all(
    measured: Mapping[UUID, Sequence[SeriesEnds]], zone: ZoneInfo
) -> tuple[tuple[MeasureCounts, ...], dict[UUID, tuple[LineMeasure, ...]]]:
    """Every measure by one rule for the whole caseload, and the readings by course."""
    by_measure: dict[tuple[str, bool], list[tuple[UUID, SeriesEnds]]] = {}
    for episode_id, found in measured.items():
        for series in found:
            is_judged = series.instrument.norms_fit(series.ages)
            by_measure.setdefault((series.instrument.id, is_judged), []).append((episode_id, series))
    counts, readings = [], dict[UUID, tuple[LineMeasure, ...]]()
    for name in sorted(by_measure):
        pairs = by_measure[name]
        instrument = pairs[0][1].judged
        read = read_caseload([ends_of(series, zone) for _, series in pairs], instrument)
        if name[1]:  # what cannot be judged is in no class, and in no count of classes
            counts.append(_counts(pairs[0][1], read))
        for (episode_id, _), reading in zip(pairs, read.readings, strict=True):
            readings[episode_id] = (*readings.get(episode_id, ()), LineMeasure(instrument, reading))
    return tuple(sorted(counts, key=lambda each: -each.n)), readings


def _counts(series: SeriesEnds, read: CaseloadReading) -> MeasureCounts:
    return MeasureCounts(series.instrument, read.n, read.counts, read.rule, read.own_sample, read.began_healthy)


def _line(
    episode: EpisodeFacts,
    measures: tuple[LineMeasure, ...],
    spun: Thread | None,
    today: date,
    *,
    has_alert: bool,
    is_whole: bool,
) -> CaseloadLine:
    days = [each.reading.last.on for each in measures if each.reading.last is not None]
    last = max(days, default=None)
    reasons = [NeedsMe.ALERT] if has_alert else []
    reasons += [NeedsMe.DOES_NOT_OPEN] if episode.is_open and not is_whole else []
    found = _reasons(episode, measures, spun, last, today)
    reasons.extend(each for each in found if is_whole or each not in NO_SCORE_LATELY)  # the last may be what is shut
    return CaseloadLine(episode, tuple(reasons), measures, last, spun)


def _reasons(
    episode: EpisodeFacts, measures: Sequence[LineMeasure], spun: Thread | None, last: date | None, today: date
) -> Iterator[NeedsMe]:
    """Why this course needs somebody, the most pressing first."""
    if not episode.is_open:
        yield NeedsMe.OVER
        return
    if spun is not None and spun.open_end is not None:
        yield OPEN_ENDS[spun.open_end]
    elif spun is None or not spun.runs:
        yield from _of_the_scores([each.reading for each in measures if each.instrument.concept != WELLBEING])
    if str(episode.state) in IN_THERAPY:
        if last is None:
            yield NeedsMe.NOTHING_MEASURED
        elif (today - last).days > SILENT_AFTER_DAYS:
            yield NeedsMe.SILENT
    yield NeedsMe.NOTHING


def _of_the_scores(distress: Sequence[CourseReading]) -> Iterator[NeedsMe]:
    """One word of the scores is enough."""
    if any(reading.outcome is ChangeClass.DETERIORATED for reading in distress):
        yield NeedsMe.WORSE
    elif any(reading.sentence.code is CourseCode.LEFT_HEALTHY_RANGE for reading in distress):
        yield NeedsMe.LEFT_HEALTHY
    elif any(_no_better_by_review(reading) for reading in distress):
        yield NeedsMe.LOOK_TOGETHER


def _no_better_by_review(reading: CourseReading) -> bool:
    """Measured often enough, no reliable improvement, and still in the clinical range."""
    last = reading.last.value if reading.last is not None else None
    if reading.n < REVIEW_AFTER or reading.outcome is not ChangeClass.UNCHANGED or last is None:
        return False
    return reading.rule.clinical(last) is True
