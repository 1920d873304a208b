"""What a trend picture shows, before anything is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite

from django.utils.translation import gettext as _

Band = tuple[float, float, str]  # from, to, name
Level = tuple[float, str]  # value, name
Expected = tuple[float, float, float]  # x, low, high
Event = tuple[float, str]  # x, name


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One occasion. `value` None means asked and not answered: the line shows a gap."""

    x: float
    label: str
    value: float | None
    note: str = ""

    @property
    def known(self) -> float | None:
        return self.value if self.value is not None and isfinite(self.value) else None


@dataclass(frozen=True, slots=True)
class TrendRow:
    """A line of the data table."""

    label: str
    shown: str
    note: str


@dataclass(frozen=True)
class TrendPicture:
    """Scores on a scale from `low` to `high`.

    `direction` says which way is better: "lower", "higher" or "" (neither).
    """

    title: str
    points: Sequence[TrendPoint]
    low: float
    high: float
    direction: str = "lower"
    bands: Sequence[Band] = field(default=())
    cut: Level | None = None
    reliable: Level | None = None
    expected: Sequence[Expected] | None = None
    events: Sequence[Event] = field(default=())
    sentence: str = ""
    expected_label: str = ""

    @cached_property
    def known(self) -> list[tuple[TrendPoint, float]]:
        """Answered points in order of time, with their value."""
        answered = [(point, point.known) for point in sorted(self.points, key=lambda point: point.x)]
        return [(point, value) for point, value in answered if value is not None]

    @property
    def last_shown(self) -> str:
        return shown(self.known[-1][1]) if self.known else "–"

    @property
    def better(self) -> str:
        return {"lower": _("Lower is better."), "higher": _("Higher is better.")}.get(str(self.direction), "")

    @cached_property
    def spoken(self) -> str:
        """The picture in words, for those who hear the page."""
        scale = _("Scale from %(low)s to %(high)s.") % {"low": shown(self.low), "high": shown(self.high)}
        if not self.known:
            return f"{self.title}. {_('Nothing has been answered yet.')}"
        (first, start), (last, end) = self.known[0], self.known[-1]
        if len(self.known) == 1:
            course = _("%(value)s at %(label)s.") % {"value": shown(start), "label": first.label}
        else:
            course = _("From %(start)s at %(first)s to %(end)s at %(last)s, %(count)s answers.") % {
                "start": shown(start),
                "first": first.label,
                "end": shown(end),
                "last": last.label,
                "count": len(self.known),
            }
        level = _("%(name)s at %(value)s.") % {"name": self.cut[1], "value": shown(self.cut[0])} if self.cut else ""
        return " ".join(part for part in (f"{self.title}.", course, scale, self.better, level) if part)

    @property
    def rows(self) -> list[TrendRow]:
        """The data as a table; an event stands with the occasion nearest to it."""
        points = sorted(self.points, key=lambda point: point.x)
        notes: dict[int, list[str]] = {at: [point.note] if point.note else [] for at, point in enumerate(points)}
        for x, name in sorted(self.events):
            if points:
                nearest = min(range(len(points)), key=lambda at: abs(points[at].x - x))
                notes[nearest].append(name)
        return [
            TrendRow(point.label, "" if point.known is None else shown(point.known), "; ".join(notes[at]))
            for at, point in enumerate(points)
        ]


def shown(value: float) -> str:
    """A score as people write it: 9, not 9.0; 4.5, not 4.50."""
    return f"{value:.1f}".removesuffix(".0").replace("-", "−")
