"""Short texts, people in a client's life, contacts between hours: every sealed column of them, filled."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from rapport.clinical.sessions.frame import ContactPurpose, Initiator
from rapport.practice.sessions import actions
from tests.factories.people import AT

if TYPE_CHECKING:
    from tests.factories.world import Someone


def fill_writing(someone: Someone) -> None:
    """A snippet for its author, a name for whoever cares, a contact for the therapist of record."""
    from tests.factories.world import Grade

    author = someone.therapist
    someone.ids["snippet_id"] = str(
        actions.keep_snippet(
            actor=author,
            at=AT,
            title=someone.say("snippet-title", Grade.AUTHOR),
            text=someone.say("snippet", Grade.AUTHOR),
        )
    )
    name, relation = someone.say("third-person"), someone.say("third-relation")
    person = actions.note_person(actor=author, at=AT, episode_id=someone.episode, name=name, relation=relation)
    someone.ids["person_id"] = str(person)
    contact = actions.record_contact(
        actor=author,
        at=AT,
        episode_id=someone.episode,
        initiator=Initiator.CLIENT,
        purpose=ContactPurpose.ARRANGING,
        words=someone.say("contact", Grade.AUTHOR),
    )
    someone.ids["contact_id"] = str(contact)
    actions.ignore_advice(actor=author, at=AT, note_id=UUID(someone.ids["note_id"]), code="resistant")
