"""A series lives in wall time."""

from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any

import pytest

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.sessions.recurrence import Series, Slot, occurrences, weekly

YEAR = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


def starts(series: Series, start: datetime = YEAR[0], end: datetime = YEAR[1]) -> list[str]:
    return [hour.period.start.strftime("%m-%d %H:%M") for hour in occurrences(series, start, end)]


def test_nine_stays_nine_when_the_clocks_change() -> None:
    spring = weekly("Europe/London", date(2026, 3, 23), time(9), 50)
    assert starts(spring)[:2] == ["03-23 09:00", "03-30 08:00"]
    autumn = weekly("America/New_York", date(2026, 10, 26), time(9), 50)
    assert starts(autumn)[:2] == ["10-26 13:00", "11-02 14:00"]


def test_a_wall_time_the_clocks_skip_is_held_after_the_change() -> None:
    night = weekly("Europe/London", date(2026, 3, 29), time(1, 30), 50)
    assert starts(night)[0] == "03-29 01:30"  # 02:30 by the wall


def test_a_wall_time_that_comes_twice_is_its_first() -> None:
    night = weekly("Europe/London", date(2026, 10, 25), time(1, 30), 50)
    assert starts(night)[0] == "10-25 00:30"


@pytest.mark.parametrize("length", [30, 45, 50, 60, 90])
def test_a_session_lasts_its_length_also_across_a_change(length: int) -> None:
    night = weekly("Europe/London", date(2026, 3, 29), time(0, 45), length)
    assert occurrences(night, *YEAR)[0].period.minutes == length


def test_fortnightly() -> None:
    series = weekly("Europe/London", date(2026, 1, 6), time(10), 50, every_weeks=2)
    assert starts(series)[:3] == ["01-06 10:00", "01-20 10:00", "02-03 10:00"]


def test_two_slots_a_week_from_the_middle_of_one() -> None:
    slots = (Slot(3, time(17)), Slot(0, time(9)))
    series = Series("Europe/London", date(2026, 1, 7), slots, 45, count=4)
    assert starts(series) == ["01-08 17:00", "01-12 09:00", "01-15 17:00", "01-19 09:00"]


def test_last_day_is_included() -> None:
    series = Series("Europe/London", date(2026, 1, 6), (Slot(1, time(10)),), 50, last_day=date(2026, 1, 20))
    assert len(starts(series)) == 3


def test_exceptions_and_moves() -> None:
    series = Series(
        "Europe/London",
        date(2026, 1, 6),
        (Slot(1, time(10)),),
        50,
        count=4,
        skips=frozenset({date(2026, 1, 13)}),
        moves=MappingProxyType({date(2026, 1, 20): datetime.fromisoformat("2026-01-29T16:30")}),
    )
    found = occurrences(series, *YEAR)
    assert starts(series) == ["01-06 10:00", "01-27 10:00", "01-29 16:30"]
    assert [(hour.day.day, hour.moved) for hour in found] == [(6, False), (27, False), (20, True)]


def test_a_session_moved_forward_is_found_on_its_new_day() -> None:
    series = Series(
        "Europe/London",
        date(2026, 1, 6),
        (Slot(1, time(10)),),
        50,
        moves=MappingProxyType({date(2026, 6, 30): datetime.fromisoformat("2026-01-09T09:00")}),
    )
    week = datetime(2026, 1, 7, tzinfo=UTC)
    assert starts(series, week, week + timedelta(days=6)) == ["01-09 09:00"]


def test_a_window_holds_its_start_and_not_its_end() -> None:
    series = weekly("Europe/London", date(2026, 1, 6), time(10), 50)
    first = datetime(2026, 1, 6, 10, tzinfo=UTC)
    assert len(occurrences(series, first, first + timedelta(days=7))) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"zone": "Mars/Olympus"},
        {"slots": ()},
        {"slots": (Slot(1, time(9)), Slot(1, time(10)))},
        {"every_weeks": 0},
        {"length_minutes": 0},
        {"moves": {date(2026, 1, 6): datetime(2026, 1, 7, tzinfo=UTC)}},
    ],
)
def test_an_impossible_series_is_refused(change: dict[str, Any]) -> None:
    usual: dict[str, Any] = {
        "zone": "Europe/London",
        "first_day": date(2026, 1, 6),
        "slots": (Slot(1, time(10)),),
        "length_minutes": 50,
    }
    with pytest.raises(ClinicalError):
        Series(**(usual | change))


def test_an_impossible_slot_is_refused() -> None:
    with pytest.raises(ClinicalError):
        Slot(7, time(9))
    with pytest.raises(ClinicalError):
        Slot(1, time(9, tzinfo=UTC))
