"""Breaks are counted in sessions, and never announced where there are none."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.clinical.sessions.breaks import Away, Break, breaks_ahead

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


def test_a_break_is_two_intervals_and_no_day_less() -> None:
    found = breaks_ahead([FIRST, FIRST + timedelta(days=14), FIRST + timedelta(days=27)], Decimal(7))
    assert found == (Break(1, FIRST, FIRST + timedelta(days=14), 14, False),)
    assert (found[0].weeks, Break(1, FIRST, None, 3, True).weeks) == (2, 1)
    assert [each for each in range(1, 7) if Break(each, FIRST, None, 14, False).is_named_now] == [1, 2, 4]


@pytest.mark.parametrize(
    ("first", "last", "is_break"),
    [(2, 8, True), (2, 7, False), (1, 7, True), (0, 8, False), (4, 10, True), (4, 11, False)],
)
def test_a_holiday_as_long_as_an_interval_is_a_break_if_it_lies_between_the_hours(
    first: int, last: int, is_break: bool
) -> None:
    away = Away(FIRST + timedelta(days=first), FIRST + timedelta(days=last))
    found = breaks_ahead([FIRST, FIRST + timedelta(days=11)], Decimal(7), [away])
    assert bool(found) is is_break
    assert all(each.is_holiday for each in found)


def test_after_the_last_hour_the_next_holiday_is_named_and_no_earlier_one() -> None:
    def away(day: int) -> Away:
        return Away(FIRST + timedelta(days=day), FIRST + timedelta(days=day + 9))

    assert breaks_ahead([FIRST], Decimal(7), [away(60), away(30), away(0), away(-30)]) == (
        Break(1, FIRST, None, 10, True),
    )
    (between, after) = breaks_ahead([*weekly(2, 1), FIRST + 3 * WEEK], Decimal(7), [away(40), away(-30)])
    assert (between.is_holiday, after.sessions, after.last) == (False, 2, FIRST + 3 * WEEK)


def test_a_day_off_between_two_regular_hours_is_no_break() -> None:
    assert breaks_ahead(weekly(3), Decimal(7), [Away(FIRST + timedelta(days=3), FIRST + timedelta(days=4))]) == ()
