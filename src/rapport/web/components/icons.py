"""Lucide's drawings, inlined: no icon font, no request.

Drawn once per name and kept as text; a page of a hundred icons costs a hundred look-ups.
"""

import re
from functools import lru_cache
from importlib.resources import files
from zipfile import ZipFile

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


class UnknownIcon(LookupError):
    """The name is not one of Lucide's."""


@lru_cache(maxsize=256)
def _shapes(name: str) -> str:
    with files("lucide").joinpath("lucide.zip").open("rb") as stored, ZipFile(stored) as drawings:
        try:
            drawing = drawings.read(f"{name}.svg").decode()
        except KeyError:
            raise UnknownIcon(name) from None
    inside = re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.DOTALL)
    if inside is None:
        raise UnknownIcon(name)
    return re.sub(r"\s*\n\s*", "", inside.group(1))


@lru_cache(maxsize=512)
def icon(name: str, label: str = "") -> SafeString:
    """The icon as SVG; silent for a screen reader unless it carries a label."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" width="18" height="18" fill="none" stroke="currentColor" '
        'stroke-width="2" stroke-linecap="round" stroke-linejoin="round" focusable="false" {}>{}</svg>',
        spoken,
        mark_safe(_shapes(name)),  # noqa: S308 -- the drawings ship inside the package
    )
