"""What every chart is, and its two ways of being drawn: fluid on a page, of one width and fixed colours on paper.

Places across are shares of the width, places down are pixels: a page writes the first as per cent, so that shapes
stretch with it while letters keep their size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from rapport.web.components.palette import palette
from rapport.web.components.trend.drawing import INK as TREND_INK
from rapport.web.components.trend.drawing import NARROW, WIDE, Pen, Variant
from rapport.web.components.trend.frame import SIZE
from rapport.web.components.trend.letters import width_of, wrapped

LINE = 16  # px from one line of words to the next
SAMPLE = 26  # px: a piece of line in a key
AXIS = 46  # px: room for “100 %” left of a plot

# What charts.css says with the page's tokens, for paper.
INK = {
    **TREND_INK,
    "c-bar": {"fill": "accent"},
    "c-rest": {"fill": "well"},
    "c-gone": {"fill": "none", "stroke": "edge", "stroke-dasharray": "4 4"},
    "c-span": {"fill": "accent", "opacity": "0.3"},
    "c-other": {"stroke": "clay", "stroke-width": "2"},
    "c-whisker": {"stroke": "accent", "stroke-width": "1.5", "opacity": "0.55"},
    "c-second": {"stroke": "clay", "stroke-width": "2.25", "stroke-dasharray": "7 4"},
    "c-second-span": {"fill": "clay", "opacity": "0.14"},
}


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text with its baseline at `y`; `dx` pixels from its place."""

    t: float
    y: float
    words: str
    kind: str = ""
    anchor: str = "start"
    dx: float = 0

    def drawn(self, pen: ChartPen) -> str:
        moved = f' dx="{self.dx:g}"' if self.dx else ""
        leaning = "" if self.anchor == "start" else f' text-anchor="{self.anchor}"'
        look = pen.look(f"t-text {self.kind}".strip())
        return f'<text {look} x="{pen.x(self.t)}"{moved} y="{self.y:.1f}"{leaning}>{escape(self.words)}</text>'


@dataclass(frozen=True, slots=True)
class Line:
    """From one place to another."""

    t: float
    y: float
    to_t: float
    to_y: float
    kind: str

    def drawn(self, pen: ChartPen) -> str:
        across = f'x1="{pen.x(self.t)}" x2="{pen.x(self.to_t)}"'
        return f'<line {pen.look(self.kind)} {across} y1="{self.y:.1f}" y2="{self.to_y:.1f}"/>'


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle from one place across to another, `high` pixels high."""

    t: float
    to_t: float
    y: float
    high: float
    kind: str

    def drawn(self, pen: ChartPen) -> str:
        across = f'x="{pen.x(self.t)}" width="{pen.x(max(0.0, self.to_t - self.t))}"'
        return f'<rect {pen.look(self.kind)} {across} y="{self.y:.1f}" height="{max(0.0, self.high):.1f}"/>'


@dataclass(frozen=True, slots=True)
class Dot:
    t: float
    y: float
    radius: float = 4.5
    kind: str = "t-dot last"

    def drawn(self, pen: ChartPen) -> str:
        return f'<circle {pen.look(self.kind)} cx="{pen.x(self.t)}" cy="{self.y:.1f}" r="{self.radius:g}"/>'


@dataclass(frozen=True, slots=True)
class Sample:
    """What a kind of line looks like, at the head of its words in a key."""

    y: float
    kind: str

    def drawn(self, pen: ChartPen) -> str:
        return f'<line {pen.look(self.kind)} x1="0" x2="{SAMPLE}" y1="{self.y:.1f}" y2="{self.y:.1f}"/>'


Mark = Words | Line | Box | Dot | Sample


@dataclass(frozen=True, slots=True)
class Drawing:
    """Marks from back to front, and the height they need."""

    height: float
    marks: Sequence[Mark]


class Chart(Protocol):
    """A picture, its words for those who hear the page, and the same as a table."""

    @property
    def title(self) -> str: ...
    @property
    def headers(self) -> Sequence[str]: ...
    @property
    def rows(self) -> Sequence[Sequence[str]]: ...
    def drawing(self, width: float) -> Drawing: ...


@dataclass(frozen=True, slots=True)
class ChartPen(Pen):
    """A pen that knows the kinds of charts too."""

    def look(self, kind: str) -> str:
        if self.colours is None:
            return f'class="{kind}"'
        attributes = INK[kind] if kind in INK else INK[kind.split()[0]]
        return " ".join(f'{name}="{self.colours.get(value, value)}"' for name, value in attributes.items())


def spoken(chart: Chart) -> str:
    """The picture in words: its title and what its rows say."""
    return ". ".join([chart.title, *(": ".join([row[0], ", ".join(filter(None, row[1:]))]) for row in chart.rows)])


def on_page(chart: Chart, variant: Variant) -> SafeString:
    """For a page: as wide as there is room, coloured by its tokens."""
    drawing = chart.drawing(WIDE if variant == "wide" else NARROW)
    pen = ChartPen()
    body = "".join(mark.drawn(pen) for mark in drawing.marks)
    size = f'width="100%" height="{drawing.height:.0f}"'
    return mark_safe(f'<svg {size} aria-hidden="true" focusable="false">{body}</svg>')  # noqa: S308 -- words are escaped


def on_paper(chart: Chart, width: float = 680) -> str:
    """For a letter: one SVG document."""
    drawing = chart.drawing(width)
    pen = ChartPen(width, palette("light"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{drawing.height:.0f}" '
        f'viewBox="0 0 {width:g} {drawing.height:.0f}" font-family="Inter, Noto Sans, sans-serif" font-size="{SIZE}">'
        f"<title>{escape(spoken(chart))}</title>{''.join(mark.drawn(pen) for mark in drawing.marks)}</svg>"
    )


def headed(words: str, value: str, y: float, width: float) -> tuple[list[Mark], float]:
    """Words with their value at the far end, wrapped to the room; the marks, and where the next thing begins."""
    room = width - width_of(value, SIZE) - 16
    lines = wrapped(words, room, SIZE)
    marks: list[Mark] = [Words(0, y + 12 + place * LINE, line, "level") for place, line in enumerate(lines)]
    marks.append(Words(1, y + 12, value, "strong", "end"))
    return marks, y + max(1, len(lines)) * LINE


def paragraph(words: str, y: float, width: float, kind: str = "") -> tuple[list[Mark], float]:
    """Words below each other."""
    lines = wrapped(words, width, SIZE)
    return [Words(0, y + 12 + place * LINE, line, kind) for place, line in enumerate(lines)], y + len(lines) * LINE


def percent_ticks(most: float = 1.0) -> list[float]:
    """Ticks of an axis of shares, the last not below `most`."""
    step = next((step for step in (0.05, 0.1, 0.25) if most <= 4 * step), 0.25)
    last = min(1.0, -(-most // step) * step)
    return [step * place for place in range(round(last / step) + 1)]
