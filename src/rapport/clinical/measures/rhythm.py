"""When a form is asked again.

A form that is asked before sessions opens three days before the next one; where none is booked, five days after it was
last answered. "Every n sessions" counts the sessions held since then; "monthly" is 28 days; "at review" follows the
sessions at which the agreement looks back; "at the end" waits until the work is ending.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

ASKED_BEFORE = timedelta(days=3)
ASKED_AGAIN_AFTER = timedelta(days=5)  # where no session is booked
MONTH = timedelta(days=28)


class Rhythm(StrEnum):
    """How often a form is asked."""

    ONCE = "once"
    EACH_SESSION = "each_session"
    EVERY_N = "every_n"
    MONTHLY = "monthly"
    AT_REVIEW = "at_review"
    AT_END = "at_end"


@dataclass(frozen=True, slots=True)
class Occasion:
    """Where a course stands: its sessions held so far, the next one, the numbers of its reviews, since when it ends."""

    held: Collection[datetime] = ()
    ahead: datetime | None = None
    reviews: Collection[int] = ()
    ending_since: datetime | None = None


def is_due(rhythm: Rhythm, every: int | None, last_done: datetime | None, occasion: Occasion, at: datetime) -> bool:
    """Whether a form should be asked now.

    >>> from datetime import UTC
    >>> day = datetime(2026, 3, 2, tzinfo=UTC)
    >>> tuesdays = [day + timedelta(weeks=week) for week in range(4)]
    >>> is_due(Rhythm.EVERY_N, 4, day, Occasion(tuesdays, day + timedelta(weeks=4)), day + timedelta(weeks=4))
    True
    >>> is_due(Rhythm.EVERY_N, 4, day, Occasion(tuesdays[:3], day + timedelta(weeks=3)), day + timedelta(weeks=3))
    False
    """
    if rhythm is Rhythm.AT_END:
        return occasion.ending_since is not None and (last_done is None or last_done < occasion.ending_since)
    if rhythm is Rhythm.AT_REVIEW:
        return len(occasion.held) + 1 in occasion.reviews and _is_open(last_done, occasion.ahead, at)
    if last_done is None or rhythm is Rhythm.ONCE:
        return last_done is None
    if rhythm is Rhythm.MONTHLY and (occasion.ahead or at) - last_done < MONTH:
        return False
    if rhythm is Rhythm.EVERY_N and sum(1 for one in occasion.held if one >= last_done) < (every or 1):
        return False
    return _is_open(last_done, occasion.ahead, at)


def _is_open(last_done: datetime | None, ahead: datetime | None, at: datetime) -> bool:
    if ahead is None:
        return last_done is None or at - last_done >= ASKED_AGAIN_AFTER
    opens = ahead - ASKED_BEFORE
    return opens <= at and (last_done is None or last_done < opens)
