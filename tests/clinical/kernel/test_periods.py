"""Half-open periods, and moments that know where on earth they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rapport.clinical.kernel.cards import NumberCard
from rapport.clinical.kernel.errors import ClinicalError, NotAnInstant
from rapport.clinical.kernel.periods import Period, instant

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NAIVE = NINE.replace(tzinfo=None)


def minutes(start: int, end: int | None = None) -> Period:
    return Period(NINE + start * MINUTE, None if end is None else NINE + end * MINUTE)


def test_a_moment_is_handed_on_in_utc() -> None:
    summer = datetime(2026, 7, 1, 10, tzinfo=ZoneInfo("Europe/London"))
    assert instant("at", summer) == summer
    assert instant("at", summer).tzinfo is UTC
    with pytest.raises(NotAnInstant) as refused:
        instant("raised_at", NAIVE)
    assert (refused.value.field, refused.value.code) == ("raised_at", "not_an_instant")


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [(NAIVE, None, "start"), (NAIVE, NINE, "start"), (NINE, NAIVE, "end"), (NINE, NINE - MINUTE, "end")],
)
def test_no_period_ends_before_it_begins(start: datetime, end: datetime | None, field: str) -> None:
    with pytest.raises(ClinicalError) as refused:
        Period(start, end)
    assert refused.value.field == field
    assert Period(NINE, NINE).minutes == 0


@pytest.mark.parametrize(
    ("moment", "held", "open_ended"), [(-1, False, False), (0, True, True), (49, True, True), (50, False, True)]
)
def test_the_start_is_inside_and_the_end_is_not(moment: int, held: bool, open_ended: bool) -> None:
    assert minutes(0, 50).holds(NINE + moment * MINUTE) is held
    assert minutes(0).holds(NINE + moment * MINUTE) is open_ended


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        (minutes(0, 50), minutes(50, 100), False),
        (minutes(0, 50), minutes(49, 100), True),
        (minutes(0, 50), minutes(10, 20), True),
        (minutes(0, 50), minutes(60, 70), False),
        (minutes(0, 50), minutes(20, 20), False),
        (minutes(0, 50), minutes(0), True),
        (minutes(0, 50), minutes(50), False),
        (minutes(0), minutes(60), True),
        (minutes(0), minutes(-60, 0), False),
        (minutes(0), minutes(-60, 1), True),
    ],
)
def test_two_periods_clash_when_they_share_a_moment(one: Period, other: Period, clash: bool) -> None:
    assert one.overlaps(other) is other.overlaps(one) is clash


def test_a_running_period_has_no_length_yet() -> None:
    assert (minutes(0).minutes, minutes(0, 50).minutes) == (None, 50)


def test_a_refusal_and_a_card_say_what_they_are_about() -> None:
    error = ClinicalError("length", "A session lasts at least one minute.", "Give the length in minutes.")
    assert (error.field, error.message, error.remedy) == (
        "length", "A session lasts at least one minute.", "Give the length in minutes.",
    )  # fmt: skip
    with pytest.raises(ValueError, match=r"^Change: an unknown value needs a reason$"):
        NumberCard("Change", None, "points", "last − first", "change/1")
