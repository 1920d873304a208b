"""Rows of a spreadsheet to courses: whose score of what on which day, or every mistake with its row and column.

A day is a date, or a week counted from a start date (``day = start + 7·week``). Missing scores stay missing: an empty
cell, NA, n/a, a dot or a dash. Nothing is corrected silently.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import NoReturn

from rapport.clinical.exchange.problems import Problem, ProblemCode
from rapport.clinical.exchange.table import Row, Table
from rapport.clinical.sessions.attendance import Attendance

MISSING = frozenset({"", "na", "n/a", ".", "-", "–"})
NUMBER = re.compile(r"-?[0-9]{1,9}(?:[.,][0-9]{1,9})?", re.ASCII)
WEEK = re.compile(r"[0-9]{1,4}", re.ASCII)
ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ].*)?", re.ASCII)
DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", re.ASCII)
SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", re.ASCII)
LONGEST_ID = 100
LONGEST_NAME = 200
MOST_WEEKS = 1_040
OLDEST_YEARS = 20
ATTENDANCE = {
    **{str(code): code for code in Attendance},
    "yes": Attendance.ATTENDED,
    "came": Attendance.ATTENDED,
    "1": Attendance.ATTENDED,
    "no": Attendance.DID_NOT_ATTEND,
    "dna": Attendance.DID_NOT_ATTEND,
    "0": Attendance.DID_NOT_ATTEND,
    "cancelled": Attendance.CANCELLED_IN_NOTICE,
}


class DateOrder(StrEnum):
    """How dates with strokes are written. ISO dates and 2.3.2026 are understood in any case."""

    ISO = "iso"
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


@dataclass(frozen=True, slots=True)
class Scale:
    """The ends of a measure's scale."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column means what. ``scores`` maps columns to measures; either ``day`` or ``week`` with ``start``."""

    client: str
    scores: tuple[tuple[str, str], ...]
    day: str = ""
    week: str = ""
    start: date | None = None
    name: str = ""
    attendance: str = ""
    order: DateOrder = DateOrder.ISO


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One score with the row it came from."""

    row: int
    column: str
    measure: str
    on: date
    value: float


@dataclass(frozen=True, slots=True)
class HourRow:
    """What became of an hour, with the row it came from."""

    row: int
    on: date
    attendance: Attendance


@dataclass(slots=True)
class CourseRows:
    """Everything the file says of one client, in the order of the file."""

    client: str
    name: str
    first_row: int
    scores: list[ScoreRow] = field(default_factory=list)
    hours: list[HourRow] = field(default_factory=list)
    missing: int = 0

    @property
    def began(self) -> date | None:
        """The first day of which anything is known."""
        return min([*(each.on for each in self.scores), *(each.on for each in self.hours)], default=None)


@dataclass(frozen=True, slots=True)
class ReadCourses:
    """The courses, and what was wrong. With a single problem nothing may be imported."""

    courses: tuple[CourseRows, ...]
    problems: tuple[Problem, ...]


def read_courses(
    table: Table,
    columns: Columns,
    scales: Mapping[str, Scale],
    today: date,
    *,
    oldest_years: int | None = OLDEST_YEARS,
    tell: Callable[[int], None] = lambda rows: None,
) -> ReadCourses:
    """Read every row; each mistake is reported, none is mended. ``tell`` is told after each thousand rows.

    >>> from rapport.clinical.exchange.table import read_table
    >>> table = read_table(b"id,week,hamd\\n101,0,26\\n101,1,NA\\n101,2,99\\n")
    >>> columns = Columns("id", (("hamd", "hrsd"),), week="week", start=date(2026, 1, 5))
    >>> read = read_courses(table, columns, {"hrsd": Scale(0, 52)}, date(2026, 3, 2))
    >>> read.courses[0].scores[0].value, read.courses[0].missing, str(read.problems[0].code)
    (26.0, 1, 'out_of_range')
    """
    absent = _absent(table, columns)
    if absent:
        return ReadCourses((), absent)
    reader = _Reader(table, columns, scales, today, oldest_years)
    for number, row in enumerate(table.rows, start=1):
        reader.read(row)
        if number % 1_000 == 0:
            tell(1_000)
    if not reader.problems and not any(each.scores or each.hours for each in reader.courses.values()):
        reader.problems.append(Problem(ProblemCode.NOTHING_TO_IMPORT))
    return ReadCourses(tuple(reader.courses.values()), tuple(reader.problems))


def _absent(table: Table, columns: Columns) -> tuple[Problem, ...]:
    named = [columns.client, columns.name, columns.day, columns.week, columns.attendance, *dict(columns.scores)]
    return tuple(
        Problem(ProblemCode.NO_SUCH_COLUMN, 1, name[:60]) for name in named if name and table.place(name) is None
    )


class _Mistake(Exception):
    """A cell cannot be read."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem.code))
        self.problem = problem


