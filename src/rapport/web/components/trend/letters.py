"""How wide words are, and how to keep them apart. Widths are those of Inter, rounded up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

_NARROW = set("iljtfr.,:;'’|!()[] ")
_BROAD = set("mwMW%@—…ÆŒ")


def width_of(words: str, size: float) -> float:
    """Upper estimate of the width of a line of text, in pixels."""
    return sum(map(_ems, words)) * size


@cache
def _ems(letter: str) -> float:
    return 0.36 if letter in _NARROW else 0.95 if letter in _BROAD else 0.72 if letter.isupper() else 0.62


def wrapped(words: str, room: float, size: float) -> list[str]:
    """Break at spaces so that each line fits; a word that is too long alone is shortened."""
    lines: list[str] = []
    for word in words.split():
        if lines and width_of(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(shortened(word, room, size))
    return lines


def shortened(words: str, room: float, size: float) -> str:
    """Cut to the room there is, ending in an ellipsis."""
    if width_of(words, size) <= room:
        return words
    kept = words
    while kept and width_of(f"{kept}…", size) > room:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


@dataclass(frozen=True, slots=True)
class Box:
    """Where a label stands, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box, gap: float = 0) -> bool:
        apart = (
            self.right + gap <= other.left
            or other.right + gap <= self.left
            or self.bottom + gap <= other.top
            or other.bottom + gap <= self.top
        )
        return not apart


def stacked(wanted: Sequence[tuple[float, float]], top: float, bottom: float) -> list[float]:
    """Middles of labels, given (wanted middle, height) in rising order, so that none overlap and all stay inside.

    Neighbours that would collide are merged into a block placed around the mean of what they wanted.
    """
    blocks: list[tuple[float, list[float]]] = []  # top of the block, heights in it
    members: list[list[tuple[float, float]]] = []
    for want in wanted:
        group = [want]
        while True:
            heights = [height for _, height in group]
            start = _best_start(group, top, bottom)
            if not blocks or blocks[-1][0] + sum(blocks[-1][1]) <= start:
                break
            group = members.pop() + group
            blocks.pop()
        blocks.append((start, heights))
        members.append(group)
    middles: list[float] = []
    for start, heights in blocks:
        at = start
        for height in heights:
            middles.append(at + height / 2)
            at += height
    return middles


def _best_start(group: Sequence[tuple[float, float]], top: float, bottom: float) -> float:
    total = sum(height for _, height in group)
    offset, wishes = 0.0, 0.0
    for middle, height in group:
        wishes += middle - (offset + height / 2)
        offset += height
    return max(top, min(wishes / len(group), bottom - total))
