"""A client writes to their therapist: it says who reads it and when, nothing is lost, and help is near."""

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
from rapport.practice.safety.models import Alert
from rapport.practice.security.policy.actor import Actor

HERE = "/portal/messages/"
TOO_LARGE = 10 * 1024 * 1024 + 1


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
def browser(account: Actor) -> Browser:
    return signed_in(account)


def body(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def from_therapist(course: Course, text: str = "Yes, ten is fine.", **more: Any) -> None:
    actions.send_message(actor=course.therapist, at=clock.now(), episode_id=course.episode, text=text, **more)


def test_it_says_who_reads_and_when_before_one_writes(browser: Browser) -> None:
    page = body(browser.get(HERE))
    assert "Who reads this, and when?" in page
    assert "within two working days" in page
    assert "Do not use this when it is urgent" in page
    assert "message was read" not in page


def test_a_message_is_sent_once(browser: Browser, course: Course) -> None:
    form = {"text": "May I come at ten?", "key": str(uuid4())}
    for _ in range(2):
        answer = browser.post(HERE, form)
        assert (answer.status_code, answer["Location"]) == (303, HERE)
    assert SecureMessage.objects.count() == 1
    page = body(browser.get(HERE))
    assert "May I come at ten?" in page
    assert "Do you need help now?" not in page
    mail = [str(vars(row)) for row in OutboxMessage.objects.all()]
    assert not [row for row in mail if "May I come" in row or "Jonas" in row or "Mara" in row]
    assert {row.kind for row in OutboxMessage.objects.filter(account_id=course.therapist.account)} == {"item_waits"}


@pytest.mark.parametrize("text", ["", "  ", "x" * 5_001])
def test_what_cannot_be_sent_is_said_and_not_lost(browser: Browser, text: str) -> None:
    answer = browser.post(HERE, {"text": text})
    assert answer.status_code == 422
    assert "Not sent yet" in body(answer)
    assert text.strip() in body(answer)
    assert not SecureMessage.objects.exists()


@pytest.mark.parametrize(("name", "content"), [("large.txt", b"x" * TOO_LARGE), ("program.exe", b"MZ\x90\x00\x03\xff")])
def test_a_file_that_cannot_go_keeps_the_words_and_asks_for_the_files_again(
    browser: Browser, name: str, content: bytes
) -> None:
    answer = browser.post(HERE, {"text": "Here is my list", "files": [SimpleUploadedFile(name, content)]})
    assert answer.status_code == 422
    assert "Here is my list" in body(answer)
    assert "choose your files again" in body(answer)
    assert not SecureMessage.objects.exists()
    assert not MessageFile.objects.exists()


def test_worrying_words_bring_help_onto_the_page_that_answers(browser: Browser, course: Course) -> None:
    answer = browser.post(HERE, {"text": "Sometimes I don’t want to live.", "key": str(uuid4())})
    page = body(answer)
    assert answer.status_code == 200
    assert "Your message is sent. Do you need help now?" in page
    assert 'href="tel:' in page
    assert "/portal/help" in page
    assert SecureMessage.objects.count() == 1
    assert not Alert.objects.exists()  # nobody is told that a word was found
    assert "Do you need help now?" not in body(browser.get(HERE))
    seen = signed_in(course.therapist).get(f"/desk/episodes/{course.episode}/messages/")
    assert "need help now" not in body(seen).lower()


def test_reading_is_enough(browser: Browser, course: Course) -> None:
    from_therapist(course)
    home = body(browser.get("/portal/"))
    assert "A message from your therapist" in home
    assert "ten is fine" not in home
    assert "Thank you, I have read it" in body(browser.get(HERE))
    assert browser.post(f"{HERE}settle/")["Location"] == HERE
    assert "Thank you, I have read it" not in body(browser.get(HERE))
    assert "A message from your therapist" not in body(browser.get("/portal/"))


def test_a_file_is_opened_by_the_other_side_and_nobody_else(browser: Browser, course: Course) -> None:
    from_therapist(course, files=(("list.txt", b"Milk"),))
    held = MessageFile.objects.get().file_id
    answer = browser.get(f"/portal/message-files/{held}/")
    assert (answer.status_code, answer.content, answer["Cache-Control"]) == (200, b"Milk", "no-store")
    assert "attachment" in answer["Content-Disposition"]
    other = client_account(a_course(a_therapist("Ida Other"), "Somebody Else"), "else")
    assert signed_in(other).get(f"/portal/message-files/{held}/").status_code == 404
    assert browser.get(f"/portal/message-files/{uuid4()}/").status_code == 404


def test_where_it_was_not_agreed_there_is_nothing_to_write_in() -> None:
    a_practice()
    browser = signed_in(client_account(a_course(a_therapist())))
    page = body(browser.get(HERE))
    assert "have not agreed to write" in page
    assert "<textarea" not in page
    refused = browser.post(HERE, {"text": "Hello"})
    assert (refused.status_code, SecureMessage.objects.exists()) == (422, False)


def test_somebody_else_s_messages_are_not_here(browser: Browser, course: Course) -> None:
    browser.post(HERE, {"text": "May I come at ten?"})
    other = signed_in(client_account(a_course(a_therapist("Ida Other"), "Somebody Else"), "else"))
    assert "May I come" not in body(other.get(HERE))
    assert signed_in(course.therapist).get(HERE).status_code == 403  # not a reader of this room
    assert signed_in(a_manager()).get(HERE).status_code == 403


def test_more_messages_are_no_more_statements(browser: Browser, course: Course) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            browser.get(HERE)
        return len(caught)

    from_therapist(course, files=(("list.txt", b"Milk"),))
    asked()
    one = asked()
    for text in ("Two", "Three"):
        from_therapist(course, text, files=((f"{text}.txt", text.encode()),))
    assert asked() == one
