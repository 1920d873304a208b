"""The way of those referred: one bar for each step, as long as its share of the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from rapport.web.components.charts.chart import Box, Drawing, Mark, headed, paragraph

BAR, GAP = 20, 18


@dataclass(frozen=True, slots=True)
class FlowBar:
    """A step; `count` None where the number is not shown. `aside` says who stands aside before the next."""

    name: str
    count: int | None
    value: str
    aside: str = ""


@dataclass(frozen=True, slots=True)
class FlowChart:
    title: str
    bars: Sequence[FlowBar]

    @property
    def headers(self) -> Sequence[str]:
        return _("Step"), _("How many"), _("Who is not in the next step")

    @property
    def rows(self) -> Sequence[Sequence[str]]:
        return [(bar.name, bar.value, bar.aside) for bar in self.bars]

    def drawing(self, width: float) -> Drawing:
        whole = next((bar.count for bar in self.bars if bar.count), 1)
        marks: list[Mark] = []
        y = 0.0
        for bar in self.bars:
            words, y = headed(bar.name, bar.value, y, width)
            marks += words
            if bar.count is None:
                marks.append(Box(0.002, 0.998, y + 5, BAR - 2, "c-gone"))
            else:
                marks += [Box(0, 1, y + 4, BAR, "c-rest"), Box(0, min(1, bar.count / whole), y + 4, BAR, "c-bar")]
            y += BAR + 8
            if bar.aside:
                words, y = paragraph(bar.aside, y, width)
                marks += words
            y += GAP
        return Drawing(y - GAP + 4, marks)
