"""What holds of attendance whatever happened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.clinical.episodes.contract import MissedCharge, Terms
from rapport.clinical.sessions.attendance import (
    CAME,
    MISSED,
    Attendance,
    CancelledBy,
    PlannedHour,
    asks_for_a_review,
    attendance_rates,
    charge_due,
    classify_cancellation,
    missed_in_a_row,
    notice_hours,
)

FIRST = datetime(2026, 1, 5, 9, tzinfo=UTC)
codes = st.sampled_from(Attendance)
minutes = st.integers(0, 60 * 24 * 400)
hours = st.lists(
    st.builds(lambda minute, code: PlannedHour(FIRST + timedelta(minutes=minute), code), minutes, codes), max_size=30
)
terms = st.builds(
    Terms,
    per_week=st.sampled_from([Decimal("0.25"), Decimal("0.5"), Decimal(1), Decimal(2)]),
    fee=st.decimals(0, 500, places=2),
    notice_hours=st.integers(0, 720),
    missed_charge=st.sampled_from(MissedCharge),
    part=st.decimals(0, 1, places=2),
)


@given(hours)
def test_shares_lie_between_nothing_and_all(found: list[PlannedHour]) -> None:
    rates = attendance_rates(found)
    for card in (rates.attendance, rates.cancelled_by_therapist):
        assert card.value is None or 0 <= float(card.value) <= 1
    assert rates.regularity.value is None or float(rates.regularity.value) <= 1


@given(hours)
def test_rates_do_not_depend_on_the_order_of_entry(found: list[PlannedHour]) -> None:
    shuffled = sorted(found, key=lambda hour: (hour.attendance, hour.start))
    assert [c.value for c in attendance_rates(shuffled).cards] == pytest.approx(
        [c.value for c in attendance_rates(found).cards], nan_ok=True
    )


@given(hours)
def test_what_the_therapist_cancelled_never_counts_against_the_client(found: list[PlannedHour]) -> None:
    more = [*found, PlannedHour(FIRST, Attendance.CANCELLED_BY_THERAPIST)]
    assert attendance_rates(more).attendance.value == attendance_rates(found).attendance.value


@given(st.integers(2, 40), st.integers(1, 28))
def test_the_same_gap_each_time_is_wholly_regular(count: int, days: int) -> None:
    found = [PlannedHour(FIRST + n * timedelta(days=days), Attendance.ATTENDED) for n in range(count + 1)]
    rates = attendance_rates(found, Terms())
    assert rates.regularity.value == 1
    assert rates.mean_gap_days.value == pytest.approx(days)
    assert rates.gap_against_agreement.value == pytest.approx(days - 7)


@given(hours, st.integers(2, 7))
def test_regularity_knows_no_unit_of_time(found: list[PlannedHour], factor: int) -> None:
    stretched = [PlannedHour(FIRST + (hour.start - FIRST) * factor, hour.attendance) for hour in found]
    here, there = attendance_rates(found).regularity, attendance_rates(stretched).regularity
    assert (here.value is None) == (there.value is None)
    if here.value is not None:
        assert there.value == pytest.approx(here.value)


@given(terms, st.integers(-100_000, 100_000))
def test_notice_is_kept_exactly_from_the_agreed_hour_on(agreed: Terms, minute: int) -> None:
    told = FIRST - timedelta(hours=agreed.notice_hours) + timedelta(minutes=minute)
    code = classify_cancellation(FIRST, told, CancelledBy.CLIENT, agreed)
    assert code is (Attendance.CANCELLED_IN_NOTICE if minute <= 0 else Attendance.CANCELLED_LATE)
    assert notice_hours(FIRST, told) == pytest.approx(agreed.notice_hours - minute / 60)


@given(terms, codes)
def test_a_charge_is_never_more_than_the_fee_and_nobody_pays_for_the_therapist(agreed: Terms, code: Attendance) -> None:
    due = charge_due(code, agreed)
    assert 0 <= due.amount <= agreed.fee
    if code in {Attendance.CANCELLED_BY_THERAPIST, Attendance.CANCELLED_IN_NOTICE}:
        assert (due.kind, due.amount) == (MissedCharge.NONE, 0)
    if code in CAME:
        assert due.amount == agreed.fee


@given(st.lists(codes, max_size=30))
def test_a_row_of_missed_hours_ends_when_somebody_came(found: list[Attendance]) -> None:
    count = missed_in_a_row(found)
    assert 0 <= count <= sum(code in MISSED for code in found)
    assert missed_in_a_row([*found, Attendance.LATE]) == 0
    assert missed_in_a_row([*found, Attendance.DID_NOT_ATTEND]) == count + 1
    assert missed_in_a_row([*found, Attendance.CANCELLED_BY_THERAPIST]) == count
    assert asks_for_a_review(found) is (count >= 2)
