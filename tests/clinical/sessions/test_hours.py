"""Attendance, charges, the room's clock, the hour's own effect, periods."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from rapport.clinical.episodes.contract import MissedCharge, Terms
from rapport.clinical.kernel.cards import NumberCard
from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.kernel.periods import Period
from rapport.clinical.sessions.attendance import (
    Attendance,
    CancelledBy,
    ChargeDue,
    PlannedHour,
    attendance_rates,
    charge_due,
    classify_cancellation,
    notice_hours,
)
from rapport.clinical.sessions.clock import Signal, read_clock
from rapport.clinical.sessions.hour_effect import HourEffect, hour_effect, mean_effect
from rapport.clinical.sessions.notes import SECTIONS, NoteFormat, NoteSection, how_due
from rapport.clinical.sessions.states import SessionState, may_follow

NINE = datetime(2026, 3, 4, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "by", "expected"),
    [
        (48, CancelledBy.CLIENT, Attendance.CANCELLED_IN_NOTICE),
        (47.99, CancelledBy.CLIENT, Attendance.CANCELLED_LATE),
        (-1, CancelledBy.CLIENT, Attendance.CANCELLED_LATE),
        (1, CancelledBy.THERAPIST, Attendance.CANCELLED_BY_THERAPIST),
    ],
)
def test_notice(hours: float, by: CancelledBy, expected: Attendance) -> None:
    assert classify_cancellation(NINE, NINE - timedelta(hours=hours), by, Terms(notice_hours=48)) is expected


@pytest.mark.parametrize(
    ("attendance", "charge", "amount"),
    [
        (Attendance.ATTENDED, MissedCharge.NONE, "80"),
        (Attendance.LATE, MissedCharge.NONE, "80"),
        (Attendance.CUT_SHORT, MissedCharge.NONE, "80"),
        (Attendance.CANCELLED_LATE, MissedCharge.FULL, "80"),
        (Attendance.CANCELLED_LATE, MissedCharge.PART, "40"),
        (Attendance.DID_NOT_ATTEND, MissedCharge.PART, "40"),
        (Attendance.DID_NOT_ATTEND, MissedCharge.NONE, "0"),
        (Attendance.CANCELLED_IN_NOTICE, MissedCharge.FULL, "0"),
        (Attendance.CANCELLED_BY_THERAPIST, MissedCharge.FULL, "0"),
    ],
)
def test_what_the_contract_asks(attendance: Attendance, charge: MissedCharge, amount: str) -> None:
    assert charge_due(attendance, Terms(fee=Decimal(80), missed_charge=charge)).amount == Decimal(amount)


@pytest.mark.parametrize(
    "wrong",
    [{"length_minutes": 0}, {"per_week": Decimal(6)}, {"fee": Decimal(-1)}, {"notice_hours": -1}, {"part": Decimal(2)}],
)
def test_impossible_terms_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ClinicalError) as refused:
        Terms(**wrong)
    assert refused.value.field in wrong


def test_rates_of_a_course() -> None:
    codes = [
        Attendance.ATTENDED,
        Attendance.LATE,
        Attendance.DID_NOT_ATTEND,
        Attendance.CANCELLED_IN_NOTICE,
        Attendance.CANCELLED_BY_THERAPIST,
        Attendance.ATTENDED,
        Attendance.CANCELLED_LATE,
        Attendance.CUT_SHORT,
    ]
    rates = attendance_rates([PlannedHour(NINE + timedelta(days=7 * week), code) for week, code in enumerate(codes)])
    assert rates.attendance.value == pytest.approx(4 / 6)
    assert rates.cancelled_by_therapist.value == pytest.approx(1 / 8)
    assert rates.mean_gap_days.value == pytest.approx((7 + 28 + 14) / 3)
    assert rates.regularity.value == pytest.approx(1 - 7 / 14)


def test_the_cards_of_a_course_say_from_how_many_hours() -> None:
    codes = [Attendance.ATTENDED, Attendance.CANCELLED_BY_THERAPIST, Attendance.LATE, Attendance.DID_NOT_ATTEND,
             Attendance.CUT_SHORT]  # fmt: skip
    planned = [PlannedHour(NINE + timedelta(days=7 * week), code) for week, code in enumerate(codes)]
    cards = attendance_rates(planned, Terms()).cards
    assert [(card.name, card.unit, card.n, card.reason) for card in cards] == [
        ("Attendance", "share", 4, ""),
        ("Cancelled by the therapist", "share", 5, ""),
        ("Mean gap between sessions", "days", 2, ""),
        ("Longer than agreed between sessions", "days", 2, ""),
        ("Regularity", "share", 2, ""),
    ]
    assert cards[3].value == 7
    assert cards[3].inputs == (("mean gap", 14), ("agreed gap", 7))
    assert [card.formula for card in cards] == [
        "came / (came + did not attend + cancelled late)",
        "cancelled by therapist / planned",
        "mean of the gaps",
        "mean of the gaps − agreed gap",
        "1 − MAD(gap) / median(gap)",
    ]
    assert {(card.source, card.evidence, card.version) for card in cards} == {("House rule", "C", "attendance/2")}
    assert all(card.verified for card in cards)
    assert [card.reason for card in attendance_rates(planned[:1], Terms()).cards][2:] == [
        "fewer_than_two_sessions", "fewer_than_two_sessions", "fewer_than_two_gaps",
    ]  # fmt: skip


@pytest.mark.parametrize("field", ["planned_start", "cancelled_at"])
def test_notice_is_between_two_known_moments(field: str) -> None:
    moments = {"planned_start": NINE, "cancelled_at": NINE} | {field: NINE.replace(tzinfo=None)}
    with pytest.raises(ClinicalError) as refused:
        notice_hours(**moments)
    assert refused.value.field == field
    with pytest.raises(ClinicalError) as refused:
        attendance_rates([PlannedHour(NINE.replace(tzinfo=None), Attendance.ATTENDED)])
    assert refused.value.field == "start"


@pytest.mark.parametrize(
    ("attendance", "charge", "kind", "share"),
    [
        (Attendance.ATTENDED, MissedCharge.NONE, MissedCharge.FULL, "1"),
        (Attendance.DID_NOT_ATTEND, MissedCharge.PART, MissedCharge.PART, "0.3"),
        (Attendance.CANCELLED_IN_NOTICE, MissedCharge.FULL, MissedCharge.NONE, "0"),
    ],
)
def test_a_charge_says_its_kind_and_share(
    attendance: Attendance, charge: MissedCharge, kind: MissedCharge, share: str
) -> None:
    terms = Terms(fee=Decimal(80), missed_charge=charge, part=Decimal("0.3"))
    assert charge_due(attendance, terms) == ChargeDue(kind, Decimal(share), 80 * Decimal(share))


def test_rates_of_nothing_are_unknown_and_say_why() -> None:
    assert [card.reason for card in attendance_rates([]).cards] == [
        "no_sessions_yet",
        "no_sessions_yet",
        "fewer_than_two_sessions",
        "nothing_agreed",
        "fewer_than_two_gaps",
    ]


def test_a_card_without_a_value_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="reason"):
        NumberCard("x", None, "", "", "x/1")


@pytest.mark.parametrize(
    ("minutes", "signal"),
    [
        (0, Signal.QUIET),
        (39, Signal.QUIET),
        (40, Signal.TEN_LEFT),
        (44, Signal.TEN_LEFT),
        (45, Signal.FIVE_LEFT),
        (50, Signal.FIVE_LEFT),
        (51, Signal.OVER),
    ],
)
def test_the_rooms_clock(minutes: int, signal: Signal) -> None:
    clock = read_clock(NINE, 50, NINE + timedelta(minutes=minutes))
    assert (clock.elapsed, clock.remaining, clock.signal) == (minutes, 50 - minutes, signal)


def test_a_clock_reads_nothing_before_the_hour_and_no_length_at_all() -> None:
    assert read_clock(NINE, 50, NINE - timedelta(minutes=3)).elapsed == 0
    assert read_clock(NINE, 1, NINE).remaining == 1
    with pytest.raises(ClinicalError) as refused:
        read_clock(NINE, 0, NINE)
    assert refused.value.field == "length_minutes"


@pytest.mark.parametrize("field", ["started_at", "at", "ended_at"])
def test_a_clock_needs_to_know_where_on_earth_it_is(field: str) -> None:
    moments = {"started_at": NINE, "at": NINE, "ended_at": None} | {field: NINE.replace(tzinfo=None)}
    with pytest.raises(ClinicalError) as refused:
        read_clock(length_minutes=50, **moments)
    assert refused.value.field == field


def test_an_ended_hour_stands_still() -> None:
    assert read_clock(NINE, 50, NINE + timedelta(hours=5), NINE + timedelta(minutes=48)).elapsed == 48


def test_the_hours_own_effect() -> None:
    assert hour_effect(7, 4).difference == -3
    assert hour_effect(0, 0).difference == 0
    assert hour_effect(3, None).reason == "after_not_given"
    card = mean_effect([hour_effect(4, 6), hour_effect(6, 5), hour_effect(None, 9)])
    assert (card.value, card.n, card.missing, card.evidence) == (0.5, 2, 1, "C")
    assert mean_effect([]).reason == "no_hour_with_both_answers"
    assert [hour_effect(low, high).difference for low, high in ((0, 10), (10, 0))] == [10, -10]
    assert hour_effect(None, 6) == HourEffect(None, 6, None, "before_not_given")
    assert hour_effect(3, None) == HourEffect(3, None, None, "after_not_given")
    assert hour_effect(3, 6) == HourEffect(3, 6, 3, "")
    for before, after, field in ((11, 3, "before"), (-1, 3, "before"), (3, 11, "after"), (3, -1, "after"),
                                 (True, 3, "before"), (2.5, 3, "before")):  # fmt: skip
        with pytest.raises(ClinicalError) as refused:
            hour_effect(before, after)
        assert refused.value.field == field
    assert (card.name, card.unit, card.formula) == ("The hour's own effect", "points", "mean of (after − before)")
    assert (card.source, card.version, card.reason, card.verified) == ("Own 0–10 slider", "hour_effect/1", "", True)


@pytest.mark.parametrize("field", ["ended_at", "at"])
def test_a_note_is_due_between_two_known_moments(field: str) -> None:
    with pytest.raises(ClinicalError) as refused:
        how_due(**({"ended_at": NINE, "at": NINE} | {field: NINE.replace(tzinfo=None)}))
    assert refused.value.field == field


def test_steps_between_states() -> None:
    assert may_follow(SessionState.RUNNING, SessionState.ENDED)
    assert not any(may_follow(SessionState.CANCELLED, state) for state in SessionState)


def test_note_formats_have_their_sections() -> None:
    assert set(SECTIONS) == set(NoteFormat)
    assert SECTIONS[NoteFormat.SOAP] == (
        NoteSection.SUBJECTIVE,
        NoteSection.OBJECTIVE,
        NoteSection.ASSESSMENT,
        NoteSection.PLAN,
    )


def test_periods_meet_without_overlapping() -> None:
    hour = timedelta(hours=1)
    first, second = Period(NINE, NINE + hour), Period(NINE + hour, NINE + 2 * hour)
    assert not first.overlaps(second)
    assert first.overlaps(Period(NINE + hour / 2))
    assert Period(NINE).minutes is None
    assert not first.overlaps(Period(NINE, NINE))
    with pytest.raises(ClinicalError):
        Period(NINE, NINE - hour)
