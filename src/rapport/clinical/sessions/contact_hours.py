"""The hours in which a client can reach their therapist, read out of the agreement's own words.

Words that do not name days and a time from–to are not understood, and then nobody pretends to know.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from rapport.clinical.kernel.periods import instant

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = r"(?P<{0}>mon|tue|wed|thu|fri|sat|sun)\w*"
SPAN = re.compile(rf"\b{DAY.format('first')}\s*(?:to|until|–|-|—)\s*{DAY.format('last')}\b", re.IGNORECASE)
ONE = re.compile(rf"\b{DAY.format('day')}\b", re.IGNORECASE)
WORKING = re.compile(r"\b(?:working|week) ?days?\b", re.IGNORECASE)
CLOCK = r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?"
HOURS = re.compile(rf"\b{CLOCK}\s*(?:to|until|and|–|-|—)\s*{CLOCK}\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ContactHours:
    """Days of the week (Monday is 0) and the time between which somebody can be reached, by the wall."""

    days: frozenset[int]
    opens: time
    closes: time

    def hold(self, at: datetime, zone: ZoneInfo) -> bool:
        """Whether a moment lies inside."""
        local = instant("at", at).astimezone(zone)
        return local.weekday() in self.days and self.opens <= local.time() < self.closes


def read_hours(words: str) -> ContactHours | None:
    """The hours an agreement names; None if it names none that can be read.

    >>> read_hours("Monday to Friday, 9:00 to 17:00")
    ContactHours(days=frozenset({0, 1, 2, 3, 4}), opens=datetime.time(9, 0), closes=datetime.time(17, 0))
    >>> read_hours("Whenever you like") is None
    True
    """
    found = HOURS.findall(words)
    days = _days(words)
    if len(found) != 1 or not days:
        return None
    opens, closes = _clock(*found[0][:3]), _clock(*found[0][3:])
    if opens is None or closes is None or opens >= closes:
        return None
    return ContactHours(days, opens, closes)


def _days(words: str) -> frozenset[int]:
    days: set[int] = set()
    for span in SPAN.finditer(words):
        first, last = DAYS.index(span["first"].lower()), DAYS.index(span["last"].lower())
        days |= {(first + n) % 7 for n in range((last - first) % 7 + 1)}
    days |= {DAYS.index(one["day"].lower()) for one in ONE.finditer(SPAN.sub(" ", words))}
    return frozenset(days | set(range(5)) if WORKING.search(words) else days)


def _clock(hour: str, minute: str, half: str) -> time | None:
    number = int(hour) % 12 + (12 if half.lower() == "pm" else 0) if half else int(hour)
    return time(number, int(minute or 0)) if number < 24 and int(minute or 0) < 60 else None
