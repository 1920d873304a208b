"""Who came, who cancelled and when, what is due by the contract, and the rates of a course.

Rates after the practice's own rules (grade C). A missed hour is not resistance, and a person decides whether a charge
is asked of somebody in a crisis: what comes out is what the contract says, nothing is charged by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from statistics import fmean, median

from rapport.clinical.episodes.contract import MissedCharge, Terms
from rapport.clinical.kernel.cards import Input, NumberCard
from rapport.clinical.kernel.periods import instant


class Attendance(StrEnum):
    """What became of a planned session."""

    ATTENDED = "attended"
    LATE = "late"
    CANCELLED_IN_NOTICE = "cancelled_in_notice"
    CANCELLED_LATE = "cancelled_late"
    DID_NOT_ATTEND = "did_not_attend"
    CANCELLED_BY_THERAPIST = "cancelled_by_therapist"
    CUT_SHORT = "cut_short"


class CancelledBy(StrEnum):
    """Who cancelled."""

    CLIENT = "client"
    THERAPIST = "therapist"


CAME: frozenset[Attendance] = frozenset({Attendance.ATTENDED, Attendance.LATE, Attendance.CUT_SHORT})
MISSED: frozenset[Attendance] = frozenset({Attendance.DID_NOT_ATTEND, Attendance.CANCELLED_LATE})
CANCELLED: frozenset[Attendance] = frozenset(
    {Attendance.CANCELLED_IN_NOTICE, Attendance.CANCELLED_LATE, Attendance.CANCELLED_BY_THERAPIST}
)


def notice_hours(planned_start: datetime, cancelled_at: datetime) -> float:
    """Hours between the cancellation and the start; negative when it came after the start.

    >>> from datetime import UTC
    >>> notice_hours(datetime(2026, 3, 4, 9, tzinfo=UTC), datetime(2026, 3, 2, 9, tzinfo=UTC))
    48.0
    """
    return (instant("planned_start", planned_start) - instant("cancelled_at", cancelled_at)) / timedelta(hours=1)


def classify_cancellation(planned_start: datetime, cancelled_at: datetime, by: CancelledBy, terms: Terms) -> Attendance:
    """In notice when at least the agreed hours remain, late otherwise; a therapist's cancellation is its own kind.

    >>> from datetime import UTC
    >>> start = datetime(2026, 3, 4, 9, tzinfo=UTC)
    >>> classify_cancellation(start, start - timedelta(hours=48), CancelledBy.CLIENT, Terms(notice_hours=48)).value
    'cancelled_in_notice'
    """
    if by is CancelledBy.THERAPIST:
        return Attendance.CANCELLED_BY_THERAPIST
    in_notice = notice_hours(planned_start, cancelled_at) >= terms.notice_hours
    return Attendance.CANCELLED_IN_NOTICE if in_notice else Attendance.CANCELLED_LATE


@dataclass(frozen=True, slots=True)
class ChargeDue:
    """What the contract asks: the kind, the share of the fee, the amount. A person may always waive it."""

    kind: MissedCharge
    share: Decimal
    amount: Decimal


def charge_due(attendance: Attendance, terms: Terms) -> ChargeDue:
    """An hour that took place costs its fee; one cancelled late or missed what was agreed; any other nothing.

    >>> charge_due(Attendance.CANCELLED_LATE, Terms(fee=Decimal(80), missed_charge=MissedCharge.PART))
    ChargeDue(kind=<MissedCharge.PART: 'part'>, share=Decimal('0.5'), amount=Decimal('40.0'))
    """
    if attendance in CAME:
        kind = MissedCharge.FULL
    elif attendance in MISSED:
        kind = terms.missed_charge
    else:
        kind = MissedCharge.NONE
    share = {MissedCharge.FULL: Decimal(1), MissedCharge.PART: terms.part, MissedCharge.NONE: Decimal(0)}[kind]
    return ChargeDue(kind, share, terms.fee * share)


@dataclass(frozen=True, slots=True)
class PlannedHour:
    """One planned session and what became of it."""

    start: datetime
    attendance: Attendance


@dataclass(frozen=True, slots=True)
class AttendanceRates:
    """The rates of one course, each with its card; a rate that cannot be formed is None with a reason."""

    attendance: NumberCard
    cancelled_by_therapist: NumberCard
    mean_gap_days: NumberCard
    gap_against_agreement: NumberCard
    regularity: NumberCard

    @property
    def cards(self) -> tuple[NumberCard, ...]:
        return (
            self.attendance,
            self.cancelled_by_therapist,
            self.mean_gap_days,
            self.gap_against_agreement,
            self.regularity,
        )


MISSED_BEFORE_A_LETTER = 2
NOT_A_JUDGEMENT = "This does not say why somebody came or did not come."


def missed_in_a_row(outcomes: Sequence[Attendance]) -> int:
    """How many hours in a row, counted back from the last, were missed: not attended or cancelled late.

    An hour cancelled in notice or by the therapist was not missed and was not kept: it neither counts nor ends the row.

    >>> A = Attendance
    >>> missed_in_a_row([A.ATTENDED, A.DID_NOT_ATTEND, A.CANCELLED_BY_THERAPIST, A.CANCELLED_LATE])
    2
    >>> missed_in_a_row([A.DID_NOT_ATTEND, A.DID_NOT_ATTEND, A.LATE])
    0
    """
    count = 0
    for outcome in reversed(outcomes):
        if outcome in CAME:
            break
        count += outcome in MISSED
    return count


def asks_for_a_review(outcomes: Sequence[Attendance]) -> bool:
    """Whether a letter that offers a review is worth a thought: two or more hours in a row were missed (house rule).

    A suggestion to a person. Nothing is sent and nobody is discharged by it.

    >>> asks_for_a_review([Attendance.DID_NOT_ATTEND, Attendance.CANCELLED_LATE])
    True
    """
    return missed_in_a_row(outcomes) >= MISSED_BEFORE_A_LETTER


def attendance_rates(hours: Sequence[PlannedHour], agreed: Terms | None = None) -> AttendanceRates:
    """Attendance = came / (came + did not attend + cancelled late); gaps in days between sessions that took place;
    regularity = 1 − MAD(gap) / median(gap), where MAD is the median absolute deviation. With an agreement, the mean gap
    less the agreed one: 7 days if hours came every second week where one a week was agreed.

    >>> from datetime import UTC
    >>> start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> codes = [Attendance.ATTENDED, Attendance.DID_NOT_ATTEND, Attendance.ATTENDED, Attendance.CANCELLED_IN_NOTICE]
    >>> rates = attendance_rates([PlannedHour(start + timedelta(days=7 * i), code) for i, code in enumerate(codes)])
    >>> rates.mean_gap_days.value, rates.regularity.reason
    (14.0, 'fewer_than_two_gaps')
    >>> fortnightly = [PlannedHour(start + timedelta(days=14 * i), Attendance.ATTENDED) for i in range(3)]
    >>> attendance_rates(fortnightly, Terms()).gap_against_agreement.value
    7.0
    """
    came = sorted(instant("start", hour.start) for hour in hours if hour.attendance in CAME)
    by_therapist = sum(hour.attendance is Attendance.CANCELLED_BY_THERAPIST for hour in hours)
    counted = len(came) + sum(hour.attendance in MISSED for hour in hours)
    gaps = [(later - earlier) / timedelta(days=1) for earlier, later in pairwise(came)]
    mean = fmean(gaps) if gaps else None
    contracted = float(agreed.days_between) if agreed else None
    longer = mean - contracted if mean is not None and contracted is not None else None
    no_gap = "fewer_than_two_sessions"
    # fmt: off
    return AttendanceRates(
        _share("Attendance", len(came), counted, "came / (came + did not attend + cancelled late)"),
        _share("Cancelled by the therapist", by_therapist, len(hours), "cancelled by therapist / planned"),
        _card("Mean gap between sessions", mean, "days", "mean of the gaps", len(gaps), no_gap),
        _card("Longer than agreed between sessions", longer, "days", "mean of the gaps − agreed gap", len(gaps),
              no_gap if agreed else "nothing_agreed", (("mean gap", mean), ("agreed gap", contracted))),
        _card("Regularity", _regularity(gaps), "share", "1 − MAD(gap) / median(gap)", len(gaps), "fewer_than_two_gaps"),
    )
    # fmt: on


def _regularity(gaps: Sequence[float]) -> float | None:
    middle = median(gaps) if len(gaps) >= 2 else 0
    return 1 - median(abs(gap - middle) for gap in gaps) / middle if middle else None


def _share(name: str, part: int, whole: int, formula: str) -> NumberCard:
    return _card(name, part / whole if whole else None, "share", formula, whole, "no_sessions_yet")


def _card(
    name: str, value: float | None, unit: str, formula: str, n: int, reason: str, inputs: tuple[Input, ...] = ()
) -> NumberCard:
    return NumberCard(
        name=name,
        value=value,
        unit=unit,
        formula=formula,
        version="attendance/2",
        inputs=inputs,
        n=n,
        source="House rule",
        evidence="C",
        not_meaning=NOT_A_JUDGEMENT,
        verified=True,
        reason="" if value is not None else reason,
    )
