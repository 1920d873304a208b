"""Many diaries at once, and a month: lists of hours by day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from rapport.practice.organisation.choices import WorkingTime
from rapport.practice.sessions.queries import GridHour, TakenTime
from rapport.web.desk.sessions.grid.chips import Chip, Reader, chip_of
from rapport.web.desk.sessions.grid.written import written_chips

SHOWN_IN_A_DAY = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One therapist or room with the hours of each day."""

    name: str
    href: str
    cells: SafeString
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
    found: dict[tuple[UUID | None, date], list[Chip]] = defaultdict(list)
    counts: Counter[UUID | None] = Counter()
    for hour in hours:
        chip, of = chip_of(hour, reader), hour.room_id if by_room else hour.therapist_id
        found[of, chip.day].append(chip)
        counts[of] += not hour.is_off and chip.day in days
    return [
        Line(
            name,
            href,
            format_html_join("", "<td>{}</td>", ((written_chips(found[key, day]),) for day in days)),
            counts[key],
        )
        for key, name, href in people
    ]


def times_of(
    days: Sequence[date],
    taken: Iterable[TakenTime],
    people: Iterable[tuple[UUID, str, str, Callable[[date], str]]],
    reader: Reader,
) -> list[Line]:
    """The same for many: when their time is taken, and each day leads to the diary that says by whom."""
    at_wall: dict[datetime, tuple[date, str]] = {}
    written: dict[tuple[str, str, str], SafeString] = {}
    found: dict[tuple[UUID, date], list[tuple[SafeString]]] = defaultdict(list)
    for of, start, place, state in taken:
        if start not in at_wall:
            wall = start.astimezone(reader.zone)
            at_wall[start] = wall.date(), f"{wall:%H:%M}"
        day, when = at_wall[start]
        if (looks := (place, state, when)) not in written:
            css = f"in-{place} is-{state}" if place else "taken"
            written[looks] = format_html('<span class="chip {}">{}</span>', css, when)
        found[of, day].append((written[looks],))
    empty: list[tuple[SafeString]] = []
    return [
        Line(
            name,
            href,
            format_html_join("", "{}", ((_times(found.get((key, day), empty), address(day)),) for day in days)),
            sum(len(found.get((key, day), empty)) for day in days),
        )
        for key, name, href, address in people
    ]


def _times(chips: Sequence[tuple[SafeString]], href: str) -> SafeString:
    if not chips:
        return SafeString("<td></td>")
    return format_html('<td><a class="times" href="{}">{}</a></td>', href, format_html_join(" ", "{}", chips))


def weeks_of(
    days: Sequence[tuple[date, str]],
    chips: Iterable[Chip],
    taken: Counter[date],
    working: WorkingTime,
    today: date,
    month: int,
) -> list[list[MonthDay]]:
    """The days of a month by week, with their addresses: one diary's hours, or how many hours are `taken` in all."""
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
            len(of_day[day]) or taken[day],
        )
        for day, href in days
    ]
    return [cells[first : first + 7] for first in range(0, len(cells), 7)]
