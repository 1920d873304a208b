"""The hours in which somebody is there to read: wall times of the practice, its zone, its holidays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.kernel.periods import Period, instant

Shift = tuple[time, time]
HORIZON = timedelta(days=400)  # a practice closed for longer than a year reads nothing


class NobodyWorks(ClinicalError):
    """There is no working hour within a year: no promise can be made."""

    code = "nobody_works"


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """Shifts for Monday to Sunday in the wall time of ``zone``; closed on ``holidays``.

    >>> hours = WorkingHours.weekly("Europe/London", time(9), time(17))
    >>> next(hours.shifts_from(datetime(2026, 3, 7, 12, tzinfo=UTC))).start.isoformat()
    '2026-03-09T09:00:00+00:00'
    """

    zone: str
    week: tuple[tuple[Shift, ...], ...]
    holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ClinicalError(
                "week", "A week has seven days.", "Give shifts for Monday to Sunday, empty when closed."
            )
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ClinicalError("zone", "This time zone is unknown.", "Use a name such as Europe/London.") from error
        for day in self.week:
            if any(end <= start for start, end in day) or any(
                later[0] < earlier[1] for earlier, later in pairwise(day)
            ):
                raise ClinicalError("week", "Shifts of a day must follow each other.", "Order them, end after start.")

    @classmethod
    def weekly(
        cls, zone: str, start: time, end: time, days: Iterable[int] = range(5), holidays: Iterable[date] = ()
    ) -> WorkingHours:
        """The same hours on each of ``days`` (Monday is 0)."""
        open_days = frozenset(days)
        week = tuple(((start, end),) if day in open_days else () for day in range(7))
        return cls(zone, week, frozenset(holidays))

    def shifts_on(self, day: date) -> tuple[Period, ...]:
        """The shifts of one calendar day as periods in UTC; none on a holiday."""
        if day in self.holidays:
            return ()
        zone = ZoneInfo(self.zone)
        shifts = (
            (datetime.combine(day, start, zone).astimezone(UTC), datetime.combine(day, end, zone).astimezone(UTC))
            for start, end in self.week[day.weekday()]
        )
        return tuple(
            Period(start, end) for start, end in shifts if start < end
        )  # a shift inside a skipped hour is gone

    def local_day(self, moment: datetime) -> date:
        """The calendar day of the practice at this moment."""
        return instant("moment", moment).astimezone(ZoneInfo(self.zone)).date()

    def shifts_from(self, moment: datetime) -> Iterator[Period]:
        """Working time from the moment on, the current shift cut to what is left of it; ends after about a year."""
        moment = instant("moment", moment)
        day = self.local_day(moment)
        last = day + HORIZON
        while day <= last:
            for shift in self.shifts_on(day):
                if shift.end is not None and shift.end > moment:
                    yield Period(max(shift.start, moment), shift.end)
            day += timedelta(days=1)

    def open_at(self, moment: datetime) -> bool:
        """Whether somebody works at this moment."""
        return any(shift.holds(instant("moment", moment)) for shift in self.shifts_on(self.local_day(moment)))

    def after_working_time(self, moment: datetime, span: timedelta) -> datetime:
        """The instant at which ``span`` of working time has gone by since the moment."""
        left = span
        for shift in self.shifts_from(moment):
            if shift.end is not None:
                if shift.end - shift.start >= left:
                    return shift.start + left
                left -= shift.end - shift.start
        raise NobodyWorks("week", "There are no working hours ahead.", "Enter the hours in which somebody reads.")

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies between two instants."""
        total = timedelta(0)
        for shift in self.shifts_from(start):
            if shift.start >= end or shift.end is None:
                break
            total += min(shift.end, end) - shift.start
        return total

    def end_of_next_working_day(self, moment: datetime) -> datetime:
        """When the last shift ends on the first working day after the moment's own day."""
        day = self.local_day(moment)
        for ahead in range(1, HORIZON.days + 1):
            shifts = self.shifts_on(day + timedelta(days=ahead))
            if shifts and shifts[-1].end is not None:
                return shifts[-1].end
        raise NobodyWorks("week", "There are no working hours ahead.", "Enter the hours in which somebody reads.")
