"""A measure in one line: how it went, as a small picture and a plain sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rapport.practice.measures.queries import MeasureSeries
from rapport.web.components.trend.picture import TrendPicture, TrendPoint


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """What stands on the prep card for one measure."""

    name: str
    sentence: str
    picture: TrendPicture


def lines_of(series: Iterable[MeasureSeries]) -> tuple[MeasureLine, ...]:
    """One line for each measure that has a score."""
    return tuple(_line(each) for each in series if each.known)


def _line(series: MeasureSeries) -> MeasureLine:
    first, last = series.known[0], series.known[-1]
    title = series.instrument.short_title
    day = date_format(timezone.localtime(last.at), "j F")
    said = {"last": _shown(last.value), "first": _shown(first.value), "day": day}
    if last is first:
        sentence = _("%(last)s on %(day)s, the only score so far.") % said
    elif last.value == first.value:
        sentence = _("%(last)s on %(day)s, as at the first time.") % said
    else:
        sentence = _("%(last)s on %(day)s; %(first)s at the first time.") % said
    points = [TrendPoint(_days(first.at, point.at), _day(point.at), point.value) for point in series.known]
    scale = series.instrument.total
    picture = TrendPicture(title, points, scale.low, scale.high, str(series.instrument.direction), sentence=sentence)
    return MeasureLine(title, sentence, picture)


def _days(first: datetime, at: datetime) -> float:
    return (at - first) / timedelta(days=1)


def _day(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j M")


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
