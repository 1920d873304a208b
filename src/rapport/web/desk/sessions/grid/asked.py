"""Which diary a page was asked for: view, day, and whose."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from rapport.practice.security.policy.actor import Role
from rapport.web.desk.sessions.frame import week_of
from rapport.web.doors.page import PageRequest

EVERYBODY = "all"


class View(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class By(StrEnum):
    THERAPIST = "therapist"
    ROOM = "room"


@dataclass(frozen=True, slots=True)
class Asked:
    """A diary: `whose` is a therapist or a room; none means everybody's or every room's."""

    view: View
    by: By
    on: date
    whose: UUID | None
    zone: ZoneInfo

    @property
    def days(self) -> list[date]:
        """The days shown; a month is shown in whole weeks."""
        if self.view is View.DAY:
            return [self.on]
        if self.view is View.WEEK:
            return [week_of(self.on) + timedelta(days=number) for number in range(7)]
        first = week_of(self.on.replace(day=1))
        after = _next_month(self.on)
        weeks = (after - first + timedelta(days=6)) // timedelta(weeks=1)
        return [first + timedelta(days=number) for number in range(7 * weeks)]

    @property
    def span(self) -> tuple[datetime, datetime]:
        """From the first midnight to the last by the practice's wall clock, as instants."""
        days = self.days
        return _midnight(days[0], self.zone), _midnight(days[-1] + timedelta(days=1), self.zone)

    @property
    def therapist_id(self) -> UUID | None:
        return self.whose if self.by is By.THERAPIST else None

    @property
    def room_id(self) -> UUID | None:
        return self.whose if self.by is By.ROOM else None

    @property
    def before(self) -> date:
        if self.view is View.MONTH:
            return (self.on.replace(day=1) - timedelta(days=1)).replace(day=1)
        return self.on - timedelta(days=1 if self.view is View.DAY else 7)

    @property
    def after(self) -> date:
        if self.view is View.MONTH:
            return _next_month(self.on)
        return self.on + timedelta(days=1 if self.view is View.DAY else 7)

    def link(self, **changed: Any) -> str:
        """The address of this diary with something changed."""
        other = replace(self, **changed)
        said = {"view": other.view, "by": other.by, "on": other.on.isoformat(), "who": other.whose or EVERYBODY}
        return "?" + urlencode(said)


def asked(request: PageRequest, zone: ZoneInfo) -> Asked:
    """What the address asks for; what it does not say is this week of one's own."""
    said = request.GET
    by = By.ROOM if said.get("by") == By.ROOM else By.THERAPIST
    view = View(said["view"]) if said.get("view") in set(View) else View.WEEK
    day = as_day(said.get("on", "")) or as_day(said.get("week", "")) or request.at.astimezone(zone).date()
    return Asked(view, by, day, _whose(request, by, said.get("who", "")), zone)


def as_day(text: str) -> date | None:
    """A day as an address names it; the years in which a diary can be kept."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1970 <= day.year <= 2200 else None


def as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _whose(request: PageRequest, by: By, who: str) -> UUID | None:
    chosen = as_id(who)
    if by is By.ROOM or chosen:
        return chosen
    if Role.MANAGER not in request.actor.roles:
        return request.actor.account
    return request.actor.account if Role.THERAPIST in request.actor.roles and who != EVERYBODY else None


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
