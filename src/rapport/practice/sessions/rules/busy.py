"""Reading the busy time of a calendar kept elsewhere. The file is a stranger's: everything in it is bounded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from icalendar import Calendar
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.sessions.repeats import Frequency, Rule, TooManySteps, repeats

LARGEST = 1_000_000  # bytes
MOST_ENTRIES, MOST_REPEATING, MOST_TIMES = 3000, 300, 3000
DEEPEST = 3
LONGEST = timedelta(days=366)
TITLE = 200
WEEKDAYS = {name: number for number, name in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))}
KNOWN_PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"}
BY_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")


class Trouble(StrEnum):
    """What is wrong with a file."""

    TOO_LARGE = "too_large"
    NOT_TEXT = "not_text"
    NOT_A_CALENDAR = "not_a_calendar"
    BROKEN = "broken"
    TOO_DEEP = "too_deep"
    TOO_MANY = "too_many"
    NO_START = "no_start"
    ENDS_BEFORE = "ends_before"
    TOO_LONG = "too_long"
    UNKNOWN_ZONE = "unknown_zone"
    UNKNOWN_RULE = "unknown_rule"
    TOO_OFTEN = "too_often"
    TOO_FAR_BACK = "too_far_back"


class CalendarUnreadable(ValueError):
    """Nothing of the file was taken. `line` says where, `trouble` what, `words` what stands there."""

    def __init__(self, trouble: Trouble, line: int | None = None, words: str = "") -> None:
        super().__init__(trouble)
        self.trouble, self.line, self.words = trouble, line, words[:60]


@dataclass(frozen=True, slots=True)
class BusyTime:
    """[start, end) in UTC; the title is empty unless it was asked for."""

    start: datetime
    end: datetime
    title: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of the file."""

    line: int
    uid: str
    start: date | datetime
    length: timedelta
    zone: ZoneInfo
    title: str
    rule: Any
    also: tuple[date | datetime, ...]
    without: frozenset[datetime]
    instead_of: datetime | None
    is_busy: bool

    def moment(self, day: date | datetime) -> datetime:
        """A day or wall time of this entry as an instant."""
        return _instant(day, self.zone)

    @property
    def clock(self) -> time:
        return self.start.timetz().replace(tzinfo=None) if isinstance(self.start, datetime) else time()


def busy_times(
    content: bytes, *, zone: ZoneInfo, start: datetime, end: datetime, titles: bool = False
) -> tuple[BusyTime, ...]:
    """The busy time of a calendar file in [start, end), in order; the whole file or nothing."""
    text, lines = _only_entries(content)
    try:
        components = Calendar.from_ical(text).walk("VEVENT")
    except (ValueError, IndexError, KeyError, TypeError, AttributeError) as problem:
        raise CalendarUnreadable(Trouble.BROKEN) from problem
    entries = [
        _guarded(line, lambda event=event, line=line: _entry(event, line, zone, titles=titles))
        for event, line in zip(components, lines, strict=False)
    ]
    if sum(entry.rule is not None for entry in entries) > MOST_REPEATING:
        raise CalendarUnreadable(Trouble.TOO_MANY)
    moved = {(entry.uid, entry.instead_of) for entry in entries if entry.instead_of}
    found: set[tuple[datetime, datetime, str]] = set()
    for entry in entries:
        for moment in _guarded(entry.line, lambda entry=entry: list(_moments(entry, start - LONGEST, end))):
            replaced = entry.instead_of is None and (entry.uid, moment) in moved
            if not entry.is_busy or replaced or moment in entry.without or not start - entry.length < moment < end:
                continue
            if entry.length:
                found.add((moment, moment + entry.length, entry.title))
        if len(found) > MOST_TIMES:
            raise CalendarUnreadable(Trouble.TOO_MANY, entry.line)
    return tuple(BusyTime(*each) for each in sorted(found))


