"""Series against python-dateutil, which reads the same rule from RFC 5545 in its own way."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType

import pytest
from dateutil import rrule, tz
from hypothesis import assume, given
from hypothesis import strategies as st

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.sessions.continuing import Continued, continue_from
from rapport.clinical.sessions.recurrence import Series, Slot, days_of, occurrences

ZONES = ["Europe/London", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]
TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 50]))
DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))
ALWAYS = datetime(2020, 1, 1, tzinfo=UTC), datetime(2060, 1, 1, tzinfo=UTC)


@st.composite
def series(draw: st.DrawFn) -> Series:
    """Weekly, twice a week, fortnightly, every n weeks, on days of one's own, each with its own time."""
    weekdays = draw(st.sets(st.integers(0, 6), min_size=1, max_size=4))
    slots = tuple(Slot(day, draw(TIMES)) for day in sorted(weekdays))
    every, count = draw(st.integers(1, 6)), draw(st.integers(1, 24))
    return Series(draw(st.sampled_from(ZONES)), draw(DAYS), slots, 50, every, count=count)


@st.composite
def with_exceptions(draw: st.DrawFn) -> Series:
    """A series of which some days fall out and some are held at another time."""
    plain = draw(series())
    days = list(days_of(plain))
    skips = draw(st.sets(st.sampled_from(days), max_size=4))
    moved = draw(st.sets(st.sampled_from(days), max_size=3)) - skips
    moves = {
        day: datetime.combine(day + timedelta(days=draw(st.integers(-3, 9))), draw(TIMES)) for day in sorted(moved)
    }
    return replace(plain, skips=frozenset(skips), moves=MappingProxyType(moves))


def ruled(series: Series) -> list[date]:
    """The days of the rule as dateutil reads it."""
    rule = rrule.rrule(
        rrule.WEEKLY,
        dtstart=datetime.combine(series.first_day, time()),
        interval=series.every_weeks,
        byweekday=[slot.weekday for slot in series.slots],
        wkst=rrule.MO,
        count=series.count,
    )
    return [each.date() for each in rule]


def instant_of(series: Series, wall: datetime) -> datetime:
    """A wall time as an instant by dateutil: skipped by the clocks it lies after, coming twice it is the first."""
    return tz.resolve_imaginary(wall.replace(tzinfo=tz.gettz(series.zone))).astimezone(UTC)


def walls(series: Series) -> dict[date, datetime]:
    """When each day's session is by the wall, from dateutil's days."""
    at = {slot.weekday: slot.at for slot in series.slots}
    usual = {day: datetime.combine(day, at[day.weekday()]) for day in ruled(series) if day not in series.skips}
    return usual | {day: wall for day, wall in series.moves.items() if day in usual}


def starts(series: Series) -> list[datetime]:
    return [hour.period.start for hour in occurrences(series, *ALWAYS)]


@given(series())
def test_the_days_are_those_of_the_rule(series: Series) -> None:
    assert list(days_of(series)) == ruled(series)


@given(with_exceptions())
def test_wall_times_become_the_same_instants(series: Series) -> None:
    assert starts(series) == sorted(instant_of(series, wall) for wall in walls(series).values())


@given(with_exceptions())
def test_skips_and_moves_count_towards_the_number(series: Series) -> None:
    assert len(starts(series)) == (series.count or 0) - len(series.skips)


@st.composite
def continued(draw: st.DrawFn) -> tuple[Series, date, datetime, Continued]:
    whole = draw(with_exceptions())
    day = draw(st.sampled_from(list(days_of(whole))))
    assume(day not in whole.skips)
    monday = day - timedelta(days=day.weekday())
    reach = st.integers(-10, 20).map(lambda n: day + timedelta(days=n))
    within = st.integers(0, 6).map(lambda n: monday + timedelta(days=n))
    wall = datetime.combine(draw(within if len(whole.slots) > 1 else reach), draw(TIMES))
    assume(wall.weekday() not in {slot.weekday for slot in whole.slots} - {day.weekday()})
    return whole, day, wall, continue_from(whole, day, wall, 50)


@given(continued())
def test_this_and_following_loses_no_session_and_adds_none(made: tuple[Series, date, datetime, Continued]) -> None:
    whole, day, wall, done = made
    before, after = starts(done.before), starts(done.after)
    assert len(before) + len(after) == len(starts(whole))
    assert set(before) <= set(starts(whole))
    assert instant_of(whole, wall) in after
    assert list(done.days) == [each for each in ruled(whole) if each >= day]


@given(continued())
def test_this_and_following_moves_only_its_slot(made: tuple[Series, date, datetime, Continued]) -> None:
    whole, day, wall, done = made
    expected = []
    for old, usual in walls(whole).items():
        if old < day:
            continue
        own_way = old in whole.moves and old != day
        if own_way or old.weekday() != day.weekday():
            expected.append(instant_of(whole, usual))
        else:
            expected.append(instant_of(whole, datetime.combine(old + (wall.date() - day), wall.time())))
    assert starts(done.after) == sorted(expected)


@given(continued())
def test_the_continuing_series_is_a_rule_of_its_own(made: tuple[Series, date, datetime, Continued]) -> None:
    after = made[3].after
    assert list(days_of(after)) == ruled(after)
    assert starts(after) == sorted(instant_of(after, wall) for wall in walls(after).values())


@pytest.mark.parametrize("wall", ["2026-03-05T11:00", "2026-03-10T09:00"])  # on the other's day; in another week
def test_two_sessions_of_a_week_keep_out_of_each_other_s_way(wall: str) -> None:
    twice = Series("Europe/London", date(2026, 3, 2), (Slot(0, time(9)), Slot(3, time(9))), 50, count=8)
    with pytest.raises(ClinicalError):
        continue_from(twice, date(2026, 3, 2), datetime.fromisoformat(wall), 50)


def test_what_cannot_be_continued_is_refused() -> None:
    tuesdays = Series("Europe/London", date(2026, 3, 3), (Slot(1, time(10)),), 50)
    nine = datetime.fromisoformat("2026-03-11T09:00")
    for series, day, wall in (
        (tuesdays, date(2026, 3, 10), nine),  # no end
        (replace(tuesdays, count=4), date(2026, 3, 11), nine),  # no day of it
        (replace(tuesdays, count=4), date(2026, 3, 10), nine.replace(tzinfo=UTC)),
    ):
        with pytest.raises(ClinicalError):
            continue_from(series, day, wall, 50)
