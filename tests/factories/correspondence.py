"""Messages and letters."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from rapport.practice.clients.actions import give_consent
from rapport.practice.clients.choices import ConsentMethod, Purpose
from rapport.practice.correspondence import actions
from rapport.practice.correspondence.choices import LetterKind, SentBy
from rapport.practice.correspondence.models import MessageFile
from rapport.practice.episodes.actions import offer_contract, record_paper_acceptance
from rapport.practice.security.policy.actor import Actor
from tests.factories.episodes import AGREEMENT, agrees_to_treatment
from tests.factories.people import AT, Course

if TYPE_CHECKING:
    from tests.factories.world import Someone

DOCTOR = "Dr Femi Ade, The Surgery, 3 High Street"


def agreed_to_messages(course: Course, *, messages: bool = True, at: datetime = AT) -> None:
    """The course's agreement allows messages, or does not."""
    agrees_to_treatment(course, at)
    agreement = replace(AGREEMENT, messages=messages)
    contract = offer_contract(actor=course.therapist, at=at, episode_id=course.episode, agreement=agreement)
    record_paper_acceptance(
        actor=course.therapist,
        at=at,
        episode_id=course.episode,
        contract_id=contract,
        signed_on=at.date(),
        signed_by="On paper",
        crisis_shown=True,
    )


def agrees_to_sharing(course: Course, at: datetime = AT) -> None:
    """The client agrees that others are told."""
    give_consent(
        actor=course.therapist,
        at=at,
        client_id=course.client,
        purpose=Purpose.SHARE_WITH,
        text_version=1,
        method=ConsentMethod.SPOKEN,
        scope="My doctor",
    )


def a_letter(
    course: Course, kind: LetterKind = LetterKind.TO_CLIENT, *, to: str = "", text: str = "Dear you.", at: datetime = AT
) -> UUID:
    """A letter as it was first saved."""
    to = to or (DOCTOR if kind.is_about_client else "")
    return actions.write_letter(actor=course.therapist, at=at, episode_id=course.episode, kind=kind, to=to, text=text)


def correspondence_of_the_world(someone: Someone) -> None:
    """Messages both ways with a file, one being typed, a letter to a doctor with its steps, one sent, one begun."""
    from tests.factories.world import Grade

    def say(name: str, grade: Grade = Grade.SHARED) -> str:
        return someone.say(f"post-{name}", grade)

    client, therapist = _client(someone), someone.therapist
    course, at = someone.course, AT + timedelta(minutes=5)
    asked = actions.send_message(
        actor=client, at=at, episode_id=course.episode, text=say("asks"), files=((say("file-name"), b"A list."),)
    )
    someone.ids["sent_file_id"] = str(MessageFile.objects.get(message_id=asked).file_id)
    actions.send_message(actor=therapist, at=at, episode_id=course.episode, text=say("answers"))
    doctor = a_letter(course, LetterKind.DOCTOR, to=say("doctor"), text=say("to-doctor"), at=at)
    actions.show_letter(actor=therapist, at=at, letter_id=doctor)
    actions.answer_letter(actor=client, at=at, letter_id=doctor, version=1, agrees=False, said=say("change"))
    sent = a_letter(course, text=say("sent-letter"), at=at)
    actions.send_letter(actor=therapist, at=at, letter_id=sent, how=SentBy.PORTAL)
    begun = a_letter(course, text=say("begun-letter", Grade.CLINICAL), at=at)
    someone.ids |= {"case_letter_id": str(begun), "case_letter_shown": str(doctor), "case_letter_sent": str(sent)}


def _client(someone: Someone) -> Actor:
    if someone.account is None:
        raise LookupError("This client has no account.")
    return someone.account
