"""The picture as SVG: fluid for a page, of one width and with fixed colours for a letter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from rapport.web.components.palette import Theme, palette
from rapport.web.components.trend.frame import SIZE, Column, Label
from rapport.web.components.trend.layout import Layout, lay_out
from rapport.web.components.trend.picture import TrendPicture

Variant = Literal["narrow", "wide"]

NARROW = 264  # px: the least room a picture has on a phone of 360
WIDE = 576  # px: from here on the wide drawing is shown (trend.css)

# One place for both themes of a letter; on a page trend.css says the same with the page's own tokens.
INK: dict[str, dict[str, str]] = {
    "t-grid": {"stroke": "line"},
    "t-axis": {"stroke": "edge"},
    "t-band": {"fill": "ink-soft", "opacity": "0.05"},
    "t-expected": {"fill": "accent", "opacity": "0.13"},
    "t-cut": {"stroke": "ink-soft", "stroke-width": "1.25", "stroke-dasharray": "6 4"},
    "t-reliable": {"stroke": "ink-soft", "stroke-width": "1.5", "stroke-dasharray": "1.5 4", "stroke-linecap": "round"},
    "t-leader": {"stroke": "edge", "fill": "none", "opacity": "0.7"},
    "t-event": {"stroke": "clay", "opacity": "0.6"},
    "t-line": {"stroke": "accent", "fill": "none", "stroke-width": "2.25", "stroke-linejoin": "round"},
    "t-gap": {"stroke": "accent", "fill": "none", "stroke-width": "1.5", "stroke-dasharray": "3 4"},
    "t-dot": {"fill": "sheet", "stroke": "accent", "stroke-width": "2"},
    "t-dot last": {"fill": "accent", "stroke": "accent", "stroke-width": "2"},
    "t-text": {"fill": "ink-soft"},
    "t-text level": {"fill": "ink"},
    "t-text strong": {
        "fill": "ink",
        "font-weight": "600",
        "paint-order": "stroke",
        "stroke": "sheet",
        "stroke-width": "3",
        "stroke-linejoin": "round",
    },
    "t-text event": {"fill": "clay"},
}


@dataclass(frozen=True, slots=True)
class Pen:
    """How places across the plot are written: in per cent on a page, in pixels in a letter."""

    across: float | None = None  # width of the plot, if it has one
    colours: dict[str, str] | None = None

    def x(self, t: float) -> str:
        return f"{t * 100:.2f}%" if self.across is None else f"{t * self.across:.1f}"

    def point(self, t: float, y: float) -> str:
        return f"{t * (1000 if self.across is None else self.across):.1f},{y:.1f}"

    def look(self, kind: str) -> str:
        """The class for a page, the attributes for a letter."""
        if self.colours is None:
            return f'class="{kind}"'
        attributes = INK[kind] if kind in INK else INK[kind.split()[0]]
        return " ".join(f'{name}="{self.colours.get(value, value)}"' for name, value in attributes.items())


def fluid(picture: TrendPicture, variant: Variant) -> SafeString:
    """Three drawings side by side (scale, plot, names) and, when narrow, the key below; `trend.css` lays them out."""
    wide = variant == "wide"
    layout = lay_out(picture, WIDE if wide else NARROW, wide=wide)
    frame, pen = layout.frame, Pen()
    plot_height = frame.bottom + 26
    columns = [
        ("t-scale", f'width="{frame.left:.0f}" height="{plot_height:.0f}"', _texts(layout, "axis", pen)),
        ("t-plot", f'width="100%" height="{plot_height:.0f}"', _plot(picture, layout, pen)),
        ("t-names", f'width="{frame.right:.0f}" height="{plot_height:.0f}"', _names(layout, pen)),
    ]
    drawn = [_svg(name, size, body) for name, size, body in columns]
    if layout.samples or any(label.column == "key" for label in layout.labels):
        depth = frame.height - plot_height
        key = f'<g transform="translate(0 {-plot_height:.1f})">{"".join(_key(layout, pen))}</g>'
        drawn.append(_svg("t-key", f'width="100%" height="{depth:.0f}"', [key]))
    return mark_safe("".join(drawn))  # noqa: S308 -- every word in it went through escape()


def svg_string(picture: TrendPicture, width: float = 720, theme: Theme = "light") -> str:
    """The whole picture as one SVG document of a fixed width, for letters and reports."""
    wide = width >= WIDE
    layout = lay_out(picture, width, wide=wide)
    frame = layout.frame
    across = width - frame.left - frame.right
    pen = Pen(across, palette(theme))
    body = [
        *_texts(layout, "axis", pen),
        f'<g transform="translate({frame.left:.1f} 0)">{"".join(_plot(picture, layout, pen))}</g>',
        f'<g transform="translate({width - frame.right:.1f} 0)">{"".join(_names(layout, pen))}</g>',
        *_key(layout, pen),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{frame.height:.0f}" '
        f'viewBox="0 0 {width:g} {frame.height:.0f}" font-family="Inter, Noto Sans, sans-serif" font-size="{SIZE}">'
        f"<title>{escape(picture.spoken)}</title>{''.join(body)}</svg>"
    )


def _svg(name: str, size: str, body: Sequence[str]) -> str:
    return f'<svg class="{name}" {size} aria-hidden="true" focusable="false">{"".join(body)}</svg>'


def _plot(picture: TrendPicture, layout: Layout, pen: Pen) -> list[str]:
    frame = layout.frame
    shapes = [*_bands(picture, layout, pen), *_expected(picture, layout, pen)]
    traces = list(_traces(picture, layout, pen))
    if pen.across is None:
        box = (
            f'viewBox="0 0 1000 {frame.bottom:.1f}" preserveAspectRatio="none" width="100%" height="{frame.bottom:.1f}"'
        )
        shapes, traces = ([f"<svg {box}>{''.join(part)}</svg>" if part else ""] for part in (shapes, traces))
    return [
        *shapes,
        *(
            _across(y, pen, "t-axis" if tick == layout.ticks[0] else "t-grid")
            for tick in layout.ticks
            for y in [frame.y(tick)]
        ),
        *(_across(frame.y(level[0]), pen, kind) for level, kind in _levels(picture, layout)),
        *(_upright(t, start, frame.bottom, pen) for t, start in layout.events),
        *traces,
        *_dots(picture, layout, pen),
        *_texts(layout, "plot", pen),
    ]


def _levels(picture: TrendPicture, layout: Layout) -> Iterator[tuple[tuple[float, str], str]]:
    for level, kind in ((picture.cut, "t-cut"), (picture.reliable, "t-reliable")):
        if level and layout.frame.low <= level[0] <= layout.frame.high:
            yield level, kind


def _across(y: float, pen: Pen, kind: str) -> str:
    return f'<line {pen.look(kind)} x1="0" x2="{pen.x(1)}" y1="{y:.1f}" y2="{y:.1f}"/>'


def _upright(t: float, start: float, end: float, pen: Pen) -> str:
    return f'<line {pen.look("t-event")} x1="{pen.x(t)}" x2="{pen.x(t)}" y1="{start:.1f}" y2="{end:.1f}"/>'


def _bands(picture: TrendPicture, layout: Layout, pen: Pen) -> Iterator[str]:
    """Every second band has a shade, so that neighbours can be told apart without colour."""
    frame, starts = layout.frame, sorted(picture.bands)
    for at, (low, high, _name) in enumerate(starts):
        top = starts[at + 1][0] if at + 1 < len(starts) else max(high, frame.high)
        if at % 2:
            corners = ((0, top), (1, top), (1, low), (0, low))
            yield _polygon([(t, frame.y(min(max(v, frame.low), frame.high))) for t, v in corners], pen, "t-band")


def _expected(picture: TrendPicture, layout: Layout, pen: Pen) -> Iterator[str]:
    frame = layout.frame
    band = [
        (frame.t(x), *(frame.y(min(max(v, frame.low), frame.high)) for v in (low, high)))
        for x, low, high in sorted(picture.expected or ())
    ]
    if len(band) > 1:
        yield _polygon(
            [(t, high) for t, _low, high in band] + [(t, low) for t, low, _high in reversed(band)], pen, "t-expected"
        )


def _polygon(corners: Sequence[tuple[float, float]], pen: Pen, kind: str) -> str:
    return f'<polygon {pen.look(kind)} points="{" ".join(pen.point(t, y) for t, y in corners)}"/>'


def _traces(picture: TrendPicture, layout: Layout, pen: Pen) -> Iterator[str]:
    """The line; across an occasion without an answer it is broken."""
    frame = layout.frame
    pieces: list[list[str]] = [[]]
    broken = False
    for point in sorted(picture.points, key=lambda point: point.x):
        if point.known is None:
            broken = True
            continue
        here = pen.point(frame.t(point.x), frame.y(point.known))
        if broken and pieces[-1]:
            yield f'<polyline {pen.look("t-gap")} points="{pieces[-1][-1]} {here}"/>'
            pieces.append([])
        broken = False
        pieces[-1].append(here)
    yield from (f'<polyline {pen.look("t-line")} points="{" ".join(piece)}"/>' for piece in pieces if len(piece) > 1)


def _dots(picture: TrendPicture, layout: Layout, pen: Pen) -> Iterator[str]:
    frame, known = layout.frame, picture.known
    radius = 4 if len(known) <= 24 else 2.5
    for at, (point, value) in enumerate(known):
        kind = "t-dot last" if at == len(known) - 1 else "t-dot"
        yield f'<circle {pen.look(kind)} cx="{pen.x(frame.t(point.x))}" cy="{frame.y(value):.1f}" r="{radius}"/>'


def _names(layout: Layout, pen: Pen) -> list[str]:
    leaders = [
        f'<polyline {pen.look("t-leader")} points="2,{at.wanted:.1f} 6,{at.wanted:.1f} 12,{at.placed:.1f}"/>'
        for at in layout.leaders
    ]
    return leaders + _texts(layout, "gutter", pen)


def _key(layout: Layout, pen: Pen) -> list[str]:
    samples = []
    for sample in layout.samples:
        if sample.kind == "expected":
            samples.append(f'<rect {pen.look("t-expected")} x="0" y="{sample.y - 6:.1f}" width="26" height="12"/>')
        else:
            samples.append(
                f'<line {pen.look(f"t-{sample.kind}")} x1="0" x2="26" y1="{sample.y:.1f}" y2="{sample.y:.1f}"/>'
            )
    return samples + _texts(layout, "key", pen)


def _texts(layout: Layout, column: Column, pen: Pen) -> list[str]:
    return [_text(label, pen) for label in layout.labels if label.column == column]


def _text(label: Label, pen: Pen) -> str:
    x = pen.x(label.t) if label.column == "plot" else "0"
    moved = f' dx="{label.dx:g}"' if label.dx else ""
    leaning = "" if label.anchor == "start" else f' text-anchor="{label.anchor}"'
    kind = f"t-text {label.kind}".strip()
    return f'<text {pen.look(kind)} x="{x}"{moved} y="{label.y:.1f}"{leaning}>{escape(label.words)}</text>'
