"""The one question of the portal's first page: each duty may offer one, the most timely is shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Timeliness(IntEnum):
    """Which question comes first."""

    AFTER_THE_HOUR = 0
    BEFORE_THE_HOUR = 1
    BETWEEN = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """A question a client may answer or leave, and where."""

    words: str
    href: str
    when: Timeliness
    note: str = ""
