"""What the practice is, as others read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo


class Jurisdiction(StrEnum):
    """Whose law and whose telephone numbers apply; each has a pack of editable data."""

    UK = "uk"
    US = "us"
    EU = "eu"


class SafeKind(StrEnum):
    """What keeps a practice from being lost."""

    BACKUP = "backup"
    DRILL = "drill"


@dataclass(frozen=True, slots=True)
class Kept:
    """One backup or one drill. `place` is the folder of the backup."""

    kind: SafeKind
    at: datetime
    good: bool
    place: str
    seconds: float
    rows: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class SafekeepingFacts:
    """The last backup and the last drill, the last of each that was good, and whether either is too long ago."""

    backup: Kept | None
    drill: Kept | None
    good_backup: Kept | None
    good_drill: Kept | None
    is_old: bool

    @property
    def failed(self) -> list[Kept]:
        return [kept for kept in (self.backup, self.drill) if kept is not None and not kept.good]


@dataclass(frozen=True, slots=True)
class CrisisContact:
    """Whom to call now. `verified` says that somebody looked the number up at its source."""

    name: str
    number: str
    hours: str
    note: str = ""
    verified: bool = False


@dataclass(frozen=True, slots=True)
class PackYears:
    """A number of years the law or a professional body names, with where it comes from."""

    years: int
    note: str
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class PackText:
    """A passage of a jurisdiction pack."""

    text: str
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Pack:
    """What differs by country. The practice edits its own copy."""

    name: str
    crisis: tuple[CrisisContact, ...]
    retention: PackYears
    age_of_consent: PackYears
    record_rules: PackText
    confidentiality: PackText


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """When somebody of the practice is there. Days count from Monday = 0."""

    days: frozenset[int]
    start: time
    end: time
    holidays: frozenset[date]

    def is_working_day(self, day: date) -> bool:
        return day.weekday() in self.days and day not in self.holidays

    def is_open(self, local: datetime) -> bool:
        """Whether this wall-clock moment of the practice is a working one."""
        return self.is_working_day(local.date()) and self.start <= local.time() < self.end


@dataclass(frozen=True, slots=True)
class PracticeFacts:
    """The practice as every page and every other duty knows it. Nothing in it is private."""

    name: str
    alias: str
    phone: str
    zone: ZoneInfo
    jurisdiction: Jurisdiction
    working: WorkingTime
    on_call: UUID | None
    pack: Pack
    founded: bool = True
    reminder_hours: int | None = None  # how long before an hour clients are reminded; None: not at all
    confirms: bool = False  # whether they are written to when an hour is booked, moved or cancelled

    @property
    def crisis(self) -> tuple[CrisisContact, ...]:
        return self.pack.crisis

    @property
    def retention(self) -> PackYears:
        return self.pack.retention

    @property
    def age_of_consent(self) -> int:
        return self.pack.age_of_consent.years

    def local(self, at: datetime) -> datetime:
        """A moment on the practice's wall clock."""
        return at.astimezone(self.zone)


@dataclass(frozen=True, slots=True)
class RoomFacts:
    """A room one can meet in."""

    id: UUID
    name: str
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class PracticeTerms:
    """What a founder or manager decides about the practice."""

    name: str
    alias: str
    phone: str
    zone: str
    working_days: frozenset[int]
    day_starts: time
    day_ends: time
    holidays: frozenset[date] = frozenset()
    on_call: UUID | None = None
    reminder_hours: int | None = 24
    confirms: bool = True


PackData = Mapping[str, object]
