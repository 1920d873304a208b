"""This one and the following: a series ends at a day, and another one continues it at a new wall time.

Only the slot of that day moves; a second weekly slot stays where it is. Hours that were moved on their own before keep
the time that was found for them. What fell out stays out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.sessions.recurrence import Series, Slot, days_of


@dataclass(frozen=True, slots=True)
class Continued:
    """The series up to a day, the series from there on, and which new day each old one became."""

    before: Series
    after: Series
    days: Mapping[date, date]


def continue_from(
    series: Series, day: date, moved_to: datetime, length_minutes: int, leave_out: frozenset[date] = frozenset()
) -> Continued:
    """Take the session of `day`, and all that follow it, to the wall time `moved_to`; days are named as they become.

    >>> from datetime import time
    >>> tuesdays = Series("Europe/London", date(2026, 3, 3), (Slot(1, time(10)),), 50, count=6)
    >>> done = continue_from(tuesdays, date(2026, 3, 24), datetime.fromisoformat("2026-03-25T11:00"), 50)
    >>> done.before.count, done.after.first_day.isoformat(), done.after.count
    (3, '2026-03-25', 3)
    """
    if moved_to.tzinfo is not None:
        raise ClinicalError("moved_to", "A moved session lives in wall time.", "Give a datetime without a zone.")
    if series.count is None and series.last_day is None:
        raise ClinicalError("count", "A series without an end cannot be continued.", "Give it a last day or a count.")
    every = list(days_of(series))
    coming = [each for each in every if each >= day]
    if day not in coming:
        raise ClinicalError("day", "The series has no session on this day.", "Give one of its days.")
    shift = moved_to.date() - day
    _stay_in_week(series, day, moved_to.date())
    slots = tuple(
        Slot(moved_to.weekday(), moved_to.time()) if slot.weekday == day.weekday() else slot for slot in series.slots
    )
    days = {each: each + shift if each.weekday() == day.weekday() else each for each in coming}
    left = leave_out | {days[each] for each in series.skips if each in days and each != day}
    moves = {days[each]: wall for each, wall in series.moves.items() if each in days and each != day}
    before = _up_to(series, day, len(every) - len(coming))
    return Continued(
        before, _lasting(series, slots, length_minutes, days.values(), left, moves), MappingProxyType(days)
    )


def _stay_in_week(series: Series, day: date, to: date) -> None:
    monday = day - timedelta(days=day.weekday())
    if len(series.slots) > 1 and not monday <= to < monday + timedelta(weeks=1):
        raise ClinicalError(
            "day",
            "With several sessions a week, one moves within its week.",
            "Move this one alone, or stay in the week.",
        )


def _up_to(series: Series, day: date, count: int) -> Series:
    return replace(
        series,
        count=count,
        last_day=None,
        skips=frozenset(each for each in series.skips if each < day),
        moves=MappingProxyType({each: wall for each, wall in series.moves.items() if each < day}),
    )


def _lasting(
    series: Series,
    slots: tuple[Slot, ...],
    length_minutes: int,
    days: Collection[date],
    left: frozenset[date],
    moves: dict[date, datetime],
) -> Series:
    """The series that gives exactly these days; what its rule would give besides is left out."""
    wanted = set(days)
    after = Series(series.zone, min(wanted), slots, length_minutes, series.every_weeks, last_day=max(wanted))
    given = list(days_of(after))
    return replace(
        after, last_day=None, count=len(given), skips=left | (set(given) - wanted), moves=MappingProxyType(moves)
    )
