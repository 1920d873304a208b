"""By which line a score is read: the practice's own if it learned one, else the assumed one, else none."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time
from functools import cache
from math import nan
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.measures.instrument import Instrument
from rapport.clinical.measures.norms import Direction
from rapport.clinical.outcomes.course import CourseEnds, DatedScore
from rapport.clinical.outcomes.expected_course import GrowthModel, Matrix2
from rapport.clinical.outcomes.following.forecast_cards import forecast_cards
from rapport.clinical.outcomes.following.session_clock import session_numbers
from rapport.clinical.outcomes.growth_prior import GAD7_MOMENTS, PHQ9_MOMENTS, Moments, prior_from_moments
from rapport.clinical.outcomes.learned_course import OwnLine
from rapport.clinical.outcomes.patterns.sudden_gains import Step, SuddenKind, sudden_changes
from rapport.clinical.outcomes.signals import Rung, SignalReading, read_signals
from rapport.clinical.outcomes.yardstick import Yardstick, yardstick
from rapport.clinical.sessions.attendance import CAME
from rapport.practice.foundation.prepared import prepared
from rapport.practice.measures.queries import MeasureSeries, SeriesEnds
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.outcomes.choices import Expected, LineInUse
from rapport.practice.outcomes.models import BroughtHour, LearnedLine
from rapport.practice.sessions.models import TherapySession

NOON = time(12)
ASSUMED: Mapping[str, Moments] = {"phq9": PHQ9_MOMENTS, "gad7": GAD7_MOMENTS}
LEAST_CLIENTS = 30  # below it a practice learns nothing of its own: nobody could hide among fewer
LEAST_NEWS = 5  # clients more or fewer, before a line is learned anew
NO_LINE = LineInUse(None, "rational/0")


def dated(series: MeasureSeries, zone: ZoneInfo) -> tuple[DatedScore, ...]:
    """The scores of a series on the practice's calendar."""
    return tuple(DatedScore(point.at.astimezone(zone).date(), point.value) for point in series.points)


def ends_of(series: SeriesEnds, zone: ZoneInfo) -> CourseEnds:
    """The first and the last score of a series on the practice's calendar."""
    ends = (series.first, series.last)
    first, last = (None if end is None else DatedScore(end[0].astimezone(zone).date(), end[1]) for end in ends)
    return CourseEnds(first, last, series.n, series.missing)


@cache
def assumed_line(instrument_id: str) -> GrowthModel | None:
    """What a measure is read by as long as the practice knows nothing of its own."""
    moments = ASSUMED.get(instrument_id)
    return None if moments is None else prior_from_moments(moments)


def _unlearned(instrument_id: str) -> LineInUse:
    prior = assumed_line(instrument_id)
    return NO_LINE if prior is None else LineInUse(OwnLine(Rung.PRIOR, 0, (prior,)), f"prior/{instrument_id}/1")


def lines_in_use(instrument_ids: Collection[str]) -> dict[str, LineInUse]:
    """The line of each of these measures, in one statement."""
    found = {each: _unlearned(each) for each in instrument_ids}
    for row in _learned(tuple(sorted(found))):
        models = tuple(from_parameters(kept) for kept in row.parameters["models"])
        own = OwnLine(Rung(row.rung), row.n_clients, models, tuple(row.parameters["edges"]))
        found[row.instrument] = LineInUse(own, f"practice/{row.instrument}/{row.number}")
    return found


@prepared
def _learned(instruments: tuple[str, ...]) -> QuerySet[LearnedLine]:
    return LearnedLine.objects.filter(instrument__in=instruments).order_by("number")


def as_parameters(line: OwnLine) -> dict[str, Any]:
    """What was learned as it is kept."""
    return {"models": [_as_parameters(model) for model in line.models], "edges": line.edges}


def _as_parameters(model: GrowthModel) -> dict[str, Any]:
    return {
        "beta": model.beta,
        "d": model.d,
        "sigma2": model.sigma2,
        "beta_cov": model.beta_cov,
        "intake_mean": model.intake_mean,
        "intake_sd": model.intake_sd,
        "source": model.source,
    }


def from_parameters(kept: Mapping[str, Any]) -> GrowthModel:
    """A line as it was kept."""
    (a, b), (c, d) = kept["d"]
    covariance: Matrix2 = ((a, b), (c, d))
    of_beta = kept["beta_cov"]
    return GrowthModel(
        beta=tuple(kept["beta"]),
        d=covariance,
        sigma2=kept["sigma2"],
        beta_cov=None if of_beta is None else tuple(tuple(row) for row in of_beta),
        source=kept["source"],
        intake_mean=kept["intake_mean"],
        intake_sd=kept["intake_sd"],
    )


def held_hours(episode_ids: Collection[UUID]) -> dict[UUID, list[datetime]]:
    """When somebody came, of each of these courses; an hour known from a file stands at noon."""
    found: dict[UUID, list[datetime]] = {each: [] for each in episode_ids}
    came = TherapySession.objects.filter(episode__in=found, attendance__in=CAME)
    for episode_id, start in came.values_list("episode_id", "planned_start"):
        found[episode_id].append(start)
    zone = practice_zone()
    brought = BroughtHour.objects.filter(episode__in=found, attendance__in=CAME)
    for episode_id, day in brought.values_list("episode_id", "day"):
        found[episode_id].append(datetime.combine(day, NOON, zone))
    return found


def read_scores(
    instrument: Instrument, taken: Sequence[datetime], values: Sequence[float | None], held: Sequence[datetime],
    line: LineInUse,
) -> tuple[SignalReading, ...]:  # fmt: skip
    """Every score of one course against the expected course, in the order of time."""
    return read_signals(
        [nan if value is None else value for value in values],
        session_numbers(taken, held),
        yardstick=yardstick(instrument),
        model=line.model_for(values),
        rung=line.rung,
        model_version=line.version,
    )


def expected_course(series: MeasureSeries, line: LineInUse, held: Sequence[datetime]) -> Expected | None:
    """A course against its expected course as it reads now; None where nothing tells what to expect of this person."""
    if not series.instrument.norms_fit(series.ages):
        return None
    taken, values = [point.at for point in series.points], [point.value for point in series.points]
    model, rule = line.model_for(values), yardstick(series.instrument)
    try:
        readings = read_scores(series.instrument, taken, values, held, line)
        cards = forecast_cards(readings, model=model, yardstick=rule, n_clients=line.n_clients) if model else ()
    except ClinicalError:
        return None
    return Expected(line, readings, cards) if any(each.signal is not None for each in readings) else None


def sudden_steps(rule: Yardstick, values: Sequence[float | None]) -> tuple[Step, ...]:
    """Large, lasting steps from one score to the next, gains and losses, where something tells change from error."""
    if rule.least_change is None:
        return ()
    best = rule.low if rule.direction is Direction.LOWER else rule.high
    return tuple(
        step
        for kind in SuddenKind
        for step in sudden_changes(
            values, least_change=rule.least_change, kind=kind, direction=rule.direction, best=best
        )
    )
