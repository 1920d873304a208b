"""What is noted in the hour with one key or two taps. One press is one small durable write."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from rapport.clinical.sessions.room.interventions import Mode, everything
from rapport.clinical.sessions.room.marks import UNDO_WITHIN, MarkKind, can_be_taken_back
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action
from rapport.practice.security.policy.actor import Actor
from rapport.practice.sessions.actions.scribe import Scribe
from rapport.practice.sessions.models import SessionIntervention, SessionMark, TherapySession
from rapport.practice.sessions.models.interventions import INTERVENTION_LABEL
from rapport.practice.sessions.models.marks import MARK_LABEL, WORDS_LABEL
from rapport.practice.sessions.rules import NothingToTakeBack, ThingGone, UnknownIntervention, line, moment_of

NO_TIME = timedelta()


@action
def set_mark(
    *,
    actor: Actor,
    at: datetime,
    session_id: UUID,
    kind: MarkKind,
    key: UUID,
    minute: int | None = None,
    ago: timedelta = NO_TIME,
    words: str = "",
) -> UUID:
    """Mark this moment of the hour, or a chosen minute. The same key twice is one mark."""
    session = Scribe(actor, at).own_room(session_id)
    said, mark_id, drawer = line(words, may_be_empty=True), uuid.uuid4(), keys.client(session.episode.client_id)
    mark, is_new = SessionMark.objects.get_or_create(
        session=session,
        key=_own_key(session, key),
        defaults={
            "id": mark_id,
            "at": moment_of(session, at, minute, ago),
            "recorded_at": at,
            "recorded_by": actor.account,
            "kind_sealed": keys.seal(drawer, MARK_LABEL, mark_id, kind),
            "words_sealed": keys.seal(drawer, WORDS_LABEL, mark_id, said) if said else None,
        },
    )
    if is_new:
        _trace(actor, at, "mark", "session_mark", mark.id, session)
    return mark.id


@action
def put_in_words(*, actor: Actor, at: datetime, session_id: UUID, mark_id: UUID, words: str) -> None:
    """A few words to a mark, when there is time for them."""
    session = Scribe(actor, at).own_room(session_id)
    said = line(words, may_be_empty=True)
    mark = SessionMark.objects.filter(session=session, id=mark_id, voided_at=None).first()
    if mark is None:
        raise ThingGone("This mark was taken back.")
    drawer = keys.client(session.episode.client_id)
    mark.words_sealed = keys.seal(drawer, WORDS_LABEL, mark.id, said) if said else None
    mark.save(update_fields=["words_sealed"])
    _trace(actor, at, "put_in_words", "session_mark", mark.id, session)


@action
def note_intervention(
    *,
    actor: Actor,
    at: datetime,
    session_id: UUID,
    code: str,
    mode: Mode,
    key: UUID,
    minute: int | None = None,
    ago: timedelta = NO_TIME,
) -> UUID:
    """Note what was done and how. The same key twice is noted once."""
    session = Scribe(actor, at).own_room(session_id)
    if code not in everything():
        raise UnknownIntervention("No list has this.")
    row_id, drawer = uuid.uuid4(), keys.client(session.episode.client_id)
    row, is_new = SessionIntervention.objects.get_or_create(
        session=session,
        key=_own_key(session, key),
        defaults={
            "id": row_id,
            "at": moment_of(session, at, minute, ago),
            "recorded_at": at,
            "recorded_by": actor.account,
            "what_sealed": keys.seal_data(drawer, INTERVENTION_LABEL, row_id, [code, str(mode)]),
        },
    )
    if is_new:
        _trace(actor, at, "note", "session_intervention", row.id, session)
    return row.id


@action
def take_back(*, actor: Actor, at: datetime, session_id: UUID, noted_id: UUID | None = None) -> UUID:
    """Take back what was noted within the last hour: this one, or the last. It is voided, not deleted."""
    session = Scribe(actor, at).own_room(session_id)
    recent: dict[str, Any] = {"session": session, "voided_at": None, "recorded_at__gte": at - UNDO_WITHIN}
    if noted_id is not None:
        recent["id"] = noted_id
    found: list[SessionMark | SessionIntervention] = [
        *SessionMark.objects.filter(**recent).order_by("-recorded_at")[:1],
        *SessionIntervention.objects.filter(**recent).order_by("-recorded_at")[:1],
    ]
    last = max(found, key=lambda row: row.recorded_at, default=None)
    if last is None or not can_be_taken_back(last.recorded_at, at):
        raise NothingToTakeBack("Nothing was noted within the last hour.")
    last.voided_at = at
    last.save(update_fields=["voided_at"])
    kind = "session_mark" if isinstance(last, SessionMark) else "session_intervention"
    _trace(actor, at, "take_back", kind, last.id, session)
    return last.id


def _own_key(session: TherapySession, key: UUID) -> UUID:
    """The page's key as it is kept: it belongs to this hour and names nothing else, whatever was sent."""
    return uuid.uuid5(session.id, str(key))


def _trace(actor: Actor, at: datetime, done: str, kind: str, row_id: UUID, session: TherapySession) -> None:
    """The trail says that something was noted, never what."""
    trail.record(actor=actor, action=done, object_type=kind, object_id=row_id, client=session.episode.client_id, at=at)
