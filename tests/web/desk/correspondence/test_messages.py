"""The therapist's side of the messages."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from tests.factories.correspondence import agreed_to_messages
from tests.factories.organisation import a_practice
from tests.factories.people import Course, a_course, a_manager, a_therapist, client_account, signed_in

from rapport.practice.correspondence import actions
from rapport.practice.correspondence.models import MessageFile, SecureMessage
from rapport.practice.foundation import clock
from rapport.practice.post.models import OutboxMessage
from rapport.practice.security.policy.actor import Actor


@pytest.fixture
def course() -> Course:
    a_practice()
    course = a_course(a_therapist())
    agreed_to_messages(course)
    return course


@pytest.fixture
def account(course: Course) -> Actor:
    return client_account(course)


@pytest.fixture
def desk(course: Course) -> Browser:
    return signed_in(course.therapist)


def body(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def here(course: Course) -> str:
    return f"/desk/episodes/{course.episode}/messages/"


def asks(account: Actor, course: Course, text: str = "May I come at ten?", **more: Any) -> None:
    actions.send_message(actor=account, at=clock.now(), episode_id=course.episode, text=text, **more)


def test_answering_settles_what_waited(desk: Browser, course: Course, account: Actor) -> None:
    asks(account, course)
    page = body(desk.get(here(course)))
    assert "waits for a word" in page
    assert "two working days" in page
    form = {"text": "Ten is fine.", "key": str(uuid4())}
    for _ in range(2):
        assert desk.post(here(course), form)["Location"] == here(course)
    assert SecureMessage.objects.filter(from_client=False).count() == 1
    assert "waits for a word" not in body(desk.get(here(course)))
    mail = [str(vars(row)) for row in OutboxMessage.objects.all()]
    assert not [row for row in mail if "fine" in row or "Jonas" in row]


def test_nothing_to_write_back(desk: Browser, course: Course, account: Actor) -> None:
    asks(account, course)
    assert desk.post(f"{here(course)}settle/").status_code == 303
    assert "waits for a word" not in body(desk.get(here(course)))


def test_what_cannot_be_sent_is_said_and_not_lost(desk: Browser, course: Course) -> None:
    empty = desk.post(here(course), {"text": " "})
    assert (empty.status_code, "Not sent yet" in body(empty)) == (422, True)
    large = SimpleUploadedFile("large.txt", b"x" * (10 * 1024 * 1024 + 1))
    answer = desk.post(here(course), {"text": "Here is the page", "files": [large]})
    assert answer.status_code == 422
    assert "Here is the page" in body(answer)
    assert "choose your files again" in body(answer)
    assert not SecureMessage.objects.exists()


def test_a_file_of_the_client_is_opened_by_their_therapist_alone(desk: Browser, course: Course, account: Actor) -> None:
    asks(account, course, files=(("list.txt", b"Milk"),))
    held = MessageFile.objects.get().file_id
    assert desk.get(f"/desk/message-files/{held}/").content == b"Milk"
    assert signed_in(a_therapist("Ida Other")).get(f"/desk/message-files/{held}/").status_code == 404
    assert desk.get(f"/desk/message-files/{uuid4()}/").status_code == 404
    assert signed_in(a_manager()).get(f"/desk/message-files/{held}/").status_code == 403


def test_without_the_agreement_it_points_to_the_agreement() -> None:
    a_practice()
    course = a_course(a_therapist())
    page = body(signed_in(course.therapist).get(here(course)))
    assert "Your agreement says nothing of messages" in page
    assert 'id="text"' not in page


def test_strangers_and_managers(course: Course, account: Actor) -> None:
    asks(account, course)
    for method in ("get", "post"):
        assert getattr(signed_in(a_therapist("Ida Other")), method)(here(course)).status_code == 404
        assert getattr(signed_in(a_manager()), method)(here(course)).status_code == 403
    assert signed_in(a_therapist("Ida Third")).post(f"{here(course)}settle/").status_code == 404


def test_more_messages_are_no_more_statements(desk: Browser, course: Course, account: Actor) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            desk.get(here(course))
        return len(caught)

    asks(account, course, files=(("list.txt", b"Milk"),))
    asked()
    one = asked()
    for text in ("Two", "Three"):
        asks(account, course, text, files=((f"{text}.txt", text.encode()),))
    assert asked() == one
