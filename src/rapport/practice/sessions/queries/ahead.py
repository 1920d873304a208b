"""What comes next in several courses."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min, Q

from rapport.clinical.sessions.states import SessionState
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.rules import TAKES_TIME, sessions_in_care

WAITING = (SessionState.PLANNED, SessionState.RUNNING)


@dataclass(frozen=True, slots=True)
class NextHour:
    """The hour that comes next, and which of its course it is."""

    number: int
    planned_start: datetime


def next_hours(*, viewer: Actor, at: datetime, episode_ids: Collection[UUID]) -> dict[UUID, NextHour]:
    """The next hour of each of these courses in the viewer's care that has one, in one statement."""
    require(viewer, "list", Thing("appointment"), at=at)
    rows = sessions_in_care(viewer, at).filter(episode__in=list(episode_ids), state__in=TAKES_TIME)
    coming = Q(planned_end__gt=at, state__in=WAITING)
    counted = (
        rows.order_by()
        .values("episode_id")
        .annotate(before=Count("id", filter=~coming), start=Min("planned_start", filter=coming))
    )
    return {
        episode_id: NextHour(before + 1, start)
        for episode_id, before, start in counted.values_list("episode_id", "before", "start")
        if start is not None
    }
