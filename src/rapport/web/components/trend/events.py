"""Names of events, in lanes above the plot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapport.web.components.trend.frame import BETWEEN, LINE, SIZE, Anchor, Frame, Label
from rapport.web.components.trend.letters import shortened, width_of
from rapport.web.components.trend.picture import TrendPicture

MAX_LANES = 4
LEAST = 70  # px: a name cut shorter than this says nothing

Way = tuple[Anchor, bool]  # which way a name runs from its line; whether it may be shortened

# Tried in turn for the whole picture; the way that shows most is taken.
WAYS: Sequence[Sequence[Way]] = (
    (("start", False), ("end", False)),
    (("start", False), ("start", True), ("end", False)),
    (("start", True), ("end", True)),
)


@dataclass(frozen=True, slots=True)
class Placed:
    label: Label
    t: float
    lane: int


def event_lanes(
    picture: TrendPicture, frame: Frame, across: float
) -> tuple[int, list[Label], list[tuple[float, float]]]:
    """Names above the plot in as few lanes as keep them apart; one without room keeps its line and stands in the table.

    Gives the number of lanes, the labels, and for each event where its line begins.
    """
    attempts = [_attempt(picture, frame, across, ways) for ways in WAYS]
    placed = max(attempts, key=lambda attempt: (len(attempt), sum(len(p.label.words) for p in attempt)))
    lanes = max((p.lane + 1 for p in placed), default=0)
    named = {p.t for p in placed}
    bare = {frame.t(x) for x, _name in picture.events} - named
    starts = [(p.t, p.label.y + 4) for p in placed] + [(t, 14.0) for t in sorted(bare)]
    return lanes, [p.label for p in placed], starts


def _attempt(picture: TrendPicture, frame: Frame, across: float, ways: Sequence[Way]) -> list[Placed]:
    """Greedy, from the right: a name runs to the right of its line, so the lines of earlier events pass beside it."""
    placed: list[Placed] = []
    for x, name in sorted(picture.events, reverse=True):
        t = frame.t(x)
        choices = (
            Placed(label, t, lane)
            for lane in range(MAX_LANES)
            for label in _choices(name, t, lane, frame, across, ways)
        )
        fitting = next((choice for choice in choices if _fits(choice, placed, frame, across)), None)
        if fitting is not None:
            placed.append(fitting)
    return placed


def _choices(name: str, t: float, lane: int, frame: Frame, across: float, ways: Sequence[Way]) -> Iterator[Label]:
    for anchor, may_shorten in ways:
        forward = anchor == "start"
        room = across * (1 - t) + frame.right - 8 if forward else across * t + 8
        wanted = width_of(name, SIZE)
        if wanted <= room or (may_shorten and room >= LEAST):
            yield Label(shortened(name, room, SIZE), "plot", -lane * LINE, t, -2 if forward else 2, anchor, "event")


def _fits(new: Placed, placed: Sequence[Placed], frame: Frame, across: float) -> bool:
    """No name on another, no line of an event through another's name."""
    whole = across + frame.left + frame.right
    box, line = new.label.box(frame, whole), frame.left + new.t * across
    for old in placed:
        other, other_line = old.label.box(frame, whole), frame.left + old.t * across
        if old.lane == new.lane and box.meets(other, BETWEEN):
            return False
        if new.lane > old.lane and other.left - 3 < line < other.right + 3:
            return False
        if new.lane < old.lane and box.left - 3 < other_line < box.right + 3:
            return False
    return True
