"""A course as a trend picture: its scores by date, the cut-off, the line of reliable change, the published bands."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rapport.clinical.measures.instrument import Instrument
from rapport.clinical.outcomes.course import CourseReading, DatedScore
from rapport.web.components.trend.picture import Band, Event, Level, TrendPicture, TrendPoint


def picture_of(
    instrument: Instrument,
    scores: Sequence[DatedScore],
    reading: CourseReading,
    *,
    sentence: str = "",
    with_lines: bool = True,
    events: Sequence[tuple[date, str]] = (),
    expected: Sequence[tuple[date, float, float]] = (),
    ages: Collection[int | None] = (),
) -> TrendPicture:
    """`with_lines` False leaves out cut-off, reliable change and bands: a client's own picture shows scores alone.

    `expected` is where people who began alike are, from and to, by day. `ages` are those of the person at these scores:
    bands and a cut-off that were published for other ages are left out.
    """
    days = [score.on for score in scores]
    start = min(days, default=date.min)
    years = {day.year for day in days}
    points = [TrendPoint(_weeks(start, each.on), short_day(each.on, years), each.value) for each in scores]
    return TrendPicture(
        title=instrument.title,
        points=points,
        low=instrument.low,
        high=instrument.high,
        direction=str(instrument.direction),
        bands=_bands(instrument, ages) if with_lines else (),
        cut=_cut(instrument, reading, ages) if with_lines else None,
        reliable=_reliable(reading) if with_lines else None,
        expected=[(_weeks(start, day), low, high) for day, low, high in expected] or None,
        expected_label=_("8 of 10 who began alike") if expected else "",
        events=_events(start, days, events),
        sentence=sentence,
    )


def short_day(day: date, years: set[int]) -> str:
    """5 Jan; with its year where a course spans more than one."""
    return date_format(day, "j M" if len(years) < 2 else "j M y")


def _weeks(start: date, day: date) -> float:
    return (day - start).days / 7


def _bands(instrument: Instrument, ages: Collection[int | None]) -> list[Band]:
    return [(band.low, band.high, _(band.label)) for band in instrument.bands_for(ages)]


def _cut(instrument: Instrument, reading: CourseReading, ages: Collection[int | None]) -> Level | None:
    if reading.rule.cut is None or not instrument.norms_fit(ages):
        return None
    return reading.rule.cut, _("usual cut-off")


def _reliable(reading: CourseReading) -> Level | None:
    line = reading.reliable_from
    return None if line is None or reading.near_best else (line, _("reliably better than the start"))


def _events(start: date, days: Sequence[date], events: Sequence[tuple[date, str]]) -> list[Event]:
    last = max(days, default=start)
    return [(_weeks(start, day), words) for day, words in events if start <= day <= last]
