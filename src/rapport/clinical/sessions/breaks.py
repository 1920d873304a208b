"""Breaks ahead: a gap the client will feel, counted in the sessions that are left before it.

A break is prepared for, not announced in the door (house rule, grade C): it is named at the fourth, the second and the
last session before it. Days are days of the wall calendar, so that a change of the clocks moves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

NAMED_AT: frozenset[int] = frozenset({4, 2, 1})


@dataclass(frozen=True, slots=True)
class Away:
    """A holiday, from its first to its last day."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Break:
    """A gap after the ``sessions``-th session from now; ``back`` is None while nothing is booked after it."""

    sessions: int
    last: date
    back: date | None
    days: int
    is_holiday: bool

    @property
    def weeks(self) -> int:
        """Whole weeks, the nearest; at least one."""
        return max(1, round(self.days / 7))

    @property
    def is_named_now(self) -> bool:
        """Whether this is the session before the break at which it is named."""
        return self.sessions in NAMED_AT


def breaks_ahead(hours: Sequence[date], days_between: Decimal, holidays: Sequence[Away] = ()) -> tuple[Break, ...]:
    """Every break after the sessions still to come: a gap of at least two agreed intervals, or a holiday of at least
    one between two sessions, or any holiday after the last one.

    >>> march = [date(2026, 3, day) for day in (3, 10, 17, 31)]
    >>> breaks_ahead(march, Decimal(7))[0].sessions, breaks_ahead(march, Decimal(7))[0].weeks
    (3, 2)
    """
    days = sorted(hours)
    found = []
    for number, (last, back) in enumerate(pairwise(days), start=1):
        gap = (back - last).days
        away = any(each.days >= days_between and last < each.first and each.last < back for each in holidays)
        if gap >= 2 * days_between or away:
            found.append(Break(number, last, back, gap, _lies_between(holidays, last, back)))
    if days:
        after = [each for each in holidays if each.first > days[-1]]
        if after:
            away_next = min(after, key=lambda each: each.first)
            found.append(Break(len(days), days[-1], None, away_next.days, True))
    return tuple(found)


def _lies_between(holidays: Sequence[Away], last: date, back: date) -> bool:
    return any(each.first < back and each.last > last for each in holidays)
