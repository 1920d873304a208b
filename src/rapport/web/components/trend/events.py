"""Names of events, in lanes above the plot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rapport.web.components.trend.frame import BETWEEN, LINE, SIZE, Frame, Label
from rapport.web.components.trend.letters import shortened, width_of
from rapport.web.components.trend.picture import TrendPicture

MAX_LANES = 4


def event_lanes(
    picture: TrendPicture, frame: Frame, across: float
) -> tuple[int, list[Label], list[tuple[float, float]]]:
    """Names of events above the plot, in as few lanes as keep them apart; the rest keep their line and the table."""
    whole = across + frame.left + frame.right
    placed: list[tuple[Label, float, int]] = []
    bare: list[float] = []
    for x, name in sorted(picture.events, reverse=True):
        t = frame.t(x)
        words = shortened(name, across * 0.9, SIZE)
        choice = next(
            (
                (label, lane)
                for lane in range(MAX_LANES)
                for label in _event_choices(words, t, lane, across)
                if _fits_lane(label, t, lane, placed, frame, whole)
            ),
            None,
        )
        if choice is None:
            bare.append(t)
        else:
            placed.append((choice[0], t, choice[1]))
    lanes = max((lane + 1 for _label, _t, lane in placed), default=0)
    starts = [(t, label.y + 4) for label, t, _lane in placed] + [(t, 14.0) for t in bare]
    return lanes, [label for label, _t, _lane in placed], starts


def _event_choices(words: str, t: float, lane: int, across: float) -> Iterator[Label]:
    y = -lane * LINE
    room = width_of(words, SIZE)
    if t * across + room <= across + 8:
        yield Label(words, "plot", y, t, -2, "start", "event")
    if t * across - room >= -8:
        yield Label(words, "plot", y, t, 2, "end", "event")


def _fits_lane(
    label: Label, t: float, lane: int, placed: Sequence[tuple[Label, float, int]], frame: Frame, whole: float
) -> bool:
    """No label on another, no line of an event through another's name."""
    box = label.box(frame, whole)
    line = frame.left + t * (whole - frame.left - frame.right)
    for other, other_t, other_lane in placed:
        other_box = other.box(frame, whole)
        other_line = frame.left + other_t * (whole - frame.left - frame.right)
        if other_lane == lane and box.meets(other_box, BETWEEN):
            return False
        if lane > other_lane and other_box.left - 3 < line < other_box.right + 3:
            return False
        if lane < other_lane and box.left - 3 < other_line < box.right + 3:
            return False
    return True
