"""The client's own course in plain words: what the numbers did, nothing about classes."""

from __future__ import annotations

from django.utils.translation import gettext as _

from rapport.clinical.outcomes.course import CourseReading
from rapport.practice.outcomes.choices import MeasureCourse
from rapport.web.components.trend.picture import shown

CONCEPTS = ("depression", "anxiety", "wellbeing")


def title(each: MeasureCourse) -> str:
    """What the questions were about, not what the form is called."""
    return {
        "depression": _("Your mood"),
        "anxiety": _("Your worries"),
        "wellbeing": _("How well you are"),
    }.get(each.instrument.concept, each.instrument.short_title)


def sentence(each: MeasureCourse) -> str:
    """What happened to the number, in two short sentences."""
    reading = each.reading
    if reading.n == 0:
        return _("You have not answered these questions yet.")
    if reading.change is None:
        return _("You have answered these questions once. Next time you will see which way it goes.")
    better = _("Lower is better.") if each.instrument.direction == "lower" else _("Higher is better.")
    return f"{_moved(reading)} {better} {_meaning(reading)}".strip()


def _moved(reading: CourseReading) -> str:
    first = reading.first.value if reading.first is not None else None
    last = reading.last.value if reading.last is not None else None
    if first is None or last is None:
        return ""
    values = {"first": shown(first), "last": shown(last)}
    return _("You began at %(first)s and are at %(last)s now.") % values


def _meaning(reading: CourseReading) -> str:
    direction = reading.rule.reliable(reading.change or 0.0)
    if direction is None:
        return ""
    if direction > 0:
        return _("That is a real step: more than the ups and downs these numbers have by chance.")
    if direction < 0:
        return _(
            "That is more than chance. It is worth talking about next time; it does not mean you did anything wrong."
        )
    return _("These numbers go up and down a little by chance, and this is no more than that.")
