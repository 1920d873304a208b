"""Every pair of colours that meets on a page can be told apart, in both themes (WCAG 2.2 AA)."""

from __future__ import annotations

from typing import get_args

import pytest

from rapport.web.components.palette import Theme, contrast, palette

WORDS = [
    *((ink, ground) for ink in ("ink", "ink-soft") for ground in ("paper", "sheet", "well", "accent-wash")),
    *((ink, ground) for ink in ("ink",) for ground in ("clay-wash", "rose-wash", "plum-wash", "moss-wash")),
    *(
        (tone, ground)
        for tone in ("accent", "clay", "rose", "plum", "moss")
        for ground in ("paper", "sheet", f"{tone}-wash")
    ),
    ("accent-deep", "sheet"),
    ("accent-deep", "paper"),
    ("accent-ink", "accent"),
    ("accent-ink", "accent-deep"),
    ("rose-ink", "rose"),
    ("clay", "clay-wash"),
    ("ink-soft", "plum-wash"),
]
SHAPES = [
    (shape, ground) for shape in ("edge", "accent", "rose", "clay", "plum") for ground in ("paper", "sheet", "well")
]


@pytest.mark.parametrize("theme", get_args(Theme))
@pytest.mark.parametrize(("ink", "ground"), WORDS)
def test_words_stand_out(theme: Theme, ink: str, ground: str) -> None:
    colours = palette(theme)
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", get_args(Theme))
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_shapes_stand_out(theme: Theme, shape: str, ground: str) -> None:
    colours = palette(theme)
    assert contrast(colours[shape], colours[ground]) >= 3


def test_both_themes_have_the_same_names() -> None:
    assert palette("light").keys() == palette("dark").keys()
    assert len(palette("light")) >= 20
