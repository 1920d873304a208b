"""Threads of a course, and what was noted in an hour."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from rapport.clinical.sessions.room.threads import ThreadStatus, in_order
from rapport.practice.episodes.rules import care_of
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.choices import ThreadStepKind
from rapport.practice.sessions.models import Thread, ThreadStep
from rapport.practice.sessions.models.threads import THREAD_LABEL
from rapport.practice.sessions.rules import episodes_within


@dataclass(frozen=True, slots=True)
class ThreadFacts:
    """Something to come back to."""

    id: UUID
    title: str
    status: ThreadStatus
    importance: int
    opened_at: datetime
    touched_at: datetime
    touched_here: bool = False


def threads(
    *, viewer: Actor, at: datetime, episode_id: UUID, session_id: UUID | None = None
) -> tuple[ThreadFacts, ...]:
    """Every thread of a course, those to come to first; `touched_here` says whether it came up in this hour."""
    episode = episodes_within(viewer, at).filter(id=episode_id, client__in=care_of(viewer, at).values("client")).first()
    if episode is None:
        raise not_found(viewer, "read", Thing("thread", id=episode_id), at=at)
    require(viewer, "read", Thing("thread", client=episode.client_id), at=at)
    trail.reading(actor=viewer, kind="thread", client=episode.client_id, object_id=episode_id, at=at)
    rows = threads_of(viewer=viewer, at=at, episode_id=episode_id, session_id=session_id)
    return in_order(opened(viewer=viewer, at=at, rows=rows, client_id=episode.client_id))


def threads_of(*, viewer: Actor, at: datetime, episode_id: UUID, session_id: UUID | None) -> QuerySet[Thread]:
    """The rows, for a viewer who has already been let in."""
    here = ThreadStep.objects.filter(thread=OuterRef("pk"), session=session_id, kind=ThreadStepKind.TOUCHED)
    return Thread.objects.filter(episode=episode_id).annotate(touched_here=Exists(here))


def opened(*, viewer: Actor, at: datetime, rows: Iterable[Thread], client_id: UUID) -> list[ThreadFacts]:
    """The rows, read."""
    drawer = keys.client(client_id)
    return [
        ThreadFacts(
            row.id,
            keys.unseal(drawer, THREAD_LABEL, row.id, row.title_sealed),
            ThreadStatus(row.status),
            row.importance,
            row.opened_at,
            row.touched_at,
            bool(getattr(row, "touched_here", False)),
        )
        for row in rows
    ]