def _guarded(line: int, read: Any) -> Any:
    """Whatever else an entry breaks is a broken entry, with its line."""
    try:
        return read()
    except CalendarUnreadable:
        raise
    except TooManySteps as problem:
        raise CalendarUnreadable(Trouble.TOO_FAR_BACK, line) from problem
    except (ClinicalError, ValueError, OverflowError, TypeError, AttributeError, KeyError, IndexError) as problem:
        raise CalendarUnreadable(Trouble.BROKEN, line) from problem


def _only_entries(content: bytes) -> tuple[str, list[int]]:
    """The file with its entries alone, and the line on which each begins. Zones are ours, alarms are nobody's."""
    if len(content) > LARGEST:
        raise CalendarUnreadable(Trouble.TOO_LARGE)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise CalendarUnreadable(Trouble.NOT_TEXT) from problem
    if "\0" in text:
        raise CalendarUnreadable(Trouble.NOT_TEXT)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[0].strip().upper() != "BEGIN:VCALENDAR":
        raise CalendarUnreadable(Trouble.NOT_A_CALENDAR, 1)
    kept, begins = ["BEGIN:VCALENDAR"], list[int]()
    open_parts: list[str] = []
    for number, line in enumerate(lines, start=1):
        if line[:1] in {" ", "\t"}:  # goes on from the line before
            if open_parts == ["VCALENDAR", "VEVENT"]:
                kept.append(line)
            continue
        word, _, name = line.strip().upper().partition(":")
        if word == "BEGIN":
            open_parts.append(name)
            if len(open_parts) > DEEPEST:
                raise CalendarUnreadable(Trouble.TOO_DEEP, number)
            if open_parts == ["VCALENDAR", "VEVENT"]:
                begins.append(number)
        if open_parts == ["VCALENDAR", "VEVENT"]:
            kept.append(line)
        if word == "END" and (not open_parts or open_parts.pop() != name):
            raise CalendarUnreadable(Trouble.BROKEN, number, line)
    if open_parts:
        raise CalendarUnreadable(Trouble.BROKEN, len(lines), f"END:{open_parts[-1]}")
    if len(begins) > MOST_ENTRIES:
        raise CalendarUnreadable(Trouble.TOO_MANY, begins[MOST_ENTRIES])
    return "\r\n".join([*kept, "END:VCALENDAR", ""]), begins


def _entry(event: Any, line: int, ours: ZoneInfo, *, titles: bool) -> _Entry:
    begins = event.get("DTSTART")
    if begins is None or isinstance(begins, list):
        raise CalendarUnreadable(Trouble.NO_START, line)
    zone = _zone_of(begins, ours, line)
    start = _wall(begins.dt, zone)
    length = _length(event, start, zone, line)
    replaces = event.get("RECURRENCE-ID")
    is_free = str(event.get("TRANSP", "")).upper() == "TRANSPARENT"
    is_off = str(event.get("STATUS", "")).upper() == "CANCELLED"
    return _Entry(
        line=line,
        uid=str(event.get("UID", line)),
        start=start,
        length=length,
        zone=zone,
        title=str(event.get("SUMMARY", ""))[:TITLE] if titles else "",
        rule=event.get("RRULE"),
        also=tuple(_wall(each, zone) for each in _dates(event.get("RDATE"))),
        without=frozenset(_instant(_wall(each, zone), zone) for each in _dates(event.get("EXDATE"))),
        instead_of=_instant(_wall(replaces.dt, zone), zone) if replaces is not None else None,
        is_busy=not is_free and not is_off,
    )


def _zone_of(value: Any, ours: ZoneInfo, line: int) -> ZoneInfo:
    """The zone an entry names; without a name its times are by our wall."""
    name = str(value.params.get("TZID", "")).strip().strip('"')
    if not name:
        moment = value.dt
        return ZoneInfo("UTC") if isinstance(moment, datetime) and moment.tzinfo is not None else ours
    for known in (name, WINDOWS_TO_OLSON.get(name, ""), "/".join(name.split("/")[-2:])):
        if known in _zones():
            return ZoneInfo(known)
    raise CalendarUnreadable(Trouble.UNKNOWN_ZONE, line, name)


