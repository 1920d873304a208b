"""How the frame moves: beginnings and endings, contacts between hours, what was changed, the fixed hour.

House rules (grade C), for the therapist's own thinking. Frame movement is information: sometimes good care, sometimes
something worth thinking about. Crossing is not violation (Gutheil & Gabbard 1993, Am J Psychiatry 150:188–196).
Minutes are signed and unrounded; unknown is None, never zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median

from rapport.clinical.kernel.cards import NumberCard
from rapport.clinical.kernel.errors import OutOfRange
from rapport.clinical.kernel.periods import instant

MINUTE = timedelta(minutes=1)
LAST_HOURS = 5
TICK_MINUTES = 5.0
TICK_HOURS = 3
DOUBLE = 1.5
ROLLING = 10
CONTACT_DAYS, CHANGE_DAYS = 30, 90
NO_FAULT = "It is nobody's fault and no measure of anybody's work: it says where to look, not what was right."


class WhoWasLate(StrEnum):
    """Who came after the agreed time, if anybody knows."""

    CLIENT = "client"
    THERAPIST = "therapist"
    NOBODY = "nobody"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class FrameHour:
    """One hour that took place: when it was to begin, when it did, and for how long it was agreed."""

    planned_start: datetime
    started_at: datetime
    ended_at: datetime
    agreed_minutes: int
    late: WhoWasLate = WhoWasLate.UNKNOWN
    place: str = ""
    in_slot: bool | None = None

    def __post_init__(self) -> None:
        if self.agreed_minutes < 1:
            raise OutOfRange("agreed_minutes", "A session lasts at least a minute.", "Give the agreed length.")


@dataclass(frozen=True, slots=True)
class Drift:
    """Signed minutes: how late the hour began, how far it ran past its agreed end, and who was late."""

    start: float
    end: float
    late: WhoWasLate


def drift(hour: FrameHour) -> Drift:
    """``start = started − planned``; ``end = ended − (allowed start + agreed length)``.

    The allowed start is the planned one when the client was late or the hour began early: the hour still ends on time.
    Was the therapist late, or does nobody know, it is the real start: the client has the whole length.

    >>> from datetime import UTC
    >>> ten = datetime(2026, 3, 2, 10, tzinfo=UTC)
    >>> late, ended = ten + timedelta(minutes=8), ten + timedelta(minutes=56)
    >>> [drift(FrameHour(ten, late, ended, 50, who)).end for who in (WhoWasLate.CLIENT, WhoWasLate.THERAPIST)]
    [6.0, -2.0]
    """
    planned, started = instant("planned_start", hour.planned_start), instant("started_at", hour.started_at)
    late = hour.late if started > planned or hour.late is WhoWasLate.CLIENT else WhoWasLate.NOBODY
    allowed = planned if late is WhoWasLate.CLIENT else max(planned, started)
    end = (instant("ended_at", hour.ended_at) - allowed) / MINUTE - hour.agreed_minutes
    return Drift((started - planned) / MINUTE, end, late)


@dataclass(frozen=True, slots=True)
class DriftSummary:
    """The last five hours: the middle of their beginnings and endings, and how many ended five minutes late or more."""

    start: NumberCard
    end: NumberCard
    ran_over: int

    @property
    def is_ticked(self) -> bool:
        """Whether to think about the endings: at least three ran over."""
        return self.ran_over >= TICK_HOURS


def summarise_drift(drifts: Sequence[Drift]) -> DriftSummary:
    """Medians of the last five hours, the newest last; ticked when at least three of them ended five minutes late.

    >>> ends = (0, 6, 5, 1, 9)
    >>> found = summarise_drift([Drift(0, end, WhoWasLate.NOBODY) for end in ends])
    >>> found.end.value, found.ran_over, found.is_ticked
    (5, 3, True)
    """
    last = drifts[-LAST_HOURS:]
    start = _middle("Beginning", "actual start − planned start", [one.start for one in last])
    end = _middle("Ending", "actual end − (allowed start + agreed length)", [one.end for one in last])
    return DriftSummary(start, end, sum(one.end >= TICK_MINUTES for one in last))


def _middle(name: str, formula: str, values: Sequence[float]) -> NumberCard:
    reason = "" if values else "no_sessions_yet"
    value = median(values) if values else None
    return _card(f"{name}, median of the last {LAST_HOURS}", value, "minutes", formula, len(values), reason)


def slot_stability(hours: Sequence[FrameHour]) -> NumberCard:
    """Share of the last ten hours held in the fixed slot; without a fixed slot there is nothing to say."""
    known = [hour.in_slot for hour in hours[-ROLLING:] if hour.in_slot is not None]
    value = sum(known) / len(known) if known else None
    reason = "" if known else "no_fixed_slot"
    return _card("Held in the fixed slot", value, "share", "in the slot / last 10 held", len(known), reason)


def extra_time(hours: Sequence[FrameHour], contacts: Sequence[FrameContact], at: datetime) -> NumberCard:
    """Minutes past the agreed end, and of contacts outside the agreed hours, in the last 30 days."""
    recent = [drift(hour).end for hour in hours if _is_recent(hour.ended_at, at, CONTACT_DAYS)]
    over = sum(max(0.0, end) for end in recent)
    outside = [one for one in contacts if one.in_window is False and _is_recent(one.at, at, CONTACT_DAYS)]
    talked = sum(one.minutes or 0 for one in outside)
    formula = "minutes past the agreed end + minutes of contacts outside the agreed hours, 30 days"
    inputs = (("past the end", over), ("contacts", talked))
    return _card("Extra time", over + talked, "minutes", formula, len(recent) + len(outside), "", inputs)


class Initiator(StrEnum):
    """Who began a contact between hours."""

    CLIENT = "client"
    THERAPIST = "therapist"
    SOMEONE_ELSE = "someone_else"


class ContactPurpose(StrEnum):
    """What a contact between hours was for."""

    ARRANGING = "arranging"
    CLINICAL = "clinical"
    CRISIS = "crisis"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class FrameContact:
    """A contact between hours; ``in_window`` None where nobody knows whether it lay inside the agreed hours."""

    at: datetime
    initiator: Initiator
    purpose: ContactPurpose
    in_window: bool | None
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class ContactCounts:
    """Contacts outside the agreed hours in the last 30 days: those of a crisis apart, each by who began them."""

    crisis: tuple[tuple[Initiator, int], ...]
    other: tuple[tuple[Initiator, int], ...]
    by_purpose: tuple[tuple[ContactPurpose, int], ...]
    unknown: int

    @property
    def outside(self) -> int:
        return sum(n for _, n in self.crisis) + sum(n for _, n in self.other)


def count_contacts(contacts: Sequence[FrameContact], at: datetime) -> ContactCounts:
    """Count what lay outside the agreed hours; contacts of which that is not known are counted apart."""
    recent = [one for one in contacts if _is_recent(one.at, at, CONTACT_DAYS)]
    outside = [one for one in recent if one.in_window is False]
    crisis = [one.initiator for one in outside if one.purpose is ContactPurpose.CRISIS]
    other = [one.initiator for one in outside if one.purpose is not ContactPurpose.CRISIS]
    purposes = [one.purpose for one in outside]
    return ContactCounts(
        tuple((who, crisis.count(who)) for who in Initiator),
        tuple((who, other.count(who)) for who in Initiator),
        tuple((purpose, purposes.count(purpose)) for purpose in ContactPurpose if purpose in purposes),
        sum(one.in_window is None for one in recent),
    )


class FrameChangeKind(StrEnum):
    """What of the frame was changed."""

    AGREEMENT = "agreement"
    WAIVER = "waiver"
    PLACE = "place"
    DOUBLE = "double"


@dataclass(frozen=True, slots=True)
class FrameChange:
    """One change and when."""

    kind: FrameChangeKind
    at: datetime


def changes_in(
    hours: Sequence[FrameHour], contract_minutes: int, others: Sequence[FrameChange], at: datetime
) -> tuple[FrameChange, ...]:
    """The changes of the last 90 days, newest first: a place other than the hour before, an hour half as long again as
    agreed, and what is handed in as ``others`` (new agreements, waived charges)."""
    found = list(others)
    for before, hour in zip([None, *hours], hours, strict=False):
        if before is not None and hour.place != before.place:
            found.append(FrameChange(FrameChangeKind.PLACE, hour.planned_start))
        if hour.agreed_minutes >= DOUBLE * contract_minutes:
            found.append(FrameChange(FrameChangeKind.DOUBLE, hour.planned_start))
    recent = (change for change in found if _is_recent(change.at, at, CHANGE_DAYS))
    return tuple(sorted(recent, key=lambda change: change.at, reverse=True))


def _is_recent(then: datetime, at: datetime, days: int) -> bool:
    return timedelta() <= instant("at", at) - instant("then", then) <= timedelta(days=days)


def _card(
    name: str,
    value: float | None,
    unit: str,
    formula: str,
    n: int,
    reason: str,
    inputs: tuple[tuple[str, float | int | str | None], ...] = (),
) -> NumberCard:
    return NumberCard(
        name=name,
        value=value,
        unit=unit,
        formula=formula,
        version="frame/1",
        inputs=inputs,
        n=n,
        source="House rule",
        evidence="C",
        not_meaning=NO_FAULT,
        verified=True,
        reason=reason,
    )
