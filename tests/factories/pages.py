"""What a page shows, as a browser would send it."""

from __future__ import annotations

import re


def hidden(shown: str, name: str) -> str:
    """The value of a field that nobody sees."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', shown)
    assert found is not None
    return found[1]
