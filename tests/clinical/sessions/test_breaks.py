"""Breaks are counted in sessions, and never announced where there are none."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from rapport.clinical.sessions.breaks import Away, breaks_ahead

FIRST = date(2026, 3, 2)
WEEK = timedelta(weeks=1)


def weekly(count: int, *left_out: int) -> list[date]:
    return [FIRST + number * WEEK for number in range(count) if number not in left_out]


@given(st.integers(1, 60), st.sampled_from([1, 2, 4]))
def test_a_regular_course_has_no_breaks(count: int, weeks: int) -> None:
    days = [FIRST + number * weeks * WEEK for number in range(count)]
    assert breaks_ahead(days, Decimal(7 * weeks)) == ()


@given(st.integers(3, 40), st.data())
def test_one_hour_left_out_is_one_break_wherever_it_lies(count: int, data: st.DataObject) -> None:
    out = data.draw(st.integers(1, count - 2))
    (found,) = breaks_ahead(weekly(count, out), Decimal(7))
    assert (found.sessions, found.weeks, found.back) == (out, 2, FIRST + (out + 1) * WEEK)


@given(st.integers(2, 40), st.data())
def test_as_sessions_pass_the_break_comes_nearer_one_by_one(count: int, data: st.DataObject) -> None:
    out = data.draw(st.integers(1, count - 1))
    days = weekly(count + 1, out)
    left = [breaks_ahead(days[passed:], Decimal(7))[0].sessions for passed in range(out)]
    assert left == list(range(out, 0, -1))
    assert sum(breaks_ahead(days[passed:], Decimal(7))[0].is_named_now for passed in range(out)) == sum(
        n in (1, 2, 4) for n in range(1, out + 1)
    )


@given(st.lists(st.dates(FIRST, FIRST + 80 * WEEK), max_size=30))
def test_order_does_not_matter_and_no_break_is_shorter_than_two_intervals(days: list[date]) -> None:
    found = breaks_ahead(days, Decimal(7))
    assert found == breaks_ahead(list(reversed(days)), Decimal(7))
    assert all(each.days >= 14 for each in found)


def test_a_holiday_is_a_break_between_two_hours_and_after_the_last_one() -> None:
    eleven_days_apart = [FIRST, FIRST + timedelta(days=11)]
    away = Away(FIRST + timedelta(days=2), FIRST + timedelta(days=9))
    (between,) = breaks_ahead(eleven_days_apart, Decimal(7), [away])
    assert (between.is_holiday, between.sessions) == (True, 1)
    (after,) = breaks_ahead([FIRST], Decimal(7), [away])
    assert (after.back, after.days, after.is_holiday) == (None, 8, True)
    assert breaks_ahead([], Decimal(7), [away]) == ()


def test_a_day_off_between_two_regular_hours_is_no_break() -> None:
    assert breaks_ahead(weekly(3), Decimal(7), [Away(FIRST + timedelta(days=3), FIRST + timedelta(days=4))]) == ()
