"""Who owns an alert, by when it is read, who is told next. Plain rules over plain facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from rapport.clinical.safety.answers import Severity
from rapport.clinical.safety.deadlines import ESCALATE_EVERY, acknowledge_by, escalation_times
from rapport.clinical.safety.working_hours import NobodyWorks, WorkingHours
from rapport.practice.organisation.choices import PracticeFacts

ACT_NOW_WITHIN = timedelta(minutes=30)  # only promised where somebody is reachable round the clock
WHEN_NOBODY_WORKS = timedelta(days=1)  # a practice without hours still has a clock; the client is promised nothing


class NobodyToTell(Exception):
    """The practice has no staff at all: an alert would have no owner, so the answer is refused."""


@dataclass(frozen=True, slots=True)
class Staff:
    """Who could be told: the client's therapists, the managers, whoever is on call at any hour. All can sign in."""

    carers: tuple[UUID, ...]
    managers: tuple[UUID, ...]
    on_call: UUID | None = None

    @property
    def first(self) -> UUID:
        """The owner of a new alert: never nobody."""
        if not (self.carers or self.managers):
            raise NobodyToTell("There is nobody in this practice who could be told.")
        return (self.carers or self.managers)[0]

    @property
    def told_at_once(self) -> tuple[UUID, ...]:
        """Who hears of a new alert: its owner; without a therapist, every manager."""
        return (self.first,) if self.carers else self.managers

    @property
    def told_now(self) -> tuple[UUID, ...]:
        """Who hears when somebody may be in danger now and the practice promised to answer at any hour."""
        everybody = self.carers or self.managers
        return tuple(dict.fromkeys(everybody + ((self.on_call,) if self.on_call else ())))


def working_hours(practice: PracticeFacts) -> WorkingHours:
    """The hours in which somebody of the practice reads."""
    working = practice.working
    return WorkingHours.weekly(practice.zone.key, working.start, working.end, working.days, working.holidays)


def due_by(severity: Severity, raised_at: datetime, hours: WorkingHours, *, covered: bool) -> datetime:
    """By when somebody must have acted."""
    if severity is Severity.ACT_NOW and covered:
        return raised_at + ACT_NOW_WITHIN
    try:
        return acknowledge_by(raised_at, hours)
    except NobodyWorks:
        return raised_at + WHEN_NOBODY_WORKS


def escalations(
    raised_at: datetime, due_at: datetime, hours: WorkingHours, *, until: datetime
) -> tuple[tuple[int, datetime], ...]:
    """The escalations due so far: level 0 at half of the time, 1 at the deadline, then one each hour."""
    by_the_clock = due_at - raised_at <= ACT_NOW_WITHIN or hours.working_time(raised_at, due_at) == timedelta()
    if by_the_clock:
        hourly = max(0, (until - due_at) // ESCALATE_EVERY + 1)
        times = [raised_at + (due_at - raised_at) / 2, *(due_at + ESCALATE_EVERY * n for n in range(hourly))]
        times = [moment for moment in times if moment <= until]
    else:
        times = list(escalation_times(raised_at, due_at, hours, until=until))
    before_due = 1 if times and times[0] < due_at else 0
    return tuple((place + 1 - before_due, moment) for place, moment in enumerate(times))


def told_at(level: int, owner: UUID, staff: Staff, *, pressing: bool) -> tuple[UUID, ...]:
    """Who is told at a level. Each level tells everybody the one before it told, and the next people too."""
    others = tuple(one for one in staff.carers if one != owner)
    active_owner = (owner,) if owner in staff.carers + staff.managers else ()
    on_call = (staff.on_call,) if staff.on_call and pressing else ()
    if level == 0:
        reached = (active_owner or others) + on_call
    elif level == 1:
        reached = active_owner + (others or staff.managers) + on_call
    else:
        reached = active_owner + others + staff.managers + on_call
    return tuple(dict.fromkeys(reached or staff.managers))


def is_same_answer(earlier: Mapping[str, object], now: Mapping[str, object]) -> bool:
    """Whether this is the same answer again and no more than before; an increase never is."""
    before, after = earlier.get("answer"), now.get("answer")
    same_place = all(earlier.get(part) == now.get(part) for part in ("instrument", "item"))
    if not same_place:
        return False
    if isinstance(before, int) and isinstance(after, int):
        return after <= before
    return before == after
