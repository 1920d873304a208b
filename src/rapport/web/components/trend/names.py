"""Names of bands, cut-off and lines: beside a wide picture, below a narrow one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from rapport.web.components.trend.frame import LINE, SIZE, Frame, Label, Leader, Sample
from rapport.web.components.trend.letters import stacked, wrapped
from rapport.web.components.trend.picture import TrendPicture, shown


def named_levels(picture: TrendPicture) -> Iterator[tuple[str, float, str]]:
    """What has a name at the side: kind, value, words."""
    starts = sorted(picture.bands)
    for at, (low, high, name) in enumerate(starts):
        top = starts[at + 1][0] if at + 1 < len(starts) else high
        if name:
            yield "band", (low + top) / 2, name
    if picture.cut:
        yield "cut", picture.cut[0], _with_value(picture.cut)
    if picture.reliable:
        yield "reliable", picture.reliable[0], _with_value(picture.reliable)
    if picture.expected:
        _x, low, high = max(picture.expected)
        yield "expected", (low + high) / 2, picture.expected_label or _("expected course")


def _with_value(level: tuple[float, str]) -> str:
    value, name = level
    return name if any(c.isdigit() for c in name) else f"{name}, {shown(value)}"


def beside(named: Sequence[tuple[str, float, str]], frame: Frame) -> tuple[list[Label], list[Leader]]:
    """Names to the right of the plot, each at its height unless another is there already."""
    room = frame.right - 18
    entries = sorted(
        (
            (frame.y(min(max(value, frame.low), frame.high)), wrapped(words, room, SIZE), kind)
            for kind, value, words in named
        ),
        key=lambda entry: entry[0],
    )
    while entries and sum(len(lines) for _y, lines, _kind in entries) * LINE > frame.plot + LINE:
        bands = [entry for entry in entries if entry[2] == "band"]
        entries.remove(bands[len(bands) // 2] if bands else entries[-1])
    middles = stacked([(y, len(lines) * LINE) for y, lines, _kind in entries], frame.top - 7, frame.bottom + 8)
    labels, leaders = [], []
    for (y, lines, kind), middle in zip(entries, middles, strict=True):
        first = middle - len(lines) * LINE / 2 + LINE * 0.75
        labels += [
            Label(line, "gutter", first + n * LINE, dx=16, kind="" if kind == "band" else "level")
            for n, line in enumerate(lines)
        ]
        if kind != "band":
            leaders.append(Leader(y, middle))
    return labels, leaders


def below(
    named: Sequence[tuple[str, float, str]], frame: Frame, width: float
) -> tuple[list[Label], list[Sample], float]:
    """On a narrow picture names stand below it, each beside a sample of its line."""
    labels: list[Label] = []
    samples: list[Sample] = []
    y = frame.height + 16
    for kind, _value, words in named:
        if kind == "band":
            continue
        samples.append(Sample(kind, y - 4))
        for line in wrapped(words, width - 34, SIZE):
            labels.append(Label(line, "key", y, dx=34))
            y += LINE + 2
    names = [words for kind, _value, words in named if kind == "band"]
    for line in wrapped(_("Bands, from below: %(names)s") % {"names": ", ".join(names)}, width, SIZE) if names else ():
        labels.append(Label(line, "key", y))
        y += LINE + 2
    return labels, samples, (y - frame.height - 8) if labels else 0
