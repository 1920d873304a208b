"""Days as columns of a time grid: where each hour stands, what is free, which hours are working ones.

Places on the grid are class names (`at-9 m-30 for-0 fm-50` is 09:30 for 50 minutes): the content security policy allows
no style attribute, and the page works without a script. Times stand at their wall time, also where the clocks skip an
hour; where one comes twice, an hour that ends before it begins by the wall is as high as it is long.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString

from rapport.practice.organisation.choices import WorkingTime
from rapport.web.desk.sessions.grid.chips import KEPT_FREE, Chip
from rapport.web.desk.sessions.grid.written import written_blocks, written_free

DAY_MINUTES, STEP, SHORTEST_FREE, MOST_LANES = 24 * 60, 5, 30, 6


@dataclass(frozen=True, slots=True)
class Block:
    """An hour at its place in a column; `goes_on` when it began the day before."""

    chip: Chip
    css: str
    goes_on: bool


@dataclass(frozen=True, slots=True)
class Free:
    """A free stretch that begins within an hour, and can be booked from there."""

    start: str
    css: str
    href: str


@dataclass(frozen=True, slots=True)
class Source:
    """What a column is made of: a day of somebody's or of a room's, and where a free time of it is booked."""

    title: str
    href: str
    day: date
    book: str
    chips: tuple[Chip, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One day."""

    title: str
    href: str
    book: str
    day: date
    is_today: bool
    is_working: bool
    open_css: str
    blocks: tuple[Block, ...]
    free: tuple[Free, ...]
    now_css: str
    hours_long: int

    @property
    def written(self) -> SafeString:
        """The free times and the hours, written."""
        return written_free(self.title, self.free) + written_blocks(self.blocks)


@dataclass(frozen=True, slots=True)
class Grid:
    """Columns side by side, from one whole hour to another."""

    first: int
    last: int
    columns: tuple[Column, ...]

    @property
    def hours(self) -> range:
        return range(self.first, self.last)

    @property
    def css(self) -> str:
        return f"from-{self.first} rows-{self.last - self.first} days-{len(self.columns)}"


Piece = tuple[int, int, Chip, bool]


def grid_of(sources: Sequence[Source], working: WorkingTime, now: datetime, zone: ZoneInfo) -> Grid:
    """The columns with their hours, as high as the working day and every hour outside it need."""
    of_column = [[piece for chip in each.chips for day, piece in _pieces(chip) if day == each.day] for each in sources]
    every = [piece for pieces in of_column for piece in pieces if piece[2].css != KEPT_FREE]
    first = min([working.start.hour, *(start // 60 for start, *_ in every)])
    last = max([-(-_minutes(working.end) // 60), *(-(-end // 60) for _, end, *_ in every)])
    wall = now.astimezone(zone)
    columns = (
        _column(source, pieces, working, wall, range(first, last))
        for source, pieces in zip(sources, of_column, strict=True)
    )
    return Grid(first, last, tuple(columns))


def _pieces(chip: Chip) -> Iterable[tuple[date, Piece]]:
    """The part of an hour on each day it touches, in minutes by the wall."""
    begins, ends = chip.start.replace(tzinfo=None), chip.end.replace(tzinfo=None)
    left = round((ends - begins) / timedelta(minutes=1)) if ends > begins else chip.minutes
    start, day, goes_on = _minutes(begins.time()), chip.day, False
    while left > 0:
        end = min(start + left, DAY_MINUTES)
        yield day, (start, end, chip, goes_on)
        left -= end - start
        start, day, goes_on = 0, day + timedelta(days=1), True


def _column(source: Source, pieces: list[Piece], working: WorkingTime, wall: datetime, shown: range) -> Column:
    day = source.day
    low, high = shown.start * 60, shown.stop * 60
    pieces = [(max(a, low), min(b, high), chip, goes_on) for a, b, chip, goes_on in pieces if a < high and b > low]
    is_working, is_today = working.is_working_day(day), day == wall.date()
    now = _minutes(wall.time())
    return Column(
        title=source.title,
        href=source.href,
        book=source.book,
        day=day,
        is_today=is_today,
        is_working=is_working,
        open_css=place_css(_minutes(working.start), _minutes(working.end)) if is_working else "",
        blocks=_blocks(pieces),
        free=tuple(_free(source, pieces, wall, shown)),
        now_css=place_css(now, now + STEP) if is_today and shown.start * 60 <= now < shown.stop * 60 else "",
        hours_long=_hours_of(day, wall.tzinfo),
    )


def _blocks(pieces: list[Piece]) -> tuple[Block, ...]:
    """Hours that share time stand side by side: each group of them is divided into as many lanes as it needs."""
    ordered = sorted(pieces, key=lambda piece: (piece[0], -piece[1]))
    lanes: list[int] = []
    group: list[tuple[Piece, int]] = []
    blocks: list[Block] = []
    for piece in ordered:
        if lanes and piece[0] >= max(lanes):
            blocks += _side_by_side(group, len(lanes))
            lanes, group = [], []
        lane = next((number for number, free_at in enumerate(lanes) if free_at <= piece[0]), len(lanes))
        lanes[lane : lane + 1] = [piece[1]]
        group.append((piece, lane))
    return tuple(blocks + _side_by_side(group, len(lanes)))


def _side_by_side(group: list[tuple[Piece, int]], lanes: int) -> list[Block]:
    beside = f" lane-{{}} of-{min(lanes, MOST_LANES)}" if lanes > 1 else ""
    return [
        Block(chip, f"{place_css(start, end)} {chip.css}{beside.format(min(lane, MOST_LANES - 1))}", goes_on)
        for (start, end, chip, goes_on), lane in group
    ]


def _free(source: Source, pieces: list[Piece], wall: datetime, shown: range) -> Iterable[Free]:
    """In each hour the first moment from which at least half an hour is free and still to come."""
    if source.day < wall.date() or not source.book:
        return
    taken = sorted((start, end) for start, end, chip, _ in pieces if "is-off" not in chip.css)
    for hour in shown:
        start, stop = hour * 60, hour * 60 + 60
        for begins, ends in taken:
            if begins < start + SHORTEST_FREE and ends > start:
                start = -(-ends // STEP) * STEP
        until = min([stop, *(begins for begins, _ in taken if begins >= start)])
        if until - start < SHORTEST_FREE:
            continue
        moment = datetime.combine(source.day, time(start // 60, start % 60), wall.tzinfo)
        if moment >= wall and _exists(moment):
            yield Free(f"{moment:%H:%M}", place_css(start, until), f"{source.book}&start={moment:%H:%M}")


def _exists(wall: datetime) -> bool:
    """Whether the clocks show this time on this day; one night of the year they skip an hour."""
    return datetime.fromtimestamp(wall.timestamp(), wall.tzinfo).time() == wall.time()


def _hours_of(day: date, zone: tzinfo | None) -> int:
    begins, ends = (datetime.combine(each, time(), zone).timestamp() for each in (day, day + timedelta(days=1)))
    return round((ends - begins) / 3600)


def place_css(start: int, end: int) -> str:
    """The classes that put minutes of a day on the grid, in steps of five."""
    begins = start - start % STEP
    length = max(STEP, -(-(end - begins) // STEP) * STEP)
    return f"at-{begins // 60} m-{begins % 60} for-{length // 60} fm-{length % 60}"


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute
