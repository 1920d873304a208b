"""What a duty brings to the prep card: one line, read in a few seconds, before the hour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class PrepLine:
    """`words` is the practice speaking, `said` the client, quoted. `asks` names the house rule that brought it up."""

    words: str
    said: str = ""
    href: str = ""
    tone: Literal["plain", "look", "now"] = "plain"
    asks: str = ""
