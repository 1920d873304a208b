"""A series of sessions in wall time: nine o'clock stays nine o'clock when the clocks change.

Every slot of the series is a weekday and a wall time in the practice's zone. A wall time that the clocks skip is held
at the same distance after the change (02:30 becomes 03:30); one that comes twice is its first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rapport.clinical.episodes.contract import LONGEST_SESSION
from rapport.clinical.kernel.errors import ClinicalError, OutOfRange
from rapport.clinical.kernel.periods import Period, instant


@dataclass(frozen=True, slots=True)
class Slot:
    """A weekday (Monday is 0) and a wall time."""

    weekday: int
    at: time

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise OutOfRange("weekday", "A week has seven days.", "Give 0 (Monday) to 6 (Sunday).")
        if self.at.tzinfo is not None:
            raise ClinicalError("at", "A slot lives in wall time.", "Give a time without a zone.")


@dataclass(frozen=True, slots=True)
class Series:
    """Sessions on ``slots`` every ``every_weeks`` weeks from ``first_day`` on, until ``last_day`` or ``count`` of them.

    ``skips`` are days that fall out; ``moves`` take the session of a day to another wall time. Both are named by the
    day on which the session would have been, and both count towards ``count``.
    """

    zone: str
    first_day: date
    slots: tuple[Slot, ...]
    length_minutes: int
    every_weeks: int = 1
    last_day: date | None = None
    count: int | None = None
    skips: frozenset[date] = frozenset()
    moves: Mapping[date, datetime] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ClinicalError("zone", "This time zone is unknown.", "Use a name such as Europe/London.") from error
        if not self.slots or len({slot.weekday for slot in self.slots}) != len(self.slots):
            raise ClinicalError(
                "slots", "A series has one slot on each of its days.", "Give at least one, no day twice."
            )
        if not 1 <= self.every_weeks <= 52:
            raise OutOfRange(
                "every_weeks", "A series repeats every 1 to 52 weeks.", "Give 1 for weekly, 2 for fortnightly."
            )
        if not 1 <= self.length_minutes <= LONGEST_SESSION:
            raise OutOfRange("length_minutes", "A session lasts 1 to 240 minutes.", "Give the length in minutes.")
        if any(moved.tzinfo is not None for moved in self.moves.values()):
            raise ClinicalError("moves", "A moved session lives in wall time.", "Give a datetime without a zone.")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One session of a series: the day it belongs to, when it really is (UTC), and whether it was moved."""

    day: date
    period: Period
    moved: bool = False


def weekly(zone: str, first_day: date, at: time, length_minutes: int, *, every_weeks: int = 1) -> Series:
    """The usual series: one session on the weekday of the first day, every week or every few weeks."""
    return Series(zone, first_day, (Slot(first_day.weekday(), at),), length_minutes, every_weeks)


def _days(series: Series) -> Iterator[tuple[date, Slot]]:
    """Every day of the series with its slot, in order; endless unless the series has an end."""
    monday = series.first_day - timedelta(days=series.first_day.weekday())
    slots = sorted(series.slots, key=lambda slot: slot.weekday)
    given = 0
    while True:
        for slot in slots:
            day = monday + timedelta(days=slot.weekday)
            if day < series.first_day:
                continue
            if series.last_day is not None and day > series.last_day:
                return
            if series.count is not None and given >= series.count:
                return
            given += 1
            yield day, slot
        if monday > date.max - timedelta(weeks=series.every_weeks + 1):
            return
        monday += timedelta(weeks=series.every_weeks)


def days_of(series: Series) -> Iterator[date]:
    """Every day of the series by its rule, those that fall out or are held at another time included."""
    return (day for day, _slot in _days(series))


def _period(series: Series, wall: datetime) -> Period:
    start = wall.replace(tzinfo=ZoneInfo(series.zone)).astimezone(UTC)
    return Period(start, start + timedelta(minutes=series.length_minutes))


def occurrences(series: Series, start: datetime, end: datetime) -> tuple[Occurrence, ...]:
    """The sessions of the series that begin in [start, end), in the order in which they happen.

    >>> series = weekly("Europe/London", date(2026, 3, 23), time(9), 50)
    >>> found = occurrences(series, datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 2, tzinfo=UTC))
    >>> [hour.period.start.hour for hour in found]  # nine by the wall, before and after the clocks change
    [9, 8]
    """
    start, end = instant("start", start), instant("end", end)
    horizon = end.astimezone(ZoneInfo(series.zone)).date()
    latest_moved = max(series.moves, default=horizon)
    found = []
    for day, slot in _days(series):
        if day > max(horizon, latest_moved):
            break
        if day in series.skips:
            continue
        moved = series.moves.get(day)
        period = _period(series, datetime.combine(day, slot.at) if moved is None else moved)
        if start <= period.start < end:
            found.append(Occurrence(day, period, moved is not None))
    return tuple(sorted(found, key=lambda hour: hour.period.start))
