"""Whom a freed time fits."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.sessions.states import Place
from rapport.clinical.sessions.waiting import Fit, FreeTime, Why, Wish, WishedTime, fit, in_order

LONDON = ZoneInfo("Europe/London")
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
SINCE = datetime(2026, 1, 5, 9, tzinfo=UTC)
FREE = FreeTime(datetime(2026, 3, 10, 10, tzinfo=LONDON), datetime(2026, 3, 10, 11, tzinfo=LONDON))
MORNING = WishedTime(1, time(9), time(12))


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (Wish(SINCE, 50), Why.ANY_HOUR),
        (Wish(SINCE, 50, (MORNING,)), Why.WISHED_HOUR),
        (Wish(SINCE, 50, (WishedTime(2, time(9), time(12)),)), Why.OTHER_HOURS),
        (Wish(SINCE, 50, (WishedTime(1, time(10, 20), time(11)),)), Why.OTHER_HOURS),
        (Wish(SINCE, 90), Why.TOO_SHORT),
        (Wish(SINCE, 50, place=Place.VIDEO), Why.OTHER_PLACE),
    ],
)
def test_every_answer_has_its_reason(wish: Wish, why: Why) -> None:
    found = fit(wish, FREE, AT)
    assert (found.why, found.fits) == (why, why in {Why.ANY_HOUR, Why.WISHED_HOUR})


def test_soon_is_for_those_who_said_so_and_past_is_for_nobody() -> None:
    soon = FREE.start.astimezone(UTC) - timedelta(hours=20)
    assert fit(Wish(SINCE, 50), FREE, soon).why is Why.TOO_SOON
    assert fit(Wish(SINCE, 50, at_short_notice=True), FREE, soon).why is Why.AT_SHORT_NOTICE
    assert fit(Wish(SINCE, 50, at_short_notice=True), FREE, FREE.start.astimezone(UTC)).why is Why.PAST


@pytest.mark.parametrize(("hours", "why"), [(48, Why.ANY_HOUR), (47.99, Why.TOO_SOON), (0, Why.PAST), (-1, Why.PAST)])
def test_two_days_ahead_is_not_soon(hours: float, why: Why) -> None:
    at = FREE.start.astimezone(UTC) - timedelta(hours=hours)
    assert fit(Wish(SINCE, 50), FREE, at).why is why


def test_an_hour_that_just_fits_is_offered_from_its_first_minute() -> None:
    end = FREE.start + timedelta(minutes=60)
    assert fit(Wish(SINCE, 60), FREE, AT) == Fit(True, Why.ANY_HOUR, FREE.start, end)
    assert fit(Wish(SINCE, 61), FREE, AT) == Fit(False, Why.TOO_SHORT, None, None)
    exactly = WishedTime(1, time(10), time(11))
    assert fit(Wish(SINCE, 60, (exactly,)), FREE, AT) == Fit(True, Why.WISHED_HOUR, FREE.start, end)
    at = FREE.start.astimezone(UTC) - timedelta(hours=1)
    soon = Wish(SINCE, 60, (exactly,), at_short_notice=True)
    assert fit(soon, FREE, at) == Fit(True, Why.AT_SHORT_NOTICE, FREE.start, end)
    assert fit(Wish(SINCE, 60, at_short_notice=True), FREE, at) == Fit(True, Why.AT_SHORT_NOTICE, FREE.start, end)
    assert fit(Wish(SINCE, 60, place=Place.ROOM), FREE, AT).fits


def test_of_several_wished_hours_the_first_is_offered() -> None:
    times = (
        WishedTime(1, time(10, 25), time(12)),
        WishedTime(2, time(8), time(20)),
        WishedTime(1, time(10, 5), time(12)),
    )
    found = fit(Wish(SINCE, 30, times), FREE, AT)
    assert (found.start, found.end) == (
        datetime(2026, 3, 10, 10, 5, tzinfo=LONDON), datetime(2026, 3, 10, 10, 35, tzinfo=LONDON),
    )  # fmt: skip


def test_who_waits_as_long_as_another_is_told_apart_by_name_and_never_refused() -> None:
    wishes: dict[object, Wish] = {name: Wish(SINCE, 50) for name in ("b", "a")}
    assert [(key, found.why) for key, found in in_order(wishes, FREE, AT)] == [("a", Why.ANY_HOUR), ("b", Why.ANY_HOUR)]


def test_the_hour_begins_where_the_wish_does() -> None:
    found = fit(Wish(SINCE, 30, (WishedTime(1, time(10, 20), time(18)),)), FREE, AT)
    assert found.start == datetime(2026, 3, 10, 10, 20, tzinfo=LONDON)


def test_who_has_waited_longest_comes_first() -> None:
    wishes: dict[object, Wish] = {
        name: Wish(SINCE + timedelta(days=days), 50) for name, days in (("b", 3), ("a", 9), ("c", 0))
    }
    wishes["never"] = Wish(SINCE - timedelta(days=90), 120)
    assert [key for key, _ in in_order(wishes, FREE, AT)] == ["c", "b", "a"]


@given(
    st.integers(0, 6), st.integers(0, 22), st.integers(1, 12), st.integers(10, 120), st.integers(0, 120),
    st.integers(0, 400),
)  # fmt: skip
def test_what_is_offered_lies_inside_the_free_time_and_the_wish(
    weekday: int, hour: int, hours: int, minutes: int, shift: int, days: int
) -> None:
    wished = WishedTime(weekday, time(hour), time(min(23, hour + hours), 30))
    start = datetime(2026, 3, 10, 10, tzinfo=LONDON) + timedelta(days=days, minutes=shift)
    found = fit(Wish(SINCE, minutes, (wished,)), free := FreeTime(start, start + timedelta(minutes=60)), AT)
    if found.fits:
        assert found.start is not None
        assert found.end is not None
        assert free.start <= found.start < found.end <= free.end
        assert found.end - found.start == timedelta(minutes=minutes)
        assert wished.start <= found.start.time()
        assert found.end.time() <= wished.end


def test_impossible_wishes_are_refused() -> None:
    for weekday, start, end, field in (
        (7, 9, 10, "weekday"),
        (-1, 9, 10, "weekday"),
        (0, 10, 10, "end"),
        (0, 10, 9, "end"),
    ):
        with pytest.raises(ClinicalError) as refused:
            WishedTime(weekday, time(start), time(end))
        assert refused.value.field == field
    assert [WishedTime(weekday, time(9), time(10)).weekday for weekday in (0, 6)] == [0, 6]
