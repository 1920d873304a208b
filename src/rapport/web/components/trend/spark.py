"""The small picture in a list: its shape for the eye, its meaning in words for a screen reader."""

from __future__ import annotations

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from rapport.web.components.trend.picture import TrendPicture

WIDTH, HEIGHT, EDGE = 110, 36, 4


def spark(picture: TrendPicture) -> SafeString:
    """A line over the whole scale of the measure, so that neighbours in a list can be compared."""
    known = picture.known
    first, last = (known[0][0].x, known[-1][0].x) if known else (0.0, 0.0)
    low, high = min([picture.low, *(v for _, v in known)]), max([picture.high, *(v for _, v in known)])
    dots = [
        (
            EDGE + (WIDTH - 2 * EDGE) * ((point.x - first) / (last - first) if last > first else 1),
            EDGE + (HEIGHT - 2 * EDGE) * ((high - value) / (high - low) if high > low else 0.5),
        )
        for point, value in known
    ]
    line = format_html_join(" ", "{},{}", ((f"{x:.1f}", f"{y:.1f}") for x, y in dots))
    end = (
        format_html('<circle class="t-dot last" cx="{}" cy="{}" r="3"/>', *(f"{v:.1f}" for v in dots[-1]))
        if dots
        else ""
    )
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}" focusable="false">'
        '<line class="t-grid" x1="0" x2="{}" y1="{}" y2="{}"/><polyline class="t-line" points="{}"/>{}</svg>',
        WIDTH, HEIGHT, picture.spoken, WIDTH, HEIGHT - 1, HEIGHT - 1, line, end,
    )  # fmt: skip
