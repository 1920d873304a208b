"""Many diaries at once, and a month: lists of hours by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from rapport.practice.organisation.choices import WorkingTime
from rapport.practice.sessions.queries import GridHour
from rapport.web.desk.sessions.grid.chips import Chip, Reader, chip_of

SHOWN_IN_A_DAY = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One therapist or room with the hours of each day."""

    name: str
    href: str
    days: tuple[tuple[Chip, ...], ...]
    count: int


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of a month: its first hours, and how many there are."""

    day: date
    href: str
    is_today: bool
    is_of_month: bool
    is_working: bool
    chips: tuple[Chip, ...]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.chips)


def lines_of(
    days: Sequence[date],
    hours: Iterable[GridHour],
    people: Iterable[tuple[UUID, str, str]],
    reader: Reader,
    *,
    by_room: bool,
) -> list[Line]:
    """A line for each therapist or room, also for those without an hour. `people` are id, name and address."""
    place = {day: number for number, day in enumerate(days)}
    found: dict[UUID | None, list[list[Chip]]] = defaultdict(lambda: [[] for _ in days])
    for hour in hours:
        chip = chip_of(hour, reader)
        if chip.day in place:
            found[hour.room_id if by_room else hour.therapist_id][place[chip.day]].append(chip)
    return [
        Line(name, href, tuple(map(tuple, found[key])), sum("is-off" not in c.css for d in found[key] for c in d))
        for key, name, href in people
    ]


def weeks_of(
    days: Sequence[tuple[date, str]], chips: Iterable[Chip], working: WorkingTime, today: date, month: int
) -> list[list[MonthDay]]:
    """The days of a month by week, with their addresses."""
    of_day: dict[date, list[Chip]] = defaultdict(list)
    for chip in chips:
        if "is-off" not in chip.css:
            of_day[chip.day].append(chip)
    cells = [
        MonthDay(
            day,
            href,
            day == today,
            day.month == month,
            working.is_working_day(day),
            tuple(of_day[day][:SHOWN_IN_A_DAY]),
            len(of_day[day]),
        )
        for day, href in days
    ]
    return [cells[first : first + 7] for first in range(0, len(cells), 7)]
