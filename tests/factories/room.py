"""An hour that is used: marks, an intervention, an agenda, threads, a line for the next time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from rapport.clinical.sessions.room.interventions import Mode
from rapport.clinical.sessions.room.marks import MarkKind
from rapport.practice.sessions import actions
from tests.factories.people import AT, Course

if TYPE_CHECKING:
    from tests.factories.world import Someone

MINUTE = timedelta(minutes=1)


def a_mark(course: Course, session: UUID, at: datetime = AT, kind: MarkKind = MarkKind.IMPORTANT, **more: Any) -> UUID:
    """A mark of the therapist's."""
    return actions.set_mark(
        actor=course.therapist, at=at, session_id=session, kind=kind, key=more.pop("key", uuid4()), **more
    )


def a_thread(course: Course, title: str = "The letter from her sister", at: datetime = AT, **more: Any) -> UUID:
    """An open thread."""
    return actions.open_thread(actor=course.therapist, at=at, episode_id=course.episode, title=title, **more)


def a_room_in_use(someone: Someone) -> None:
    """Everything that can lie in a room, in the hour that runs and in the one before it."""
    from tests.factories.world import Grade

    before, now = UUID(someone.ids["session_draft"]), UUID(someone.ids["session_running"])
    who: dict[str, Any] = {"actor": someone.therapist, "at": AT, "session_id": now}
    later = AT - timedelta(days=6)
    a_mark(someone.course, before, later, minute=48, words=someone.say("door"))
    someone.ids["mark"] = str(a_mark(someone.course, now, words=someone.say("mark")))
    actions.note_intervention(**who, code="explaining", mode=Mode.DIALOGUE, key=uuid4())
    someone.ids["item"] = str(actions.add_to_agenda(**who, words=someone.say("agenda")))
    someone.ids["thread"] = str(a_thread(someone.course, someone.say("thread"), session_id=now))
    author = someone.therapist
    for session, name, at in ((before, "remembered", later), (now, "to-remember", AT)):
        actions.remember(actor=author, at=at, session_id=session, words=someone.say(name, Grade.AUTHOR))
