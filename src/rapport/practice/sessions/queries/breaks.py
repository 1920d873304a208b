"""Breaks ahead, counted in the sessions that are left before them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from rapport.clinical.sessions.breaks import Away, Break, breaks_ahead
from rapport.clinical.sessions.states import SessionState
from rapport.practice.episodes.queries import days_between
from rapport.practice.episodes.rules import NO_ACCOUNT
from rapport.practice.foundation.prepared import prepared
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.choices import BlockKind
from rapport.practice.sessions.models import TherapySession, TimeBlock
from rapport.practice.sessions.rules import TAKES_TIME, appointments_within


def breaks_of(
    *, viewer: Actor, at: datetime, episode_ids: Collection[UUID], since: datetime | None = None
) -> dict[UUID, tuple[Break, ...]]:
    """The coming breaks of several courses of the viewer, in three statements whatever their number."""
    require(viewer, "read" if viewer.client_id else "list", Thing("appointment", client=viewer.client_id), at=at)
    coming = _coming(viewer, at, {*episode_ids}, since)
    if not coming:
        return {}
    zone = practice_zone()
    hours: dict[UUID, list[date]] = {}
    therapist: dict[UUID, UUID] = {}
    for episode_id, therapist_id, start in coming:
        hours.setdefault(episode_id, []).append(start.astimezone(zone).date())
        therapist[episode_id] = therapist_id
    gaps = days_between(viewer=viewer, at=at, episode_ids=list(hours))
    away = _holidays(at, set(therapist.values()))
    return {
        episode_id: breaks_ahead(days, gaps[episode_id], [*away[None], *away.get(therapist[episode_id], ())])
        for episode_id, days in hours.items()
    }


def own_breaks(*, viewer: Actor, at: datetime) -> tuple[Break, ...]:
    """A client's own coming breaks."""
    require(viewer, "read", Thing("appointment", client=viewer.client_id), at=at)
    rows = TherapySession.objects.filter(client_id=viewer.client_id or NO_ACCOUNT, planned_end__gt=at)
    ids = set(rows.values_list("episode_id", flat=True))
    found = breaks_of(viewer=viewer, at=at, episode_ids=ids) if ids else {}
    return tuple(sorted((each for course in found.values() for each in course), key=lambda each: each.last))


def _holidays(at: datetime, therapists: set[UUID]) -> dict[UUID | None, list[Away]]:
    zone = practice_zone()
    found: dict[UUID | None, list[Away]] = {None: []}
    for therapist_id, start, end in _off(at, therapists):
        last = (end - timedelta(seconds=1)).astimezone(zone).date()
        found.setdefault(therapist_id, []).append(Away(start.astimezone(zone).date(), last))
    return found


@prepared
def _coming(
    viewer: Actor, at: datetime, episodes: Collection[UUID], since: datetime | None
) -> QuerySet[TherapySession, tuple[UUID, UUID, datetime]]:
    begins = Q(planned_start__gte=since) if since else Q(planned_end__gt=at) & ~Q(state=SessionState.ENDED)
    rows = appointments_within(viewer, at).filter(begins, episode__in=episodes, state__in=TAKES_TIME)
    return rows.order_by("planned_start").values_list("episode_id", "therapist_id", "planned_start")


@prepared
def _off(at: datetime, therapists: Collection[UUID]) -> QuerySet[TimeBlock, tuple[UUID | None, datetime, datetime]]:
    whose = Q(therapist__in=therapists) | Q(therapist=None)
    rows = TimeBlock.objects.filter(whose, voided_at=None, kind=BlockKind.HOLIDAY, end__gt=at)
    return rows.values_list("therapist_id", "start", "end")
