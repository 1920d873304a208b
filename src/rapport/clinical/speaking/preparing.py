"""When a client may prepare an hour: from two days before until it begins. It is never asked for twice."""

from __future__ import annotations

from datetime import datetime, timedelta

OPENS = timedelta(hours=48)


def may_prepare(*, start: datetime, began: datetime | None, at: datetime) -> bool:
    """Whether an hour can be prepared now.

    >>> start = datetime(2026, 3, 4, 9)
    >>> [may_prepare(start=start, began=None, at=start + timedelta(hours=h)) for h in (-49, -48, -1, 0)]
    [False, True, True, False]
    """
    return began is None and start - OPENS <= at < start
