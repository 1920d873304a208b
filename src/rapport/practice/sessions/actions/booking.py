"""Putting hours into the diary."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError

from rapport.clinical.sessions.states import Place, SessionState
from rapport.practice.foundation.models import own_id
from rapport.practice.security.policy.access import action
from rapport.practice.security.policy.actor import Actor
from rapport.practice.sessions.actions.scribe import Scribe
from rapport.practice.sessions.actions.telling import tell_client
from rapport.practice.sessions.choices import StepKind, Telling
from rapport.practice.sessions.models import SeriesException, TherapySession
from rapport.practice.sessions.rules import DiaryRefusal, StateMoved, check_hours, open_room, refuse_clash


@action
def book_session(
    *,
    actor: Actor,
    at: datetime,
    episode_id: UUID,
    start: datetime,
    end: datetime,
    therapist_id: UUID | None = None,
    place: Place = Place.ROOM,
    place_words: str = "",
    room_id: UUID | None = None,
    key: UUID | None = None,
) -> UUID:
    """Book one hour. `key` makes a repeated request the same booking: the session's id comes of it."""
    scribe = Scribe(actor, at)
    episode = scribe.episode(episode_id, "appointment")
    session_id = own_id(episode.id, key)
    if key and TherapySession.objects.filter(id=session_id, episode=episode).exists():
        return session_id
    session = TherapySession(
        id=session_id,
        episode=episode,
        client_id=episode.client_id,
        therapist_id=therapist_id or actor.account,
        planned_start=start,
        planned_end=end,
        place=place,
        room=open_room(room_id),
        state=SessionState.PLANNED,
        created_at=at,
    )
    try:
        scribe.place(session, place_words)
    except (DiaryRefusal, IntegrityError):
        if TherapySession.objects.filter(id=session_id, episode=episode).exists():  # the same request, twice at once
            return session_id
        raise
    tell_client(actor=actor, at=at, session=session, kind=Telling.BOOKED, cause="booked")
    return session.id


@action
def move_session(*, actor: Actor, at: datetime, session_id: UUID, start: datetime, end: datetime) -> None:
    """Hold a planned hour at another time. The steps keep the old time; a series remembers its exception."""
    scribe = Scribe(actor, at)
    session = scribe.appointment(session_id)
    if session.state != SessionState.PLANNED:
        raise StateMoved("Only a planned session can be moved.")
    if (session.planned_start, session.planned_end) == (start, end):
        return
    check_hours(start, end)
    session.planned_start, session.planned_end = start, end
    refuse_clash(session)
    scribe.save(session)
    if session.series_id and session.series_day:
        SeriesException.objects.update_or_create(
            series_id=session.series_id,
            day=session.series_day,
            defaults={"moved_to": start, "created_at": at, "created_by": actor.account},
        )
    scribe.step(session, StepKind.MOVED, starts_at=start, ends_at=end)
    tell_client(actor=actor, at=at, session=session, kind=Telling.CHANGED, cause=f"v{session.version}")
