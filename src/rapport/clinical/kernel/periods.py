"""Periods of time, closed at the start and open at the end: [from, to).

Half-open periods meet without overlapping: a session that ends at 10:00 does not clash with one that begins at 10:00.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rapport.clinical.kernel.errors import ClinicalError, NotAnInstant


def instant(field: str, moment: datetime) -> datetime:
    """Give the moment in UTC; refuse one without a zone.

    >>> instant("raised_at", datetime(2026, 3, 2, 9, tzinfo=UTC))
    datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.timezone.utc)
    """
    if moment.utcoffset() is None:
        raise NotAnInstant(field, "This moment has no time zone.", "Hand over an aware datetime, best in UTC.")
    return moment.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Period:
    """[start, end) between two instants; ``end`` is None while it is still running.

    >>> nine, ten = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 10, tzinfo=UTC)
    >>> Period(nine, ten).holds(ten)
    False
    >>> Period(nine, ten).minutes
    60.0
    """

    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        start = instant("start", self.start)
        if self.end is not None and instant("end", self.end) < start:
            raise ClinicalError("end", "A period cannot end before it begins.", "Put the later moment last.")

    @property
    def minutes(self) -> float | None:
        """Length in minutes; None while the period has no end."""
        return None if self.end is None else (self.end - self.start) / timedelta(minutes=1)

    def holds(self, moment: datetime) -> bool:
        """Whether the moment lies inside: the start does, the end does not."""
        return self.start <= moment and (self.end is None or moment < self.end)

    def overlaps(self, other: Period) -> bool:
        """Whether the two share any moment; an empty period shares none."""
        if self.start == self.end or other.start == other.end:
            return False
        return (other.end is None or self.start < other.end) and (self.end is None or other.start < self.end)
