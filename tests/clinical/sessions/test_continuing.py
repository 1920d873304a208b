"""This one and the following, to the letter; what cannot be continued is refused by its part."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType

import pytest

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.sessions.continuing import continue_from
from rapport.clinical.sessions.recurrence import Series, Slot

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
FIRST = date(2026, 3, 3)  # a Tuesday
TUESDAYS = Series("Europe/London", FIRST, (Slot(1, time(10)),), 50, count=6)
TWICE = Series("Europe/London", FIRST, (Slot(1, time(10)), Slot(3, time(15))), 50, count=8)


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_fortnightly_series_goes_on_fortnightly_with_its_new_length() -> None:
    moved, kept = wall("2026-05-27T08:00"), wall("2026-03-04T08:00")
    series = Series(
        "Europe/London", FIRST, (Slot(1, time(10)),), 50, 2, count=6,
        skips=frozenset({FIRST + 2 * WEEK, FIRST + 4 * WEEK, FIRST + 8 * WEEK}),
        moves=MappingProxyType({FIRST: kept, FIRST + 6 * WEEK: moved, FIRST + 10 * WEEK: moved}),
    )  # fmt: skip
    done = continue_from(series, FIRST + 6 * WEEK, wall("2026-04-15T11:30"), 30, frozenset({date(2026, 4, 29)}))
    assert done.before == Series(
        "Europe/London", FIRST, (Slot(1, time(10)),), 50, 2, count=3,
        skips=frozenset({FIRST + 2 * WEEK, FIRST + 4 * WEEK}), moves=MappingProxyType({FIRST: kept}),
    )  # fmt: skip
    assert done.after == Series(
        "Europe/London", date(2026, 4, 15), (Slot(2, time(11, 30)),), 30, 2, count=3,
        skips=frozenset({date(2026, 4, 29)}), moves=MappingProxyType({date(2026, 5, 13): moved}),
    )  # fmt: skip
    assert done.days == {FIRST + n * WEEK: FIRST + n * WEEK + DAY for n in (6, 8, 10)}


def test_a_series_with_a_last_day_is_continued_to_as_many_hours() -> None:
    until = Series("Europe/London", FIRST, (Slot(1, time(10)),), 50, last_day=FIRST + 5 * WEEK)
    done = continue_from(until, FIRST + 3 * WEEK, wall("2026-03-25T11:00"), 50)
    assert (done.before.count, done.before.last_day) == (3, None)
    assert (done.after.count, done.after.last_day) == (3, None)


@pytest.mark.parametrize(
    ("series", "day", "to", "field"),
    [
        (TUESDAYS, FIRST, datetime(2026, 3, 4, 10, tzinfo=UTC), "moved_to"),
        (Series("Europe/London", FIRST, (Slot(1, time(10)),), 50), FIRST, wall("2026-03-04T10:00"), "count"),
        (TUESDAYS, FIRST + DAY, wall("2026-03-05T10:00"), "day"),
        (TUESDAYS, FIRST + 6 * WEEK, wall("2026-04-15T10:00"), "day"),
        (TWICE, FIRST, wall("2026-03-01T10:00"), "day"),
        (TWICE, FIRST, wall("2026-03-09T10:00"), "day"),
    ],
)
def test_what_cannot_go_on_is_refused_by_its_part(series: Series, day: date, to: datetime, field: str) -> None:
    with pytest.raises(ClinicalError) as refused:
        continue_from(series, day, to, 50)
    assert refused.value.field == field


@pytest.mark.parametrize("to", ["2026-03-02T10:00", "2026-03-08T10:00"])
def test_with_two_hours_a_week_one_moves_from_monday_to_sunday(to: str) -> None:
    assert continue_from(TWICE, FIRST, wall(to), 50).days[FIRST] == wall(to).date()
    assert continue_from(TUESDAYS, FIRST, wall("2026-03-20T10:00"), 50).days[FIRST] == date(2026, 3, 20)