@cache
def _zones() -> frozenset[str]:
    """Every zone there is, asked of the disk once: a file of three thousand entries would ask nine thousand times."""
    return frozenset(available_timezones())


def _wall(value: Any, zone: ZoneInfo) -> date | datetime:
    """A day, or a time by the wall of the entry's zone."""
    begins = value[0] if isinstance(value, tuple) else value  # of a period: its start
    if not isinstance(begins, datetime):
        return date(begins.year, begins.month, begins.day)
    is_utc = begins.tzinfo is UTC or str(begins.tzinfo) == "UTC"
    return (begins.astimezone(zone) if is_utc else begins).replace(tzinfo=None)


def _instant(day: date | datetime, zone: ZoneInfo) -> datetime:
    wall = day if isinstance(day, datetime) else datetime.combine(day, time())
    return wall.replace(tzinfo=zone).astimezone(UTC)


def _length(event: Any, start: date | datetime, zone: ZoneInfo, line: int) -> timedelta:
    ends, lasts = event.get("DTEND"), event.get("DURATION")
    if ends is not None:
        end = _wall(ends.dt, _zone_of(ends, zone, line))
        length = _instant(end, _zone_of(ends, zone, line)) - _instant(start, zone)
        if not isinstance(start, datetime):  # whole days stay whole days when the clocks change
            length = timedelta(days=(end - start).days)
    elif lasts is not None:
        length = lasts.dt
    else:
        length = timedelta() if isinstance(start, datetime) else timedelta(days=1)
    if length < timedelta():
        raise CalendarUnreadable(Trouble.ENDS_BEFORE, line)
    if length > LONGEST:
        raise CalendarUnreadable(Trouble.TOO_LONG, line)
    return length


def _dates(value: Any) -> Iterator[Any]:
    for each in value if isinstance(value, list) else [value] if value is not None else []:
        for one in each.dts:
            yield one.dt


def _moments(entry: _Entry, start: datetime, end: datetime) -> Iterable[datetime]:
    """Every time the entry begins in [start, end)."""
    yield entry.moment(entry.start)
    for each in entry.also:
        yield entry.moment(each)
    if entry.rule is None or entry.instead_of is not None:
        return
    rule = _rule(entry)
    for day in repeats(rule, start.date(), end.date() + timedelta(days=1)):
        yield entry.moment(datetime.combine(day, entry.clock) if isinstance(entry.start, datetime) else day)


def _rule(entry: _Entry) -> Rule:
    said = entry.rule
    if isinstance(said, list) or not set(said) <= KNOWN_PARTS:
        raise CalendarUnreadable(Trouble.UNKNOWN_RULE, entry.line)
    frequency = str(said["FREQ"][0]).upper()
    if frequency not in set(Frequency):
        raise CalendarUnreadable(Trouble.TOO_OFTEN, entry.line, frequency)
    days = [BY_DAY.fullmatch(str(each).upper()) for each in said.get("BYDAY", ())]
    if not all(days):
        raise CalendarUnreadable(Trouble.UNKNOWN_RULE, entry.line)
    first = entry.start.date() if isinstance(entry.start, datetime) else entry.start
    return Rule(
        first=first,
        frequency=Frequency(frequency),
        interval=int(said.get("INTERVAL", [1])[0]),
        count=int(said["COUNT"][0]) if "COUNT" in said else None,
        until=_until(entry, said["UNTIL"][0]) if "UNTIL" in said else None,
        by_day=tuple((int(day[1] or 0), WEEKDAYS[day[2]]) for day in days if day),
        by_month_day=tuple(int(each) for each in said.get("BYMONTHDAY", ())),
        by_month=tuple(int(each) for each in said.get("BYMONTH", ())),
        by_position=tuple(int(each) for each in said.get("BYSETPOS", ())),
        week_starts=WEEKDAYS[str(said.get("WKST", ["MO"])[0]).upper()],
    )


def _until(entry: _Entry, until: Any) -> date:
    last = _wall(until, entry.zone)
    if not isinstance(last, datetime):
        return last
    return last.date() if last.time() >= entry.clock else last.date() - timedelta(days=1)
