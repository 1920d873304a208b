"""Opening, touching, parking and resolving threads."""

from __future__ import annotations

import uuid
from datetime import datetime
from uuid import UUID

from rapport.clinical.kernel.errors import OutOfRange
from rapport.clinical.sessions.room.threads import ThreadStatus
from rapport.practice.episodes.models import Episode
from rapport.practice.episodes.rules import care_of
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.choices import ThreadStepKind
from rapport.practice.sessions.models import SessionMark, TherapySession, Thread, ThreadStep
from rapport.practice.sessions.models.threads import THREAD_LABEL
from rapport.practice.sessions.rules import ThingGone, line

BECAME: dict[ThreadStatus, ThreadStepKind] = {
    ThreadStatus.OPEN: ThreadStepKind.REOPENED,
    ThreadStatus.PARKED: ThreadStepKind.PARKED,
    ThreadStatus.RESOLVED: ThreadStepKind.RESOLVED,
}


@action
def open_thread(
    *,
    actor: Actor,
    at: datetime,
    episode_id: UUID,
    title: str,
    importance: int = 2,
    session_id: UUID | None = None,
    mark_id: UUID | None = None,
) -> UUID:
    """Open a thread in one line. Of one mark or of the same words there is one, whoever presses again."""
    episode = Episode.objects.filter(id=episode_id, client__in=care_of(actor, at).values("client")).first()
    if episode is None:
        raise not_found(actor, "edit", Thing("thread", id=episode_id), at=at)
    require(actor, "edit", Thing("thread", client=episode.client_id), at=at)
    mark = _mark(episode, mark_id) if mark_id else None
    made = Thread.objects.filter(from_mark=mark).first() if mark else None
    if made is not None:
        return made.id
    said, thread_id, drawer = line(title), uuid.uuid4(), keys.client(episode.client_id)
    for known in Thread.objects.filter(episode=episode, status=ThreadStatus.OPEN, from_mark=mark):
        if keys.unseal(drawer, THREAD_LABEL, known.id, known.title_sealed) == said:
            return known.id
    thread = Thread.objects.create(
        id=thread_id,
        episode=episode,
        title_sealed=keys.seal(drawer, THREAD_LABEL, thread_id, said),
        status=ThreadStatus.OPEN,
        importance=_weight(importance),
        opened_at=at,
        opened_by=actor.account,
        touched_at=at,
        from_mark=mark,
    )
    _step(actor, at, thread, ThreadStepKind.OPENED, session_id)
    return thread.id


@action
def touch_thread(*, actor: Actor, at: datetime, thread_id: UUID, session_id: UUID | None = None) -> None:
    """It came up. Touched twice in one hour, it came up once."""
    thread = _thread(actor, at, thread_id)
    hour = _hour(thread, session_id)
    if hour and ThreadStep.objects.filter(thread=thread, session=hour, kind=ThreadStepKind.TOUCHED).exists():
        return
    thread.touched_at = at
    thread.save(update_fields=["touched_at"])
    _step(actor, at, thread, ThreadStepKind.TOUCHED, session_id)


@action
def move_thread(
    *, actor: Actor, at: datetime, thread_id: UUID, to: ThreadStatus, session_id: UUID | None = None
) -> None:
    """Park, resolve or reopen a thread."""
    thread = _thread(actor, at, thread_id)
    if thread.status == to:
        return
    thread.status, thread.touched_at = to, at
    thread.save(update_fields=["status", "touched_at"])
    _step(actor, at, thread, BECAME[to], session_id)


@action
def weigh_thread(
    *, actor: Actor, at: datetime, thread_id: UUID, importance: int, session_id: UUID | None = None
) -> None:
    """Say how much it matters, 1 to 3."""
    thread = _thread(actor, at, thread_id)
    if thread.importance == _weight(importance):
        return
    thread.importance = importance
    thread.save(update_fields=["importance"])
    _step(actor, at, thread, ThreadStepKind.WEIGHED, session_id)


def _thread(actor: Actor, at: datetime, thread_id: UUID) -> Thread:
    in_care = care_of(actor, at).values("client")
    thread = Thread.objects.select_related("episode").filter(id=thread_id, episode__client__in=in_care).first()
    if thread is None:
        raise not_found(actor, "edit", Thing("thread", id=thread_id), at=at)
    require(actor, "edit", Thing("thread", id=thread_id, client=thread.episode.client_id), at=at)
    return thread


def _mark(episode: Episode, mark_id: UUID) -> SessionMark:
    mark = SessionMark.objects.filter(id=mark_id, session__episode=episode, voided_at=None).first()
    if mark is None:
        raise ThingGone("This mark was taken back.")
    return mark


def _hour(thread: Thread, session_id: UUID | None) -> TherapySession | None:
    """The hour in which it happened, if it is one of this course."""
    if session_id is None:
        return None
    return TherapySession.objects.filter(id=session_id, episode=thread.episode_id).first()


def _weight(importance: int) -> int:
    if importance not in (1, 2, 3):
        raise OutOfRange("importance", "Importance is 1, 2 or 3.", "Choose one of the three.")
    return importance


def _step(actor: Actor, at: datetime, thread: Thread, kind: ThreadStepKind, session_id: UUID | None) -> None:
    ThreadStep.objects.create(
        id=uuid.uuid4(),
        thread=thread,
        session=_hour(thread, session_id),
        kind=kind,
        importance=thread.importance if kind is ThreadStepKind.WEIGHED else None,
        at=at,
        by=actor.account,
    )
    trail.record(
        actor=actor, action=str(kind), object_type="thread", object_id=thread.id, client=thread.episode.client_id, at=at
    )
