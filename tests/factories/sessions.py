"""Hours and notes."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from rapport.practice.security.policy.actor import Actor
from rapport.practice.sessions import actions
from tests.factories.people import AT, Course

MINUTE = timedelta(minutes=1)


def an_hour(course: Course, start: datetime = AT, minutes: int = 50, by: Actor | None = None) -> UUID:
    """A planned session."""
    return actions.book_session(
        actor=by or course.therapist,
        at=AT,
        episode_id=course.episode,
        start=start,
        end=start + minutes * MINUTE,
        therapist_id=course.therapist.account,
    )


def a_held_hour(course: Course, start: datetime = AT, minutes: int = 50) -> UUID:
    """A session that began and ended on time."""
    session = an_hour(course, start, minutes)
    actions.start_session(actor=course.therapist, at=start, session_id=session)
    actions.end_session(actor=course.therapist, at=start + minutes * MINUTE, session_id=session)
    return session


def a_note(course: Course, session: UUID, text: str = "", at: datetime = AT) -> UUID:
    """A draft note, with words if given."""
    note = actions.begin_note(actor=course.therapist, at=at, session_id=session)
    if text:
        actions.save_note(actor=course.therapist, at=at, note_id=note, version=1, sections={"text": text})
    return note
