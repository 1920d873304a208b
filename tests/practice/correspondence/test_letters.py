"""Letters: the client reads first what is said about them, and what has left is never changed."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from tests.factories.correspondence import DOCTOR, a_letter, agrees_to_sharing
from tests.factories.people import AT, Course, a_course, a_manager, a_therapist, client_account

from rapport.practice.correspondence import actions, queries
from rapport.practice.correspondence.choices import LetterKind, LetterStep, SentBy
from rapport.practice.correspondence.models import CaseLetter
from rapport.practice.episodes.rules import EpisodeRefused
from rapport.practice.post.models import OutboxMessage
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden, NotFound
from rapport.practice.security.policy.actor import Actor


@pytest.fixture
def course() -> Course:
    return a_course(a_therapist())


@pytest.fixture
def client(course: Course) -> Actor:
    return client_account(course)


def test_a_letter_to_the_client_is_theirs_once_it_is_sent(course: Course, client: Actor) -> None:
    letter = a_letter(course, text="It was good to meet you.")
    assert queries.own_letters(viewer=client, at=AT) == ()
    with pytest.raises(NotFound):
        queries.case_letter(viewer=client, at=AT, letter_id=letter)
    for _ in range(2):
        actions.send_letter(actor=course.therapist, at=AT, letter_id=letter, how=SentBy.PORTAL)
    (found,) = queries.own_letters(viewer=client, at=AT)
    assert (found.text, found.stands, found.how) == ("It was good to meet you.", LetterStep.SENT, SentBy.PORTAL)
    assert b"good" not in bytes(CaseLetter.objects.get().content_sealed)
    assert OutboxMessage.objects.filter(kind="item_waits", client_id=course.client).count() == 1
    assert AuditEvent.objects.filter(object_type="case_letter", action="sent").count() == 1


def test_a_doctor_hears_nothing_the_client_has_not_read(course: Course, client: Actor) -> None:
    agrees_to_sharing(course)
    letter = a_letter(course, LetterKind.DOCTOR, text="She sleeps badly.")
    send: dict[str, Any] = {"actor": course.therapist, "at": AT, "letter_id": letter, "how": SentBy.POST}
    with pytest.raises(actions.NotReadYet):
        actions.send_letter(**send)
    actions.show_letter(actor=course.therapist, at=AT, letter_id=letter)
    assert queries.letters_asking(viewer=client, at=AT) == 1
    actions.answer_letter(actor=client, at=AT, letter_id=letter, version=1, agrees=False, said="Leave the sleep out")
    with pytest.raises(actions.NotReadYet):
        actions.send_letter(**send)
    actions.write_letter(
        actor=course.therapist, at=AT, episode_id=course.episode, kind=LetterKind.DOCTOR, to=DOCTOR,
        text="She is in therapy here.", letter_id=letter, version=1,
    )  # fmt: skip
    assert queries.own_letters(viewer=client, at=AT) == ()  # new words are read again before anything
    with pytest.raises(actions.NotReadYet):
        actions.send_letter(**send)
    actions.show_letter(actor=course.therapist, at=AT, letter_id=letter)
    actions.answer_letter(actor=client, at=AT, letter_id=letter, version=2, agrees=True)
    actions.send_letter(**send)
    found = queries.case_letter(viewer=client, at=AT, letter_id=letter)
    assert [each.step for each in found.steps] == [
        "written", "shown", "change_asked", "written", "shown", "agreed", "sent",
    ]  # fmt: skip
    assert found.steps[2].words == "Leave the sleep out"


def test_read_together_is_as_good_and_says_what_was_said(course: Course) -> None:
    agrees_to_sharing(course)
    letter = a_letter(course, LetterKind.DOCTOR)
    with pytest.raises(EpisodeRefused):
        actions.record_read_together(actor=course.therapist, at=AT, letter_id=letter, said=" ")
    actions.record_read_together(actor=course.therapist, at=AT, letter_id=letter, said="Read aloud, she nodded")
    actions.send_letter(actor=course.therapist, at=AT, letter_id=letter, how=SentBy.BY_HAND)


def test_without_consent_nothing_goes_to_others(course: Course) -> None:
    letter = a_letter(course, LetterKind.TO_OTHERS)
    actions.record_read_together(actor=course.therapist, at=AT, letter_id=letter, said="Agreed")
    with pytest.raises(actions.NoConsent):
        actions.send_letter(actor=course.therapist, at=AT, letter_id=letter, how=SentBy.POST)


def test_a_letter_to_others_names_them_and_never_goes_by_portal(course: Course) -> None:
    with pytest.raises(EpisodeRefused):
        actions.write_letter(
            actor=course.therapist, at=AT, episode_id=course.episode, kind=LetterKind.DOCTOR, to="", text="Dear"
        )
    letter = a_letter(course, LetterKind.DOCTOR)
    with pytest.raises(EpisodeRefused):
        actions.send_letter(actor=course.therapist, at=AT, letter_id=letter, how=SentBy.PORTAL)


def test_two_windows_lose_nothing(course: Course) -> None:
    letter = a_letter(course, text="First")
    save: dict[str, Any] = {
        "actor": course.therapist, "at": AT, "episode_id": course.episode, "kind": LetterKind.TO_CLIENT, "to": "",
        "letter_id": letter, "version": 1,
    }  # fmt: skip
    actions.write_letter(**save, text="Second")
    actions.write_letter(**save, text="Second")  # the same once more changes nothing
    with pytest.raises(actions.LetterMoved) as moved:
        actions.write_letter(**save, text="Another second")
    assert (moved.value.text, moved.value.version) == ("Second", 2)


def test_what_has_left_is_not_changed(course: Course) -> None:
    sent, aside = a_letter(course), a_letter(course)
    actions.send_letter(actor=course.therapist, at=AT, letter_id=sent, how=SentBy.BY_HAND)
    actions.put_letter_aside(actor=course.therapist, at=AT, letter_id=aside, reason="Said it instead")
    for letter in (sent, aside):
        with pytest.raises(actions.LetterClosed):
            actions.write_letter(
                actor=course.therapist, at=AT, episode_id=course.episode, kind=LetterKind.TO_CLIENT, to="",
                text="New", letter_id=letter, version=1,
            )  # fmt: skip
        with pytest.raises(actions.LetterClosed):
            actions.show_letter(actor=course.therapist, at=AT, letter_id=letter)


def test_nobody_else_reads_or_writes(course: Course) -> None:
    letter = a_letter(course)
    stranger = a_therapist("Ida Other")
    for person in (stranger, client_account(a_course(stranger, "Somebody Else"), "else")):
        with pytest.raises(NotFound):
            queries.case_letter(viewer=person, at=AT, letter_id=letter)
    with pytest.raises(NotFound):
        actions.send_letter(actor=stranger, at=AT, letter_id=letter, how=SentBy.PORTAL)
    with pytest.raises(NotFound):
        actions.show_letter(actor=stranger, at=AT, letter_id=uuid4())
    with pytest.raises((Forbidden, NotFound)):
        queries.letters_of(viewer=a_manager(), at=AT, episode_id=course.episode)
