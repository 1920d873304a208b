"""Whom a freed time fits."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.sessions.states import Place
from rapport.clinical.sessions.waiting import FreeTime, Why, Wish, WishedTime, fit, in_order

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
    with pytest.raises(ClinicalError):
        WishedTime(7, time(9), time(10))
    with pytest.raises(ClinicalError):
        WishedTime(0, time(10), time(10))
