"""What the worker does for the diary."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Max, Q

from rapport.clinical.sessions.states import SessionState
from rapport.practice.organisation.queries import practice
from rapport.practice.post.queries import already_queued, messages_about
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.actions.telling import tell_client
from rapport.practice.sessions.choices import StepKind, Telling
from rapport.practice.sessions.models import TherapySession

MOVED, TOLD = Q(steps__kind=StepKind.MOVED), Q(steps__kind__in=[StepKind.BOOKED, StepKind.MOVED])


def remind(*, actor: Actor, at: datetime) -> int:
    """Queue a reminder for each planned hour that is near enough, once; an hour that moved is reminded of anew.

    Whoever was only just told of the hour (it was booked or moved within that time) is not reminded as well.
    """
    require(actor, "run", Thing("system_task"), at=at)
    here = practice(viewer=actor, at=at)
    if here.reminder_hours is None:
        return 0
    ahead = timedelta(hours=here.reminder_hours)
    near = TherapySession.objects.filter(
        state=SessionState.PLANNED, planned_start__gt=at, planned_start__lte=at + ahead, episode__client__erased_at=None
    )
    rows = list(
        near.select_related("episode")
        .annotate(moves=Count("steps", filter=MOVED), told=Max("steps__recorded_at", filter=TOLD))
        .order_by("planned_start")
    )
    causes = {row.id: f"{row.planned_start.isoformat()}:{row.moves}" for row in rows}
    told = messages_about(viewer=actor, at=at, about=[row.id for row in rows if row.told > row.planned_start - ahead])
    known = already_queued(
        viewer=actor, at=at, dedupes=[f"{Telling.REMINDER}:{row.id}:{causes[row.id]}" for row in rows]
    )
    queued = 0
    for row in rows:
        just_told = any(message.about_at == row.planned_start for message in told.get(row.id, ()))
        if just_told or f"{Telling.REMINDER}:{row.id}:{causes[row.id]}" in known:
            continue
        try:
            queued += bool(tell_client(actor=actor, at=at, session=row, kind=Telling.REMINDER, cause=causes[row.id]))
        except keys.SealBroken:  # this client was changed past the practice; the others are reminded
            keys.notice(Telling.REMINDER, row.id)
    return queued
