"""Four working hours, never later than the end of the next working day."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.safety.deadlines import acknowledge_by, escalation_times
from rapport.clinical.safety.plan import STEPS
from rapport.clinical.safety.promise import PromiseCode, promise
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


def test_a_deadline_before_the_alert_is_refused() -> None:
    with pytest.raises(ClinicalError):
        escalation_times(utc("2026-03-06T16:00"), utc("2026-03-06T15:00"), LONDON, until=utc("2026-03-07T00:00"))


def test_where_nobody_works_nothing_is_promised() -> None:
    closed = WorkingHours("Europe/London", ((),) * 7)
    with pytest.raises(NobodyWorks):
        acknowledge_by(utc("2026-03-02T09:00"), closed)
    assert promise(utc("2026-03-02T09:00"), closed, "Dr Okafor").code is PromiseCode.NOBODY_READS
    assert promise(utc("2026-03-02T09:00"), LONDON, None).code is PromiseCode.NOBODY_READS


def test_a_promise_names_who_reads_by_when_and_is_never_live() -> None:
    night = promise(utc("2026-03-02T03:00"), LONDON, "Dr Okafor")
    assert (night.reader, night.read_by) == ("Dr Okafor", utc("2026-03-02T13:00"))
    assert (night.open_now, night.watched_live) == (False, False)
    assert promise(utc("2026-03-02T10:00"), LONDON, "Dr Okafor").open_now


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ClinicalError):
        acknowledge_by(datetime.fromisoformat("2026-03-02T09:00"), LONDON)


@pytest.mark.parametrize(
    "wrong",
    [
        {"zone": "Europe/Atlantis", "week": ((),) * 7},
        {"zone": "Europe/London", "week": ((),) * 6},
        {"zone": "Europe/London", "week": (((time(17), time(9)),),) + ((),) * 6},
        {"zone": "Europe/London", "week": (((time(9), time(12)), (time(11), time(13))),) + ((),) * 6},
    ],
)
def test_impossible_hours_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ClinicalError):
        WorkingHours(**wrong)


def test_the_plan_has_six_steps_from_signs_to_surroundings() -> None:
    assert [step.value for step in STEPS] == [
        "warning_signs",
        "things_i_can_do_alone",
        "people_and_places",
        "people_i_can_ask",
        "professionals",
        "safer_surroundings",
    ]
