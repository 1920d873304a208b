"""What repeats in somebody else's calendar, against python-dateutil, and that no rule walks without end."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta

import pytest
from dateutil import rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.sessions.repeats import Frequency, Rule, TooManySteps, repeats

NUMBERS = {each: getattr(rrule, each.value) for each in Frequency}
WEEKDAYS = (rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU)
START, END = date(2026, 1, 1), date(2027, 7, 1)


def by_dateutil(rule: Rule) -> list[date]:
    found = rrule.rrule(
        NUMBERS[rule.frequency],
        dtstart=datetime.combine(rule.first, datetime.min.time()),
        interval=rule.interval,
        count=rule.count,
        wkst=rule.week_starts,
        bymonth=rule.by_month or None,
        bymonthday=rule.by_month_day or None,
        byweekday=[WEEKDAYS[day](place) if place else WEEKDAYS[day] for place, day in rule.by_day] or None,
        bysetpos=rule.by_position or None,
    )
    last = min(rule.until or END, END - timedelta(days=1))
    until = datetime.combine(last, datetime.min.time())
    days = []
    for moment in found:
        if moment > until:
            break
        if moment.date() >= START:
            days.append(moment.date())
    return days


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    frequency = draw(st.sampled_from(list(Frequency)))
    places = [0]
    if frequency in {Frequency.MONTHLY, Frequency.YEARLY} and draw(st.booleans()):
        places = [1, 2, 4, -1]  # dateutil cuts plain and numbered weekdays in one rule; the standard joins them
    by_day = draw(st.lists(st.tuples(st.sampled_from(places), st.integers(0, 6)), max_size=3, unique=True))
    by_position: tuple[int, ...] = ()
    if by_day and frequency is Frequency.MONTHLY:
        by_position = tuple(draw(st.lists(st.sampled_from([1, 2, -1, -2]), max_size=2, unique=True)))
    by_month_day = draw(st.lists(st.integers(1, 28) | st.just(-1), max_size=2, unique=True)) if not by_day else []
    if frequency is Frequency.WEEKLY:
        by_month_day = []
    return Rule(
        first=draw(st.dates(date(2022, 1, 1), date(2026, 12, 1))),
        frequency=frequency,
        interval=draw(st.integers(1, 3)) if not by_month_day else 1,
        count=draw(st.none() | st.integers(1, 60)),
        until=None,
        by_day=tuple(by_day),
        by_month_day=tuple(by_month_day),
        by_month=tuple(draw(st.lists(st.integers(1, 12), min_size=3, max_size=6, unique=True)))
        if frequency is Frequency.DAILY and draw(st.booleans())
        else (),
        by_position=by_position,
        week_starts=draw(st.sampled_from([0, 6])),
    )


@settings(max_examples=150, deadline=None)
@given(rules())
def test_the_days_are_those_of_dateutil(rule: Rule) -> None:
    assert list(repeats(rule, START, END)) == by_dateutil(rule)


@given(rules(), st.dates(date(2026, 1, 1), date(2027, 6, 30)))
def test_a_last_day_cuts_and_a_window_never_adds(rule: Rule, until: date) -> None:
    cut = Rule(**{name: getattr(rule, name) for name in Rule.__slots__} | {"until": until})
    assert list(repeats(cut, START, END)) == [day for day in repeats(rule, START, END) if day <= until]


@pytest.mark.parametrize(
    "rule",
    [
        Rule(date(2020, 1, 6), Frequency.DAILY, interval=7, by_day=((0, 1),)),  # every seventh day, on another weekday
        Rule(date(1990, 1, 1), Frequency.YEARLY, by_month=(2,), by_month_day=(31,)),
        Rule(date(2020, 1, 1), Frequency.WEEKLY, by_day=((0, 0),), by_position=(5,)),
        Rule(date(2020, 1, 1), Frequency.DAILY, interval=10**12),
        Rule(date(1, 1, 1), Frequency.MONTHLY, interval=12, by_month=(3,)),
    ],
)
def test_a_rule_that_never_comes_ends(rule: Rule) -> None:
    began = time.perf_counter()
    assert repeats(rule, START, END) == ()
    assert time.perf_counter() - began < 0.5


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        (Rule(date(2026, 1, 31), Frequency.MONTHLY), ["01-31", "03-31", "05-31"]),
        (Rule(date(2024, 2, 29), Frequency.YEARLY), []),
        (Rule(date(2025, 4, 5), Frequency.YEARLY), ["04-05"]),
        (Rule(date(2026, 1, 1), Frequency.YEARLY, by_day=((-1, 4),)), ["12-25"]),
        (Rule(date(2026, 1, 1), Frequency.YEARLY, by_day=((2, 0),), by_month=(3,)), ["03-09"]),
        (Rule(date(2026, 1, 1), Frequency.MONTHLY, by_day=((0, 0), (0, 1)), by_position=(-1,), until=date(2026, 3, 1)),
         ["01-27", "02-24"]),
        (Rule(date(2026, 1, 1), Frequency.MONTHLY, by_month_day=(-1,), count=2), ["01-31", "02-28"]),
        (Rule(date(2026, 1, 1), Frequency.DAILY, interval=30, until=date(2026, 3, 2)), ["01-01", "01-31", "03-02"]),
        (Rule(date(2025, 12, 30), Frequency.WEEKLY, interval=2, by_day=((0, 1), (0, 6)), week_starts=0, count=4),
         ["01-04", "01-13", "01-18"]),
        (Rule(date(2025, 12, 30), Frequency.WEEKLY, interval=2, by_day=((0, 1), (0, 6)), week_starts=6, count=4),
         ["01-11", "01-13", "01-25"]),
        (Rule(date(2019, 12, 30), Frequency.DAILY, count=2196), ["01-01", "01-02"]),
    ],
)  # fmt: skip
def test_the_days_of_rules_that_calendars_write(rule: Rule, days: list[str]) -> None:
    """RFC 5545, 3.3.10: a day that a month does not have is left out; a count counts from the first day."""
    assert [f"{day:%m-%d}" for day in repeats(rule, START, date(2027, 1, 1))][:3] == days[:3]


def test_a_rule_is_followed_to_the_end_of_the_calendar_and_not_beyond() -> None:
    for frequency in Frequency:
        found = repeats(Rule(date(9998, 1, 1), frequency), date(9998, 1, 1), date.max)
        assert found[0] == date(9998, 1, 1)
        assert found[-1] >= date(9998, 1, 1)


def test_a_count_from_long_ago_is_refused_by_name() -> None:
    with pytest.raises(TooManySteps):
        repeats(Rule(date(1902, 1, 1), Frequency.DAILY, count=10**9), START, END)
    with pytest.raises(ClinicalError) as refused:
        Rule(date(2026, 1, 1), Frequency.DAILY, interval=0)
    assert refused.value.field == "interval"
    with pytest.raises(TooManySteps) as far:
        repeats(Rule(date(1902, 1, 1), Frequency.DAILY, count=10**9), START, END)
    assert far.value.field == "rule"
