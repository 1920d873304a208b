"""A document of sections, the same on a page and on paper: what it says in words, in pictures and in points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapport.clinical.kernel.cards import NumberCard
from rapport.web.components.charts import Chart


@dataclass(frozen=True, slots=True)
class Section:
    """Paragraphs, then pictures, then points; cards stand on a page only. `note` is said last and softly.

    `waits` says that there is nothing to show yet, and the paragraph why.
    """

    id: str
    title: str
    paragraphs: Sequence[str] = ()
    charts: Sequence[Chart] = ()
    points: Sequence[str] = ()
    cards: Sequence[NumberCard] = ()
    note: str = ""
    waits: bool = False
