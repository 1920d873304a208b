"""Who of those who wait a freed time fits: wished hours, length, place, and how soon it is.

The order is the order of waiting, nothing else: no score, no urgency computed by a machine. A person decides to whom
the time is offered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from rapport.clinical.kernel.errors import ClinicalError, OutOfRange
from rapport.clinical.sessions.states import Place

SHORT_NOTICE = timedelta(hours=48)


class Why(StrEnum):
    """Why a time fits somebody, or does not."""

    WISHED_HOUR = "wished_hour"
    ANY_HOUR = "any_hour"
    AT_SHORT_NOTICE = "at_short_notice"
    OTHER_HOURS = "other_hours"
    TOO_SHORT = "too_short"
    OTHER_PLACE = "other_place"
    TOO_SOON = "too_soon"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class WishedTime:
    """A weekday (Monday is 0) and the hours of it, by the wall."""

    weekday: int
    start: time
    end: time

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise OutOfRange("weekday", "A week has seven days.", "Give 0 (Monday) to 6 (Sunday).")
        if self.end <= self.start:
            raise ClinicalError("end", "The hours end before they begin.", "Put the later time last.")


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody waits for. No times means any; no place means any."""

    since: datetime
    minutes: int
    times: tuple[WishedTime, ...] = ()
    place: Place | None = None
    at_short_notice: bool = False


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A time that has become free; ``start`` and ``end`` carry the practice's zone, so that its wall is known."""

    start: datetime
    end: datetime
    place: Place = Place.ROOM


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether it fits, why, and from when to when the hour would be."""

    fits: bool
    why: Why
    start: datetime | None = None
    end: datetime | None = None


def fit(wish: Wish, free: FreeTime, at: datetime) -> Fit:
    """Whether a free time fits a wish, seen from ``at``.

    >>> from datetime import UTC
    >>> tuesday = FreeTime(datetime(2026, 3, 3, 10, tzinfo=UTC), datetime(2026, 3, 3, 10, 50, tzinfo=UTC))
    >>> wish = Wish(datetime(2026, 1, 5, tzinfo=UTC), 50, (WishedTime(1, time(9), time(12)),))
    >>> fit(wish, tuesday, datetime(2026, 2, 20, tzinfo=UTC)).why.value
    'wished_hour'
    """
    if free.start <= at:
        return Fit(False, Why.PAST)
    is_soon = free.start - at < SHORT_NOTICE
    if is_soon and not wish.at_short_notice:
        return Fit(False, Why.TOO_SOON)
    if wish.place is not None and wish.place is not free.place:
        return Fit(False, Why.OTHER_PLACE)
    length = timedelta(minutes=wish.minutes)
    if free.end - free.start < length:
        return Fit(False, Why.TOO_SHORT)
    if not wish.times:
        return Fit(True, Why.AT_SHORT_NOTICE if is_soon else Why.ANY_HOUR, free.start, free.start + length)
    starts = [start for wished in wish.times for start in _starts(wished, free, length)]
    if not starts:
        return Fit(False, Why.OTHER_HOURS)
    start = min(starts)
    return Fit(True, Why.AT_SHORT_NOTICE if is_soon else Why.WISHED_HOUR, start, start + length)


def _starts(wished: WishedTime, free: FreeTime, length: timedelta) -> list[datetime]:
    """The first moment at which the whole hour lies in both, if there is one."""
    day = free.start.date()
    if day.weekday() != wished.weekday:
        return []
    begins = datetime.combine(day, wished.start, free.start.tzinfo)
    until = datetime.combine(day, wished.end, free.start.tzinfo)
    start = max(free.start, begins)
    return [start] if start + length <= min(free.end, until) else []


def in_order(wishes: dict[object, Wish], free: FreeTime, at: datetime) -> tuple[tuple[object, Fit], ...]:
    """Those whom it fits, who has waited longest first."""
    found = [(key, wish.since, fit(wish, free, at)) for key, wish in wishes.items()]
    fitting = [(since, str(key), key, each) for key, since, each in found if each.fits]
    return tuple((key, each) for _, _, key, each in sorted(fitting, key=lambda row: row[:2]))
