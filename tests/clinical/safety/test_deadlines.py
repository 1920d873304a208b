"""Four working hours, never later than the end of the next working day."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from rapport.clinical.kernel.errors import ClinicalError, NotAnInstant
from rapport.clinical.safety.deadlines import acknowledge_by, escalation_times
from rapport.clinical.safety.plan import STEPS
from rapport.clinical.safety.promise import Promise, PromiseCode, promise
from rapport.clinical.safety.working_hours import NobodyWorks, WorkingHours

LONDON = WorkingHours.weekly("Europe/London", time(9), time(17))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("raised", "due"),
    [
        ("2026-03-02T09:00", "2026-03-02T13:00"),  # Monday morning
        ("2026-03-02T15:30", "2026-03-03T11:30"),  # runs into the next day
        ("2026-03-02T03:00", "2026-03-02T13:00"),  # before anybody is there
        ("2026-03-06T16:00", "2026-03-09T12:00"),  # Friday at four: Monday at noon
        ("2026-03-07T12:00", "2026-03-09T13:00"),  # Saturday
        ("2026-03-27T16:00", "2026-03-30T11:00"),  # the clocks change that weekend: 12:00 in summer time
    ],
)
def test_four_working_hours(raised: str, due: str) -> None:
    assert acknowledge_by(utc(raised), LONDON) == utc(due)


def test_a_holiday_is_not_worked() -> None:
    easter = WorkingHours.weekly("Europe/London", time(9), time(17), holidays=[date(2026, 4, 3), date(2026, 4, 6)])
    assert acknowledge_by(utc("2026-04-02T15:00"), easter) == utc("2026-04-07T11:00")  # noon in summer time


def test_short_days_are_capped_at_the_end_of_the_next_working_day() -> None:
    mornings = WorkingHours.weekly("Europe/London", time(9), time(10), days=[0, 2, 4])
    assert acknowledge_by(utc("2026-03-02T09:30"), mornings) == utc("2026-03-04T10:00")


def test_four_hours_that_fill_the_day_to_its_end_are_due_today() -> None:
    """Not at the first minute of tomorrow: the person would wait a night longer."""
    assert acknowledge_by(utc("2026-03-02T13:00"), LONDON) == utc("2026-03-02T17:00")


@pytest.mark.parametrize("raised", ["2026-03-02T17:00", "2026-03-02T18:00"])
def test_once_the_day_is_over_the_hours_begin_tomorrow(raised: str) -> None:
    assert acknowledge_by(utc(raised), LONDON) == utc("2026-03-03T13:00")
    assert not LONDON.open_at(utc(raised))
    assert next(LONDON.shifts_from(utc(raised))).start == utc("2026-03-03T09:00")


def test_the_next_working_day_is_tomorrow_where_tomorrow_is_worked() -> None:
    short = WorkingHours.weekly("Europe/London", time(9), time(10))
    assert acknowledge_by(utc("2026-03-02T09:30"), short) == utc("2026-03-03T10:00")


def test_days_are_those_of_the_practice_and_not_of_the_server() -> None:
    auckland = WorkingHours.weekly("Pacific/Auckland", time(9), time(17))
    sunday_in_london = utc("2026-03-01T21:00")  # Monday at ten in Auckland
    assert auckland.local_day(sunday_in_london) == date(2026, 3, 2)
    assert auckland.open_at(sunday_in_london)
    assert acknowledge_by(sunday_in_london, auckland) == utc("2026-03-02T01:00")
    (shift,) = auckland.shifts_on(date(2026, 3, 2))
    assert shift.end is not None
    assert shift.start.tzinfo is shift.end.tzinfo is UTC


def test_an_hour_that_the_clocks_skip_is_not_worked() -> None:
    night = WorkingHours.weekly("Europe/London", time(1), time(2), days=range(7))
    assert night.shifts_on(date(2026, 3, 29)) == ()
    assert len(night.shifts_on(date(2026, 3, 28))) == 1


@pytest.mark.parametrize(("closed_days", "kept"), [(400, True), (401, False)])
def test_a_practice_closed_for_longer_than_a_year_reads_nothing(closed_days: int, kept: bool) -> None:
    today = date(2026, 3, 2)
    daily = WorkingHours.weekly(
        "Europe/London", time(9), time(17), range(7), [today + timedelta(days=ahead) for ahead in range(closed_days)]
    )
    opens = utc("2027-04-06T08:00")
    if kept:
        assert acknowledge_by(utc("2026-03-02T09:00"), daily) == opens + timedelta(hours=4)
        assert daily.end_of_next_working_day(utc("2026-03-02T09:00")) == opens + timedelta(hours=8)
    else:
        for ask in (daily.end_of_next_working_day, lambda at: daily.after_working_time(at, timedelta(minutes=1))):
            with pytest.raises(NobodyWorks):
                ask(utc("2026-03-02T09:00"))


def test_a_lunch_break_is_not_working_time() -> None:
    day = ((time(9), time(12)), (time(13), time(17)))
    hours = WorkingHours("Europe/London", (day,) * 5 + ((), ()))
    assert acknowledge_by(utc("2026-03-02T10:00"), hours) == utc("2026-03-02T15:00")
    assert not hours.open_at(utc("2026-03-02T12:30"))


def test_escalation_at_half_at_the_deadline_then_hourly() -> None:
    raised = utc("2026-03-06T16:00")
    due = acknowledge_by(raised, LONDON)
    times = escalation_times(raised, due, LONDON, until=due + timedelta(hours=2))
    assert times == (utc("2026-03-09T10:00"), due, due + timedelta(hours=1), due + timedelta(hours=2))


def test_nothing_is_escalated_before_half_of_the_working_time() -> None:
    raised = utc("2026-03-06T16:00")
    due = acknowledge_by(raised, LONDON)
    assert escalation_times(raised, due, LONDON, until=utc("2026-03-08T23:00")) == ()


def test_where_no_working_hour_is_left_the_deadline_itself_is_first() -> None:
    """Half of no working time is no moment of its own: nobody is told twice, nor only after it is overdue."""
    saturday, monday = utc("2026-03-07T10:00"), utc("2026-03-09T09:00")
    told = escalation_times(saturday, utc("2026-03-07T12:00"), LONDON, until=monday)
    assert told[:2] == (utc("2026-03-07T12:00"), utc("2026-03-07T13:00"))
    assert len(set(told)) == len(told)
    assert escalation_times(saturday, monday, LONDON, until=monday) == (monday,)


@pytest.mark.parametrize("due", ["2026-03-06T15:00", "2026-03-06T16:00"])
def test_a_deadline_that_is_not_after_the_alert_is_refused(due: str) -> None:
    with pytest.raises(ClinicalError) as refused:
        escalation_times(utc("2026-03-06T16:00"), utc(due), LONDON, until=utc("2026-03-07T00:00"))
    assert refused.value.field == "due"


def test_where_nobody_works_nothing_is_promised() -> None:
    closed = WorkingHours("Europe/London", ((),) * 7)
    with pytest.raises(NobodyWorks):
        acknowledge_by(utc("2026-03-02T09:00"), closed)
    nothing = Promise(PromiseCode.NOBODY_READS, reader=None, read_by=None, open_now=False, watched_live=False)
    for hours, reader in ((closed, "Dr Okafor"), (LONDON, None), (LONDON, ""), (None, "Dr Okafor")):
        assert promise(utc("2026-03-02T09:00"), hours, reader) == nothing


def test_a_promise_names_who_reads_by_when_and_is_never_live() -> None:
    night = promise(utc("2026-03-02T03:00"), LONDON, "Dr Okafor")
    assert (night.reader, night.read_by) == ("Dr Okafor", utc("2026-03-02T13:00"))
    assert (night.open_now, night.watched_live) == (False, False)
    assert promise(utc("2026-03-02T10:00"), LONDON, "Dr Okafor").open_now


NAIVE, AWARE = datetime.fromisoformat("2026-03-02T10:00"), utc("2026-03-02T09:00")


@pytest.mark.parametrize(
    ("field", "ask"),
    [
        ("raised_at", lambda: acknowledge_by(NAIVE, LONDON)),
        ("raised_at", lambda: promise(NAIVE, LONDON, "Dr Okafor")),
        ("raised_at", lambda: escalation_times(NAIVE, AWARE, LONDON, until=AWARE)),
        ("due", lambda: escalation_times(AWARE, NAIVE, LONDON, until=AWARE)),
        ("until", lambda: escalation_times(AWARE, AWARE, LONDON, until=NAIVE)),
        ("moment", lambda: LONDON.local_day(NAIVE)),
        ("moment", lambda: LONDON.open_at(NAIVE)),
        ("moment", lambda: next(LONDON.shifts_from(NAIVE))),
    ],
)
def test_a_moment_without_a_zone_is_refused_by_its_name(field: str, ask: Callable[[], object]) -> None:
    with pytest.raises(NotAnInstant) as refused:
        ask()
    assert refused.value.field == field


@pytest.mark.parametrize(
    "wrong",
    [
        {"zone": "Europe/Atlantis", "week": ((),) * 7},
        {"zone": "Europe/London", "week": ((),) * 6},
        {"zone": "Europe/London", "week": (((time(17), time(9)),),) + ((),) * 6},
        {"zone": "Europe/London", "week": (((time(9), time(9)),),) + ((),) * 6},
        {"zone": "Europe/London", "week": (((time(9), time(12)), (time(11), time(13))),) + ((),) * 6},
    ],
)
def test_impossible_hours_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ClinicalError):
        WorkingHours(**wrong)


def test_two_shifts_may_meet() -> None:
    hours = WorkingHours("Europe/London", ((((time(9), time(12)), (time(12), time(13))),) + ((),) * 6))
    assert hours.working_time(utc("2026-03-02T09:00"), utc("2026-03-02T13:00")) == timedelta(hours=4)


def test_the_plan_has_six_steps_from_signs_to_surroundings() -> None:
    assert [step.value for step in STEPS] == [
        "warning_signs",
        "things_i_can_do_alone",
        "people_and_places",
        "people_i_can_ask",
        "professionals",
        "safer_surroundings",
    ]
