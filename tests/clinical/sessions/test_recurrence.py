"""A series lives in wall time."""

from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any

import pytest

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.sessions.recurrence import Series, Slot, days_of, occurrences, weekly

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
    with pytest.raises(ClinicalError) as refused:
        Series(**(usual | change))
    assert refused.value.field in change


@pytest.mark.parametrize(("field", "lowest", "highest"), [("every_weeks", 1, 52), ("length_minutes", 1, 240)])
def test_the_limits_of_a_series_are_part_of_it(field: str, lowest: int, highest: int) -> None:
    usual: dict[str, Any] = {"length_minutes": 50}
    for value in (lowest, highest):
        assert Series("Europe/London", date(2026, 1, 6), (Slot(1, time(10)),), **(usual | {field: value}))
    for value in (lowest - 1, highest + 1):
        with pytest.raises(ClinicalError) as refused:
            Series("Europe/London", date(2026, 1, 6), (Slot(1, time(10)),), **(usual | {field: value}))
        assert refused.value.field == field


def test_a_series_begins_on_its_first_day_and_ends_with_its_last_even_within_a_week() -> None:
    slots = (Slot(0, time(9)), Slot(2, time(9)), Slot(6, time(9)))
    series = Series("Europe/London", date(2026, 1, 7), slots, 45, last_day=date(2026, 1, 14))
    assert [day.day for day in days_of(series)] == [7, 11, 12, 14]
    assert list(days_of(Series("Europe/London", date(2026, 1, 7), slots, 45, count=0))) == []


def test_a_series_to_the_end_of_the_calendar_ends_there() -> None:
    late = Series("Europe/London", date(9999, 12, 6), (Slot(0, time(9)),), 50)
    assert [str(day) for day in days_of(late)][-1] >= "9999-12-20"


def test_a_session_moved_from_far_ahead_or_into_the_window_is_where_it_was_put() -> None:
    series = Series(
        "Europe/London",
        date(2026, 1, 6),
        (Slot(1, time(10)),),
        50,
        moves=MappingProxyType({date(2026, 1, 13): datetime.fromisoformat("2026-01-12T08:00")}),
    )
    window = datetime(2026, 1, 6, 10, tzinfo=UTC), datetime(2026, 1, 20, 10, tzinfo=UTC)
    found = occurrences(series, *window)
    assert [(hour.day.day, hour.period.start.day, hour.period.minutes, hour.moved) for hour in found] == [
        (6, 6, 50, False), (13, 12, 50, True),
    ]  # fmt: skip
    assert found[0].period.start.tzinfo is UTC


@pytest.mark.parametrize("field", ["start", "end"])
def test_a_window_knows_its_zone(field: str) -> None:
    window = {"start": YEAR[0], "end": YEAR[1]} | {field: YEAR[0].replace(tzinfo=None)}
    with pytest.raises(ClinicalError) as refused:
        occurrences(weekly("Europe/London", date(2026, 1, 6), time(10), 50), **window)
    assert refused.value.field == field


def test_the_day_of_a_window_is_the_practices() -> None:
    """A Monday morning in Auckland is still Sunday in UTC, and belongs to the window all the same."""
    early = weekly("Pacific/Auckland", date(2026, 1, 5), time(8), 50)
    sunday = datetime(2026, 1, 4, 18, tzinfo=UTC)
    assert starts(early, sunday, sunday + timedelta(hours=3)) == ["01-04 19:00"]


def test_an_impossible_slot_is_refused() -> None:
    for weekday in (-1, 7):
        with pytest.raises(ClinicalError) as refused:
            Slot(weekday, time(9))
        assert refused.value.field == "weekday"
    assert [Slot(weekday, time(9)).weekday for weekday in (0, 6)] == [0, 6]
    with pytest.raises(ClinicalError) as refused:
        Slot(1, time(9, tzinfo=UTC))
    assert refused.value.field == "at"
