"""Margins, scales and labels: the measure everything in a picture is placed by."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Literal

from rapport.web.components.trend.letters import Box, width_of
from rapport.web.components.trend.picture import TrendPicture, shown

Column = Literal["axis", "plot", "gutter", "key"]
Anchor = Literal["start", "middle", "end"]

SIZE = 12.5  # px; house law says at least 12
LINE = 15  # px from one line of a label to the next
BETWEEN = 8  # px between labels on the same line
_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)


@dataclass(frozen=True, slots=True)
class Label:
    """One line of text. `t` is its place across the plot, 0 to 1; `dx` pixels from there; `y` its baseline."""

    words: str
    column: Column
    y: float
    t: float = 0
    dx: float = 0
    anchor: Anchor = "start"
    kind: str = ""

    def box(self, frame: Frame, width: float) -> Box:
        """Its box when the whole picture is `width` pixels wide."""
        start = {"axis": 0.0, "key": 0.0, "plot": frame.left, "gutter": width - frame.right}[self.column]
        across = width - frame.left - frame.right if self.column == "plot" else 0
        at, room = start + self.t * across + self.dx, width_of(self.words, SIZE)
        left = {"start": at, "middle": at - room / 2, "end": at - room}[self.anchor]
        return Box(left, self.y - SIZE * 0.8, left + room, self.y + SIZE * 0.25)


@dataclass(frozen=True, slots=True)
class Frame:
    """The margins and scales of one drawing."""

    left: float
    right: float
    top: float
    plot: float  # height of the plot
    height: float
    low: float
    high: float
    first: float
    last: float

    @property
    def bottom(self) -> float:
        return self.top + self.plot

    def y(self, value: float) -> float:
        return self.top + (self.high - value) / (self.high - self.low) * self.plot

    def t(self, x: float) -> float:
        return 0.5 if self.last == self.first else (x - self.first) / (self.last - self.first)


@dataclass(frozen=True, slots=True)
class Leader:
    """A short line from the edge of the plot to the label it belongs to."""

    wanted: float
    placed: float


@dataclass(frozen=True, slots=True)
class Sample:
    """A key entry: what a kind of line or shade looks like, beside its words."""

    kind: str
    y: float


def scale_ticks(low: float, high: float, at_most: int) -> list[float]:
    """Round numbers across the scale."""
    step = next((s for s in _STEPS if (high - low) / s <= at_most - 1 + 1e-9), high - low)
    first = ceil(low / step - 1e-9)
    return [round((first + n) * step, 6) for n in range(at_most + 1) if (first + n) * step <= high + 1e-9]


def frame_for(picture: TrendPicture, *, wide: bool, gutter: bool) -> Frame:
    values = [value for _point, value in picture.known]
    low, high = min([picture.low, *values]), max([picture.high, *values])
    if low == high:
        low, high = low - 1, high + 1
    spots = [point.x for point in picture.points] + [x for x, _low, _high in picture.expected or ()]
    spots += [x for x, _name in picture.events]
    widest = max(width_of(shown(tick), SIZE) for tick in scale_ticks(low, high, 6))
    right = 150.0 if wide and gutter else 14.0
    plot = 230.0 if wide else 180.0
    return Frame(
        max(30.0, widest + 10), right, 20, plot, 20 + plot + 26, low, high, min(spots, default=0), max(spots, default=1)
    )
