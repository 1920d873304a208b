"""The colours of the pages, read from `tokens.css`, for everything that is not a page.

One source: a letter's picture and the contrast test use what the browser uses.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Literal

Theme = Literal["light", "dark"]

TOKENS = Path(__file__).parent / "static" / "components" / "css" / "tokens.css"

_COLOUR = re.compile(r"--([a-z-]+):\s*light-dark\(\s*(#[0-9a-f]{6})\s*,\s*(#[0-9a-f]{6})\s*\)", re.IGNORECASE)


@lru_cache(maxsize=2)
def palette(theme: Theme) -> dict[str, str]:
    """Colour names to hexadecimal values in one theme."""
    column = {"light": 1, "dark": 2}[theme]
    found = _COLOUR.findall(TOKENS.read_text(encoding="utf-8"))
    return {colours[0]: colours[column].lower() for colours in found}


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, WCAG 2.2: from 1 (none) to 21.

    >>> round(contrast("#ffffff", "#000000"), 1)
    21.0
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
