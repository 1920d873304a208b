"""A client reads first what is said about them, and says whether it is right."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client as Browser
from tests.factories.correspondence import DOCTOR, a_letter
from tests.factories.organisation import a_practice
from tests.factories.people import Course, a_course, a_manager, a_therapist, client_account, signed_in

from rapport.practice.correspondence import actions, queries
from rapport.practice.correspondence.choices import LetterKind, LetterStep, SentBy
from rapport.practice.foundation import clock


@pytest.fixture
def course() -> Course:
    a_practice()
    return a_course(a_therapist())


@pytest.fixture
def browser(course: Course) -> Browser:
    return signed_in(client_account(course))


@pytest.fixture
def letter(course: Course) -> UUID:
    letter = a_letter(course, LetterKind.DOCTOR, text="She sleeps badly.\n\nShe asked for help.")
    actions.show_letter(actor=course.therapist, at=clock.now(), letter_id=letter)
    return letter


def body(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def stands(course: Course, letter: UUID) -> LetterStep:
    return queries.case_letter(viewer=course.therapist, at=clock.now(), letter_id=letter).stands


def rewrite(course: Course, letter: UUID) -> None:
    actions.write_letter(
        actor=course.therapist, at=clock.now(), episode_id=course.episode, kind=LetterKind.DOCTOR, to=DOCTOR,
        text="Other words", letter_id=letter, version=1,
    )  # fmt: skip


def test_it_asks_to_be_read_first(browser: Browser, course: Course, letter: UUID) -> None:
    home = body(browser.get("/portal/"))
    assert "A letter for you to read first" in home
    assert "sleeps" not in home
    assert f"/portal/letters/{letter}/" in body(browser.get("/portal/letter/"))
    page = body(browser.get(f"/portal/letters/{letter}/"))
    assert "She sleeps badly." in page
    assert DOCTOR in page
    answer = browser.post(f"/portal/letters/{letter}/", {"agree": "1"})
    assert answer.status_code == 303
    assert stands(course, letter) is LetterStep.AGREED
    assert "read first" not in body(browser.get("/portal/"))


def test_asking_for_a_change_needs_a_word_and_loses_none(browser: Browser, course: Course, letter: UUID) -> None:
    address = f"/portal/letters/{letter}/"
    empty = browser.post(address, {"change": "1"})
    assert (empty.status_code, "Please say what should be different" in body(empty)) == (422, True)
    long = browser.post(address, {"change": "1", "said": "z" * 2001})
    assert (long.status_code, "z" * 2001 in body(long)) == (422, True)
    browser.post(address, {"change": "1", "said": "Leave the sleep out"})
    assert stands(course, letter) is LetterStep.CHANGE_ASKED


def test_a_yes_counts_only_for_the_words_that_were_read(browser: Browser, course: Course, letter: UUID) -> None:
    rewrite(course, letter)
    actions.show_letter(actor=course.therapist, at=clock.now(), letter_id=letter)
    old = browser.post(f"/portal/letters/{letter}/", {"agree": "1", "said": "All right"})
    assert old.status_code == 422
    assert "read it again" in body(old)
    assert "All right" in body(old)
    assert stands(course, letter) is LetterStep.SHOWN


def test_an_answer_to_words_that_are_being_changed_is_not_lost(browser: Browser, course: Course, letter: UUID) -> None:
    rewrite(course, letter)
    late = browser.post(f"/portal/letters/{letter}/", {"change": "1", "said": "Leave the sleep out"})
    assert late.status_code == 422
    assert "being changed" in body(late)
    assert "Leave the sleep out" in body(late)
    assert "Other words" not in body(late)
    assert "being changed" in body(browser.get(f"/portal/letters/{letter}/"))
    assert stands(course, letter) is LetterStep.WRITTEN


def test_what_was_typed_beside_a_letter_comes_back(browser: Browser, letter: UUID) -> None:
    place = f"/portal/letters/{letter}/"
    save = {"client_tab": str(UUID(int=3)), "client_seq": "1", "typed_at": place, "said": "Half a sentence"}
    assert browser.post("/portal/typing/", save).status_code == 200
    assert "Half a sentence</textarea>" in body(browser.get(place))
    assert browser.post(place, {**save, "client_seq": "2", "agree": "1"}).status_code == 303
    assert "data-kept-typing" not in body(browser.get(place))


def test_what_was_not_shown_is_not_there(browser: Browser, course: Course, letter: UUID) -> None:
    begun = a_letter(course)
    for unseen in (begun, uuid4()):
        assert browser.get(f"/portal/letters/{unseen}/").status_code == 404
        assert browser.get(f"/portal/letters/{unseen}/letter.pdf").status_code == 404
        assert browser.post(f"/portal/letters/{unseen}/", {"agree": "1"}).status_code == 404
    other = signed_in(client_account(a_course(a_therapist("Ida Other"), "Somebody Else"), "else"))
    assert other.get(f"/portal/letters/{letter}/").status_code == 404
    assert signed_in(a_manager()).get(f"/portal/letters/{letter}/").status_code == 403


def test_a_letter_sent_to_me_is_mine_to_keep(browser: Browser, course: Course) -> None:
    letter = a_letter(course, text="It was good to meet you.")
    actions.send_letter(actor=course.therapist, at=clock.now(), letter_id=letter, how=SentBy.PORTAL)
    page = body(browser.get(f"/portal/letters/{letter}/"))
    assert "It was good to meet you." in page
    assert "It may be sent like this" not in page
    paper = browser.get(f"/portal/letters/{letter}/letter.pdf")
    assert paper.content.startswith(b"%PDF")
    assert paper["Content-Disposition"] == 'attachment; filename="letter.pdf"'
