"""The days on which an entry of somebody else's calendar repeats (RFC 5545, section 3.3.10), always within bounds.

A rule is written by a stranger: it may never come, or come every second since 1970. So it is walked period by period
and every step is counted; the walk ends at its bound whatever the rule says. Only the parts that calendars really
write are known; any other is refused by name.

Why not python-dateutil, which the tests compare it with: a rule that never comes (each 30 February) it follows to the
year 9999, and nothing from outside can stop it. Two to fifteen seconds a rule, and a file may hold hundreds.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from rapport.clinical.kernel.errors import ClinicalError

STEPS = 15_000  # days looked at for one rule: forty years of every day


class Frequency(StrEnum):
    """How often."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


class TooManySteps(ClinicalError):
    """The rule reaches too far to be followed."""

    code = "too_many_steps"


@dataclass(frozen=True, slots=True)
class Rule:
    """``by_day`` holds (ordinal, weekday): (0, 0) is every Monday, (-1, 4) the last Friday."""

    first: date
    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until: date | None = None
    by_day: tuple[tuple[int, int], ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_month: tuple[int, ...] = ()
    by_position: tuple[int, ...] = ()
    week_starts: int = 0

    def __post_init__(self) -> None:
        if self.interval < 1:
            raise ClinicalError("interval", "A rule repeats forwards.", "Give an interval of at least 1.")


def repeats(rule: Rule, start: date, end: date) -> tuple[date, ...]:
    """The days of the rule in [start, end), in order.

    >>> last_friday = Rule(date(2026, 1, 30), Frequency.MONTHLY, by_day=((-1, 4),))
    >>> [str(day) for day in repeats(last_friday, date(2026, 2, 1), date(2026, 4, 1))]
    ['2026-02-27', '2026-03-27']
    """
    found: list[date] = []
    given, steps = 0, 0
    for days in _periods(rule, start):
        steps += len(days)
        if steps > STEPS:
            raise TooManySteps("rule", "This entry repeats from too far back.", "Begin it later.")
        if days[0] >= end or (rule.until is not None and days[0] > rule.until):
            break
        for day in _chosen(rule, days):
            if day < rule.first:
                continue
            given += 1
            if (rule.count is not None and given > rule.count) or (rule.until is not None and day > rule.until):
                return tuple(found)
            if start <= day < end:
                found.append(day)
    return tuple(found)


def _periods(rule: Rule, start: date) -> Iterator[list[date]]:
    """The days, weeks, months or years the rule looks at. Without a count nothing before ``start`` matters."""
    skip = 0 if rule.count is not None else max(0, (start - rule.first).days)
    match rule.frequency:
        case Frequency.DAILY:
            number = skip // rule.interval
            while (day := _later(rule.first, number * rule.interval)) is not None:
                yield [day]
                number += 1
        case Frequency.WEEKLY:
            monday = rule.first - timedelta(days=(rule.first.weekday() - rule.week_starts) % 7)
            number = skip // (7 * rule.interval)
            while (day := _later(monday, 7 * number * rule.interval)) is not None:
                yield [each for each in (_later(day, more) for more in range(7)) if each is not None]
                number += 1
        case Frequency.MONTHLY:
            month = rule.first.year * 12 + rule.first.month - 1
            number = max(0, skip // 31 // rule.interval)
            while (place := month + number * rule.interval) < date.max.year * 12:
                yield _month(place // 12, place % 12 + 1)
                number += 1
        case Frequency.YEARLY:
            number = max(0, skip // 366 // rule.interval)
            while (year := rule.first.year + number * rule.interval) < date.max.year:
                yield [day for month in range(1, 13) for day in _month(year, month)]
                number += 1


def _later(day: date, days: int) -> date | None:
    return day + timedelta(days=days) if days <= (date.max - day).days else None


def _month(year: int, month: int) -> list[date]:
    return [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]


def _chosen(rule: Rule, days: list[date]) -> list[date]:
    """The days of a period that the rule names; a rule that names none means the day it began with."""
    month_days, months, week_days = rule.by_month_day, rule.by_month, rule.by_day
    if not month_days and not week_days:
        if rule.frequency in {Frequency.MONTHLY, Frequency.YEARLY}:
            month_days = (rule.first.day,)
        if rule.frequency is Frequency.YEARLY and not months:
            months = (rule.first.month,)
        if rule.frequency is Frequency.WEEKLY:
            week_days = ((0, rule.first.weekday()),)
    chosen = [
        day
        for day in days
        if (not months or day.month in months)
        and (not month_days or day.day in month_days or day.day - _length(day) - 1 in month_days)
        and (not week_days or _is_named(rule, day, week_days))
    ]
    if not rule.by_position:
        return chosen
    places = {place - (place > 0) for place in rule.by_position}
    return sorted(
        chosen[place] for place in {place % len(chosen) for place in places if -len(chosen) <= place < len(chosen)}
    )


def _is_named(rule: Rule, day: date, week_days: tuple[tuple[int, int], ...]) -> bool:
    return any(day.weekday() == weekday and (not place or place in _places(rule, day)) for place, weekday in week_days)


def _places(rule: Rule, day: date) -> tuple[int, int]:
    """Which of its weekday in the month (or, in a yearly rule without months, in the year), from either end."""
    if rule.frequency is Frequency.YEARLY and not rule.by_month:
        number, length = day.timetuple().tm_yday, date(day.year, 12, 31).timetuple().tm_yday
    else:
        number, length = day.day, _length(day)
    return (number - 1) // 7 + 1, -((length - number) // 7 + 1)


def _length(day: date) -> int:
    return monthrange(day.year, day.month)[1]
