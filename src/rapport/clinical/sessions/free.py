"""The next free time of a diary: the first gap within opening hours that is long enough."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from rapport.clinical.kernel.errors import OutOfRange
from rapport.clinical.kernel.periods import instant

Span = tuple[datetime, datetime]


def first_gap(openings: Iterable[Span], busy: Iterable[Span], minutes: int, not_before: datetime) -> datetime | None:
    """The earliest start of a free stretch of `minutes`; None if there is none. Meeting hours leave no gap.

    >>> from datetime import UTC
    >>> def at(hour, minute=0): return datetime(2026, 3, 2, hour, minute, tzinfo=UTC)
    >>> first_gap([(at(9), at(17))], [(at(9), at(9, 50)), (at(10), at(10, 50))], 50, at(8)).strftime("%H:%M")
    '10:50'
    """
    if minutes < 1:
        raise OutOfRange("minutes", "A session lasts at least a minute.", "Give the wished length.")
    length = timedelta(minutes=minutes)
    taken = sorted(busy)
    for opens, closes in sorted(openings):
        free = max(opens, instant("not_before", not_before))
        for start, end in taken:
            if start >= closes or start - free >= length:
                break
            free = max(free, end)
        if closes - free >= length:
            return free
    return None
