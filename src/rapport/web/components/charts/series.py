"""A share over months or quarters, each with its interval. A step without a share leaves a gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

from rapport.web.components.charts.chart import AXIS, Dot, Drawing, Line, Mark, Words
from rapport.web.components.trend.frame import SIZE
from rapport.web.components.trend.letters import width_of

PLOT, TOP = 150, 18


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    name: str
    value: str
    at: float | None = None
    interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class SeriesChart:
    title: str
    points: Sequence[SeriesPoint]

    @property
    def headers(self) -> Sequence[str]:
        return _("When"), _("Share")

    @property
    def rows(self) -> Sequence[Sequence[str]]:
        return [(point.name, point.value) for point in self.points]

    def _t(self, place: int, left: float) -> float:
        return left + (1 - left) * (place + 0.5) / len(self.points)

    def drawing(self, width: float) -> Drawing:
        marks: list[Mark] = []
        left = AXIS / width
        for tick in (0, 0.25, 0.5, 0.75, 1):
            marks.append(Line(left, _y(tick), 1, _y(tick), "t-grid" if tick else "t-axis"))
            marks.append(Words(left, _y(tick) + 4, f"{tick * 100:.0f} %", "", "end", -6))
        return Drawing(TOP + PLOT + 26, [*marks, *self._shares(left), *self._names(width, left)])

    def _shares(self, left: float) -> list[Mark]:
        known = [(place, point) for place, point in enumerate(self.points) if point.at is not None]
        marks: list[Mark] = []
        for (place, point), (following, other) in pairwise(known):
            kind = "t-line" if following == place + 1 else "t-gap"
            marks.append(Line(self._t(place, left), _y(point.at), self._t(following, left), _y(other.at), kind))
        for place, point in known:
            if point.interval is not None:
                low, high = point.interval
                marks.append(Line(self._t(place, left), _y(low), self._t(place, left), _y(high), "c-whisker"))
            marks.append(Dot(self._t(place, left), _y(point.at)))
        return marks

    def _names(self, width: float, left: float) -> list[Mark]:
        """As many names as fit beside each other, counted from the last."""
        room = width * (1 - left) / len(self.points)
        widest = max(width_of(point.name, SIZE) for point in self.points) + 8
        every = max(1, -int(-widest // room))
        shown = [place for place in range(len(self.points)) if (len(self.points) - 1 - place) % every == 0]
        return [Words(self._t(place, left), TOP + PLOT + 20, self.points[place].name, "", "middle") for place in shown]


def _y(share: float | None) -> float:
    return TOP + (1 - (share or 0)) * PLOT
