"""Figures below each other on one axis, each with its interval and, where there is one, a figure to stand beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from rapport.web.components.charts.chart import Box, Dot, Drawing, Line, Mark, Words, headed, paragraph

GAP, TRACK = 14, 18


@dataclass(frozen=True, slots=True)
class Span:
    """A figure; `at` None where it is not shown and `value` says so. `other` is a published one, drawn as a stroke."""

    name: str
    value: str
    at: float | None = None
    interval: tuple[float, float] | None = None
    other: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class SpanChart:
    """`ticks` are places of the axis with their words; the first and the last are its ends."""

    title: str
    spans: Sequence[Span]
    ticks: Sequence[tuple[float, str]]
    zero: bool = False

    @property
    def headers(self) -> Sequence[str]:
        return _("Figure"), _("Value"), _("Remark")

    @property
    def rows(self) -> Sequence[Sequence[str]]:
        return [(span.name, span.value, span.note) for span in self.spans]

    def _t(self, value: float) -> float:
        low, high = self.ticks[0][0], self.ticks[-1][0]
        return min(1.0, max(0.0, (value - low) / (high - low)))

    def drawing(self, width: float) -> Drawing:
        marks: list[Mark] = []
        y = 0.0
        for span in self.spans:
            words, y = headed(span.name, span.value, y, width)
            marks += words
            if span.at is not None:
                marks += self._track(span, y + TRACK / 2 + 1)
                y += TRACK
            if span.note:
                words, y = paragraph(span.note, y + 2, width)
                marks += words
            y += GAP
        if any(span.at is not None for span in self.spans):
            marks += self._axis(y)
            y += 20
        return Drawing(y, marks)

    def _track(self, span: Span, y: float) -> list[Mark]:
        marks: list[Mark] = [Line(0, y, 1, y, "t-grid")]
        if self.zero:
            marks.append(Line(self._t(0), y - 7, self._t(0), y + 7, "t-axis"))
        if span.interval is not None:
            low, high = span.interval
            marks.append(Box(self._t(low), self._t(high), y - 4, 8, "c-span"))
        if span.other is not None:
            marks.append(Line(self._t(span.other), y - 9, self._t(span.other), y + 9, "c-other"))
        return [*marks, Dot(self._t(span.at or 0), y)]

    def _axis(self, y: float) -> list[Mark]:
        leaning = {0: "start", len(self.ticks) - 1: "end"}
        return [
            Line(0, y - 4, 1, y - 4, "t-axis"),
            *(
                Words(self._t(value), y + 12, words, "", leaning.get(place, "middle"))
                for place, (value, words) in enumerate(self.ticks)
            ),
        ]