@dataclass(slots=True)
class _Reader:
    """Reads one row after the other and remembers what it has seen."""

    table: Table
    columns: Columns
    scales: Mapping[str, Scale]
    today: date
    oldest_years: int | None
    courses: dict[str, CourseRows] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    seen: dict[tuple[str, str, date], int] = field(default_factory=dict)

    def read(self, row: Row) -> None:
        course = day = None
        with self._noted():
            course = self._course(row)
        with self._noted():
            day = self._day(row)
        if course is None or day is None:
            return
        for column, measure in self.columns.scores:
            with self._noted():
                self._score(row, course, day, column, measure)
        if self.columns.attendance:
            with self._noted():
                self._hour(row, course, day)

    def _cell(self, row: Row, column: str) -> str:
        place = self.table.place(column)
        return row.cells[place] if place is not None else ""

    def _wrong(self, code: ProblemCode, row: Row, column: str, **gaps: object) -> NoReturn:
        raise _Mistake(Problem(code, row.number, column, tuple((name, str(gap)) for name, gap in gaps.items())))

    @contextmanager
    def _noted(self) -> Iterator[None]:
        """Note a mistake and go on, so that one look shows them all."""
        try:
            yield
        except _Mistake as mistake:
            self.problems.append(mistake.problem)

    def _text(self, row: Row, column: str, limit: int) -> str:
        text = self._cell(row, column)
        if text.startswith(("=", "+", "-", "@")):
            self._wrong(ProblemCode.FORMULA, row, column)
        if len(text) > limit:
            self._wrong(ProblemCode.TOO_LONG, row, column, limit=limit)
        return text

    def _course(self, row: Row) -> CourseRows:
        client = self._text(row, self.columns.client, LONGEST_ID)
        if not client:
            self._wrong(ProblemCode.NO_CLIENT, row, self.columns.client)
        name = self._text(row, self.columns.name, LONGEST_NAME) if self.columns.name else ""
        course = self.courses.setdefault(client, CourseRows(client, name, row.number))
        course.name = course.name or name
        if name and name != course.name:
            self._wrong(ProblemCode.TWO_NAMES, row, self.columns.name, other=course.first_row)
        return course

    def _day(self, row: Row) -> date:
        column = self.columns.day or self.columns.week
        text = self._cell(row, column)
        day = self._date(row, column, text) if self.columns.day else self._week(row, column, text)
        if day > self.today:
            self._wrong(ProblemCode.IN_FUTURE, row, column)
        years = self.oldest_years
        if years is not None and day < self.today - timedelta(days=366 * years):
            self._wrong(ProblemCode.TOO_OLD, row, column, limit=years)
        return day

    def _week(self, row: Row, column: str, text: str) -> date:
        start = self.columns.start
        if WEEK.fullmatch(text) is None or int(text) > MOST_WEEKS or start is None:
            self._wrong(ProblemCode.BAD_WEEK, row, column, limit=MOST_WEEKS)
        try:
            return start + timedelta(weeks=int(text))
        except OverflowError:
            self._wrong(ProblemCode.BAD_WEEK, row, column, limit=MOST_WEEKS)

    def _date(self, row: Row, column: str, text: str) -> date:
        if (found := ISO.fullmatch(text)) is not None:
            year, month, day = found.group(1, 2, 3)
        elif (found := DOTTED.fullmatch(text)) is not None:
            day, month, year = found.groups()
        elif (found := SLASHED.fullmatch(text)) is not None:
            if self.columns.order is DateOrder.ISO:
                self._wrong(ProblemCode.AMBIGUOUS_DATE, row, column)
            day, month, year = found.groups()
            if self.columns.order is DateOrder.MONTH_FIRST:
                day, month = month, day
        else:
            self._wrong(ProblemCode.BAD_DATE, row, column)
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            self._wrong(ProblemCode.BAD_DATE, row, column)

    def _score(self, row: Row, course: CourseRows, day: date, column: str, measure: str) -> None:
        text = self._cell(row, column)
        if text.casefold() in MISSING:
            course.missing += 1
            return
        if NUMBER.fullmatch(text) is None:
            formula = text.startswith(("=", "+", "-", "@"))
            self._wrong(ProblemCode.FORMULA if formula else ProblemCode.BAD_NUMBER, row, column)
        value, scale = float(text.replace(",", ".")), self.scales[measure]
        if not scale.low <= value <= scale.high:
            self._wrong(ProblemCode.OUT_OF_RANGE, row, column, low=f"{scale.low:g}", high=f"{scale.high:g}")
        self._first(row, course, day, column, measure)
        course.scores.append(ScoreRow(row.number, column, measure, day, value))

    def _hour(self, row: Row, course: CourseRows, day: date) -> None:
        column = self.columns.attendance
        text = self._text(row, column, LONGEST_ID)
        if text.casefold() in MISSING:
            return
        code = ATTENDANCE.get("_".join(text.casefold().split()))
        if code is None:
            self._wrong(ProblemCode.UNKNOWN_ATTENDANCE, row, column)
        self._first(row, course, day, column, "attendance")
        course.hours.append(HourRow(row.number, day, code))

    def _first(self, row: Row, course: CourseRows, day: date, column: str, what: str) -> None:
        """Refuse what was already said of this client, day and measure."""
        earlier = self.seen.setdefault((course.client, what, day), row.number)
        if earlier != row.number:
            self._wrong(ProblemCode.DUPLICATE, row, column, other=earlier)
