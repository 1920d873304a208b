"""Many diaries at once: when time is taken, and not by whom. No name is opened for it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Role, Thing
from rapport.practice.sessions.rules import TAKES_TIME, hours_within


class TakenTime(NamedTuple):
    """That an hour begins then in a therapist's or a room's diary. Of a colleague's hour place and state are empty."""

    of: UUID
    start: datetime
    place: str
    state: str


def taken_times(
    *, viewer: Actor, at: datetime, start: datetime, end: datetime, in_rooms: bool = False
) -> tuple[TakenTime, ...]:
    """The hours of everybody, or in all rooms, that take time in [start, end): in order, in one statement."""
    require(viewer, "list", Thing("appointment"), at=at)
    rows = hours_within(viewer, None, None, in_rooms=in_rooms).filter(
        state__in=TAKES_TIME, planned_start__lt=end, planned_end__gt=start
    )
    of = "room_id" if in_rooms else "therapist_id"
    found = rows.order_by("planned_start").values_list(of, "planned_start", "place", "state", "therapist_id")
    sees_all = Role.MANAGER in viewer.roles
    return tuple(
        TakenTime(key, begins, place, state)
        if sees_all or therapist == viewer.account
        else TakenTime(key, begins, "", "")
        for key, begins, place, state, therapist in found
    )
