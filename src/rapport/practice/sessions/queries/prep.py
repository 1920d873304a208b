"""What one duty, the hours themselves, knows before an hour. Read in a minute, in few statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rapport.clinical.sessions.frame import LAST_HOURS
from rapport.clinical.sessions.room.marks import Moment, at_the_door
from rapport.clinical.sessions.room.threads import ThreadStatus, for_the_next_hour
from rapport.clinical.sessions.states import SessionState
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.models import ProgressNote, Remembered, SessionMark, TherapySession
from rapport.practice.sessions.models.notes import NOTE_LABEL
from rapport.practice.sessions.queries.board import MarkFacts, marks_of, remembered_words
from rapport.practice.sessions.queries.diary import SessionFacts, facts_of
from rapport.practice.sessions.queries.frame import ran_over
from rapport.practice.sessions.queries.threads import ThreadFacts, opened, threads_of
from rapport.practice.sessions.rules import notes_within, sessions_in_care


@dataclass(frozen=True, slots=True)
class LastNote:
    """What stands in the newest note the viewer may read: its plan or summary, else its beginning."""

    note_id: UUID
    held_at: datetime
    is_signed: bool
    words: str


@dataclass(frozen=True, slots=True)
class RememberedFacts:
    """The line the viewer left for this hour."""

    id: UUID
    words: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class BeforeTheHour:
    """What the hours themselves bring to the prep card."""

    hour: SessionFacts
    last: LastNote | None
    threads: tuple[ThreadFacts, ...]
    at_the_door: tuple[MarkFacts, ...]
    remembered: RememberedFacts | None
    ran_over: int | None


def before_the_hour(*, viewer: Actor, at: datetime, session_id: UUID) -> BeforeTheHour:
    """Last time's summary, open threads, what was marked at the door, one's own line, hours that ran over."""
    rows = sessions_in_care(viewer, at).filter(id=session_id)
    found = facts_of(viewer=viewer, at=at, rows=rows, effects=False)
    if not found:
        raise not_found(viewer, "read", Thing("room", id=session_id), at=at)
    hour = found[0]
    require(viewer, "read", Thing("room", id=session_id, client=hour.client_id), at=at)
    for kind in ("appointment", "room", "thread", "progress_note"):
        trail.reading(actor=viewer, kind=kind, client=hour.client_id, object_id=session_id, at=at)
    held = list(
        TherapySession.objects.select_related("episode")
        .filter(episode=hour.episode_id, state=SessionState.ENDED, planned_start__lt=hour.planned_start)
        .exclude(started_at=None)
        .exclude(ended_at=None)
        .order_by("-planned_start")[:LAST_HOURS]
    )
    open_rows = threads_of(viewer=viewer, at=at, episode_id=hour.episode_id, session_id=hour.id).filter(
        status=ThreadStatus.OPEN
    )
    return BeforeTheHour(
        hour=hour,
        last=_last_note(viewer, at, hour),
        threads=for_the_next_hour(opened(viewer=viewer, at=at, rows=open_rows, client_id=hour.client_id)),
        at_the_door=_at_the_door(viewer, at, held[0]) if held else (),
        remembered=_remembered(viewer, at, held[0]) if held else None,
        ran_over=ran_over(viewer=viewer, at=at, episode_id=hour.episode_id, held=held[::-1]),
    )


def _last_note(viewer: Actor, at: datetime, hour: SessionFacts) -> LastNote | None:
    earlier = notes_within(viewer, at).filter(episode=hour.episode_id, session__planned_start__lt=hour.planned_start)
    row: ProgressNote | None = earlier.order_by("-session__planned_start").first()
    if row is None:
        return None
    sections = keys.unseal_data_or({}, keys.client(hour.client_id), NOTE_LABEL, row.id, row.sections_sealed)
    words = next((sections[name] for name in ("summary", "plan") if sections.get(name, "").strip()), "")
    words = words or next((text for text in sections.values() if text.strip()), "")
    return LastNote(row.id, row.session.planned_start, row.signed_at is not None, words) if words else None


def _at_the_door(viewer: Actor, at: datetime, last: TherapySession) -> tuple[MarkFacts, ...]:
    """What was marked in the last five minutes and nobody made a thread of."""
    if last.ended_at is None:
        return ()
    rows = SessionMark.objects.filter(session=last, voided_at=None, thread=None)
    marks = marks_of(viewer=viewer, at=at, rows=rows, session=last)
    late = set(at_the_door([Moment(mark.kind, mark.at) for mark in marks], last.ended_at))
    return tuple(mark for mark in marks if Moment(mark.kind, mark.at) in late)


def _remembered(viewer: Actor, at: datetime, last: TherapySession) -> RememberedFacts | None:
    """The line of the hour before this one; once this hour is over it is not shown again."""
    row = Remembered.objects.filter(session=last, author_id=viewer.account, put_aside_at=None).first()
    if row is None:
        return None
    words = remembered_words(viewer=viewer, at=at, row=row, client_id=last.episode.client_id)
    return RememberedFacts(row.id, words, row.written_at)
