"""Secure messages: only where agreed, sealed, once, and outside only that an item waits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from tests.factories.correspondence import agreed_to_messages
from tests.factories.people import AT, Course, a_course, a_manager, a_therapist, client_account

from rapport.practice.correspondence import actions, queries
from rapport.practice.correspondence.models import SecureMessage
from rapport.practice.correspondence.rules import MOST_A_DAY, MOST_FILES
from rapport.practice.episodes.actions import grant_care
from rapport.practice.episodes.models import Episode
from rapport.practice.episodes.rules import EpisodeOver, EpisodeRefused
from rapport.practice.files.actions import FileKindUnknown
from rapport.practice.post.models import OutboxMessage
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden, NotFound
from rapport.practice.security.policy.actor import Actor

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def course() -> Course:
    course = a_course(a_therapist())
    agreed_to_messages(course)
    return course


@pytest.fixture
def client(course: Course) -> Actor:
    return client_account(course)


def test_a_message_arrives_and_only_its_two_sides_read_it(course: Course, client: Actor) -> None:
    sent = actions.send_message(actor=client, at=AT, episode_id=course.episode, text="May I come at ten?")
    found = queries.conversation(viewer=course.therapist, at=AT, episode_id=course.episode)
    assert [(each.id, each.text, each.from_client, each.waits) for each in found.messages] == [
        (sent, "May I come at ten?", True, True)
    ]
    assert found.may_write
    assert found.reply_within == "two working days"
    assert b"ten" not in bytes(SecureMessage.objects.get().text_sealed)
    assert AuditEvent.objects.filter(object_type="message", action="send", client=course.client).count() == 1
    assert AuditEvent.objects.filter(object_type="message", action="read", client=course.client).count() == 1


def test_outside_only_that_an_item_waits(course: Course, client: Actor) -> None:
    for text in ("One", "Two"):
        actions.send_message(actor=client, at=AT, episode_id=course.episode, text=text)
    actions.send_message(actor=course.therapist, at=AT, episode_id=course.episode, text="Yes")
    told = [(row.kind, row.account_id, row.client_id) for row in OutboxMessage.objects.filter(kind="item_waits")]
    assert sorted(told, key=str) == sorted(
        [("item_waits", course.therapist.account, None), ("item_waits", None, course.client)], key=str
    )


def test_the_therapist_of_record_is_told_and_not_the_colleague_who_covers(course: Course, client: Actor) -> None:
    colleague = a_therapist("Tess Both")
    grant_care(actor=a_manager(), at=AT + MINUTE, episode_id=course.episode, therapist_id=colleague.account)
    actions.send_message(actor=client, at=AT + MINUTE, episode_id=course.episode, text="One")
    assert OutboxMessage.objects.get(kind="item_waits").account_id == course.therapist.account


def test_an_answer_settles_what_waited(course: Course, client: Actor) -> None:
    actions.send_message(actor=client, at=AT, episode_id=course.episode, text="May I come at ten?")
    (waiting,) = queries.waiting_messages(viewer=course.therapist, at=AT)
    assert (waiting.episode_id, waiting.since) == (course.episode, AT)
    assert queries.answer_waits(viewer=client, at=AT) is None
    actions.send_message(actor=course.therapist, at=AT + MINUTE, episode_id=course.episode, text="Yes")
    assert queries.waiting_messages(viewer=course.therapist, at=AT) == ()
    assert queries.answer_waits(viewer=client, at=AT) == AT + MINUTE
    assert actions.settle_messages(actor=client, at=AT, episode_id=course.episode) == 1
    assert queries.answer_waits(viewer=client, at=AT) is None


def test_sent_twice_it_is_one_message(course: Course, client: Actor) -> None:
    key = uuid4()
    for _ in range(2):
        sent = actions.send_message(actor=client, at=AT, episode_id=course.episode, text="Once", key=key)
    assert SecureMessage.objects.count() == 1
    other = actions.send_message(actor=course.therapist, at=AT, episode_id=course.episode, text="Mine", key=sent)
    assert other != sent  # A09: whatever number a page sends, it names no row that somebody else made


def test_without_the_agreement_there_are_no_messages() -> None:
    course = a_course(a_therapist())
    agreed_to_messages(course, messages=False)
    with pytest.raises(actions.NotAgreed):
        actions.send_message(actor=client_account(course), at=AT, episode_id=course.episode, text="Hello")
    assert not queries.conversation(viewer=course.therapist, at=AT, episode_id=course.episode).may_write


def test_after_the_end_nothing_is_written(course: Course, client: Actor) -> None:
    Episode.objects.filter(id=course.episode).update(closed_at=AT)
    with pytest.raises(EpisodeOver):
        actions.send_message(actor=course.therapist, at=AT, episode_id=course.episode, text="Hello")


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 5_001, "A\x00B"])
def test_what_cannot_be_a_message(course: Course, client: Actor, text: str) -> None:
    with pytest.raises(EpisodeRefused):
        actions.send_message(actor=client, at=AT, episode_id=course.episode, text=text)
    assert not SecureMessage.objects.exists()


def test_files_go_along_and_a_bad_one_stops_the_message(course: Course, client: Actor) -> None:
    sending: dict[str, Any] = {"actor": client, "at": AT, "episode_id": course.episode, "text": "Look"}
    actions.send_message(**sending, files=(("list.txt", b"Milk"), ("more.txt", b"Bread")))
    (message,) = queries.conversation(viewer=course.therapist, at=AT, episode_id=course.episode).messages
    assert {each.name for each in message.files} == {"list.txt", "more.txt"}
    opened = queries.message_file(viewer=course.therapist, at=AT, file_id=message.files[0].id)
    assert opened.content in {b"Milk", b"Bread"}
    with pytest.raises(NotFound):
        queries.message_file(viewer=a_therapist("Ida Other"), at=AT, file_id=message.files[0].id)
    with pytest.raises(FileKindUnknown):
        actions.send_message(**sending, files=(("a.exe", b"MZ\x90\x00\x03\xff"),))
    with pytest.raises(EpisodeRefused):
        actions.send_message(**sending, files=(("a.txt", b"A"),) * (MOST_FILES + 1))
    assert SecureMessage.objects.count() == 1


def test_too_many_in_a_day(course: Course, client: Actor) -> None:
    for number in range(MOST_A_DAY):
        actions.send_message(actor=client, at=AT, episode_id=course.episode, text=str(number))
    with pytest.raises(actions.TooManyMessages):
        actions.send_message(actor=client, at=AT, episode_id=course.episode, text="More")
    actions.send_message(actor=client, at=AT + DAY, episode_id=course.episode, text="The day after")


def test_nobody_else_reads_or_writes(course: Course, client: Actor) -> None:
    actions.send_message(actor=client, at=AT, episode_id=course.episode, text="May I come at ten?")
    other = client_account(a_course(a_therapist("Ida Other"), "Somebody Else"), "else")
    for person in (a_therapist("Ida Third"), other):
        with pytest.raises(NotFound):
            queries.conversation(viewer=person, at=AT, episode_id=course.episode)
        with pytest.raises(NotFound):
            actions.send_message(actor=person, at=AT, episode_id=course.episode, text="Hello")
    with pytest.raises((Forbidden, NotFound)):
        queries.conversation(viewer=a_manager(), at=AT, episode_id=course.episode)
    assert SecureMessage.objects.count() == 1
