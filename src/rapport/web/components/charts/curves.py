"""To how many something had happened by when: steps with their intervals, one or two curves in one picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from rapport.web.components.charts.chart import (
    AXIS,
    LINE,
    SAMPLE,
    Box,
    Drawing,
    Line,
    Mark,
    Sample,
    Words,
    percent_ticks,
)

PLOT = 160
KINDS = (("t-line", "t-expected"), ("c-second", "c-second-span"))
MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class Curve:
    """Points are (time, share, low, high); before the first it has happened to nobody."""

    name: str
    points: Sequence[tuple[int, float, float, float]]


@dataclass(frozen=True, slots=True)
class CurveChart:
    """`unit` names what the axis counts."""

    title: str
    curves: Sequence[Curve]
    unit: str

    @property
    def headers(self) -> Sequence[str]:
        return _("What"), self.unit, _("Share by then")

    @property
    def rows(self) -> Sequence[Sequence[str]]:
        """Up to six times of each curve, spread over its length."""
        found = []
        for curve in self.curves:
            every = max(1, -(-len(curve.points) // MOST_TICKS))
            for time, share, low, high in curve.points[every - 1 :: every]:
                words = _("%(share).0f %% (likely %(low).0f to %(high).0f)")
                found.append(
                    (curve.name, str(time), words % {"share": 100 * share, "low": 100 * low, "high": 100 * high})
                )
        return found

    @property
    def _last(self) -> int:
        return max((point[0] for curve in self.curves for point in curve.points), default=1) or 1

    def _t(self, time: float, left: float) -> float:
        return left + (1 - left) * time / self._last

    def drawing(self, width: float) -> Drawing:
        left = AXIS / width
        top = len(self.curves) * (LINE + 4) + 14
        ticks = percent_ticks(max((point[3] for curve in self.curves for point in curve.points), default=1.0))
        marks: list[Mark] = []
        for place, curve in enumerate(self.curves):
            y = place * (LINE + 4) + 10.0
            marks += [Sample(y, KINDS[place][0]), Words(0, y + 4, curve.name, "level", dx=SAMPLE + 8)]
        for tick in ticks:
            y = _y(tick, ticks[-1], top)
            marks.append(Line(left, y, 1, y, "t-grid" if tick else "t-axis"))
            marks.append(Words(left, y + 4, f"{tick * 100:.0f} %", "", "end", -6))
        for place, curve in enumerate(self.curves):
            marks += self._steps(curve, (left, top, ticks[-1]), *KINDS[place])
        return Drawing(top + PLOT + 40, [*marks, *self._axis(top + PLOT + 20, width, left)])

    def _steps(self, curve: Curve, frame: tuple[float, float, float], line: str, span: str) -> list[Mark]:
        left, top, most = frame
        shades: list[Mark] = []
        lines: list[Mark] = []
        before = 0.0
        ends = [point[0] for point in curve.points[1:]] + [self._last]
        since = 0
        for (time, share, low, high), until in zip(curve.points, ends, strict=True):
            t, y, old = self._t(time, left), _y(share, most, top), _y(before, most, top)
            if time > since or not lines:
                lines.append(Line(self._t(since, left), old, t, old, line))
            lines += [Line(t, old, t, y, line), Line(t, y, self._t(until, left), y, line)]
            upper = _y(high, most, top)
            shades.append(Box(t, self._t(until, left), upper, _y(low, most, top) - upper, span))
            before, since = share, until
        return shades + lines

    def _axis(self, y: float, width: float, left: float) -> list[Mark]:
        step = next(step for step in (1, 2, 4, 5, 10, 20, 50, 100, 1000) if self._last / step <= width / 56)
        times = range(0, self._last + 1, step)
        return [
            *(Words(self._t(time, left), y, str(time), "", "middle") for time in times if self._t(time, left) < 0.985),
            Words(1, y + LINE, self.unit, "", "end"),
        ]


def _y(share: float, most: float, top: float) -> float:
    return top + (1 - min(1.0, share / most)) * PLOT
