"""Which session a score belongs to: hours that were held move the clock of the expected course, weeks do not.

A score belongs to the hour that comes next: session = 1 + hours held since the first score. Where hours are not kept,
or a form was answered more often than that, each day with a score counts as a session. Limits: two forms between the
same two hours are two sessions.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime


def session_numbers(taken: Sequence[datetime], held: Sequence[datetime]) -> tuple[int, ...]:
    """The session number of each score, in the order of time; the first is 1.

    >>> from datetime import UTC, timedelta
    >>> day = datetime(2026, 3, 2, tzinfo=UTC)
    >>> session_numbers([day, day + timedelta(28)], [day + timedelta(weeks) for weeks in (1, 8, 15)])
    (1, 4)
    """
    if not taken:
        return ()
    hours = sorted(hour for hour in held if hour >= taken[0])
    days = sorted({moment.date() for moment in taken})
    return tuple(max(1 + bisect_left(hours, moment), 1 + bisect_left(days, moment.date())) for moment in sorted(taken))
