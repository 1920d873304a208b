"""Names of occasions below the plot, and the first and last score beside their dots."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from rapport.web.components.trend.frame import BETWEEN, SIZE, Anchor, Frame, Label
from rapport.web.components.trend.letters import Box, shortened, width_of
from rapport.web.components.trend.picture import TrendPicture, shown

NEAR = 80  # px: what is drawn farther from a dot than this lies under no label of its score


def occasions(picture: TrendPicture, frame: Frame, across: float) -> Iterator[Label]:
    """Names of occasions under the plot: the first, the last, and as many between as fit."""
    named = {point.x: point.label for point in picture.points if point.label}
    if picture.expected and named and all(label == shown(x) for x, label in named.items()):
        named |= {x: shown(x) for x, _low, _high in picture.expected}
    labels = [_occasion(words, frame.t(x), frame, across) for x, words in sorted(named.items())]
    kept: list[Box] = []
    for label in [*labels[:1], *labels[:0:-1][:1], *labels[1:-1]]:
        box = label.box(frame, across + frame.left + frame.right)
        if not any(box.meets(other, BETWEEN) for other in kept):
            kept.append(box)
            yield label


def _occasion(words: str, t: float, frame: Frame, across: float) -> Label:
    """Under the middle of its occasion; where that leaves the picture, on the side with more room, cut to fit."""
    y, at, wanted = frame.bottom + 19, t * across, width_of(words, SIZE)
    before, after = at + frame.left - 2, across - at + frame.right - 2
    if wanted / 2 <= min(before, after):
        return Label(words, "plot", y, t, 0, "middle")
    if after >= before:
        return Label(shortened(words, after + 8, SIZE), "plot", y, t, -8, "start")
    aside = min(frame.right - 2, 8)
    return Label(shortened(words, before + aside, SIZE), "plot", y, t, aside, "end")


def value_labels(picture: TrendPicture, frame: Frame, across: float) -> list[Label]:
    """The first and the last score as figures, where they hide least."""
    known = picture.known
    ends = [known[0], known[-1]] if len(known) > 1 else known
    dots = [(frame.t(point.x), frame.y(value)) for point, value in known]
    trace = list(_trace(dots, across))
    whole = across + frame.left + frame.right
    kept: list[Label] = []
    for point, value in reversed(ends):
        t, y = frame.t(point.x), frame.y(value)
        anchor, dx = _leaning(t)
        choices = [Label(shown(value), "plot", y + dy, t, dx, anchor, "strong") for dy in (-10, 20, -23, 33)]
        inside = [c for c in choices if frame.top - 16 < c.y - SIZE * 0.8 and c.y < frame.bottom - 1]
        free = [
            c for c in inside or choices if not any(c.box(frame, whole).meets(k.box(frame, whole), 2) for k in kept)
        ]
        if free:
            near = [(x, dot) for x, dot in trace if abs(x - t * across) < NEAR]
            kept.append(min(free, key=_hidden_by(near, frame, whole)))
    return kept


def _leaning(t: float) -> tuple[Anchor, float]:
    if t < 0.03:
        return "start", -4
    return ("end", 4) if t > 0.97 else ("middle", 0)


def _hidden_by(trace: Sequence[tuple[float, float]], frame: Frame, whole: float) -> Callable[[Label], int]:
    def hidden(label: Label) -> int:
        box = label.box(frame, whole)
        inside = (box.left - 2 < frame.left + x < box.right + 2 and box.top - 1 < y < box.bottom + 1 for x, y in trace)
        return sum(inside)

    return hidden


def _trace(dots: Sequence[tuple[float, float]], across: float) -> Iterator[tuple[float, float]]:
    """Points along the drawn line, in pixels."""
    for (t, y), (t2, y2) in pairwise(dots):
        yield from (((t + (t2 - t) * n / 12) * across, y + (y2 - y) * n / 12) for n in range(13))
