"""At most five seconds of a client's typing are lost: it is kept, found again, and gone once it was sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.test import Client as Browser
from tests.factories.organisation import a_practice
from tests.factories.people import Course, a_course, a_manager, a_therapist, client_account, signed_in
from tests.factories.sessions import an_hour

from rapport.practice.foundation import clock
from rapport.practice.security.policy.actor import Actor
from rapport.practice.speaking.models import OwnPage
from rapport.practice.unsent.models import UnsentTyping

KEEP, PLACE = "/portal/typing/", "/portal/speaking/new/written/"
SAVE = {"typed_at": PLACE, "client_tab": str(UUID(int=3)), "client_seq": "1", "version": "", "words": "By the sea"}


@pytest.fixture
def course() -> Course:
    a_practice()
    return a_course(a_therapist())


@pytest.fixture
def account(course: Course) -> Actor:
    return client_account(course)


@pytest.fixture
def browser(account: Actor) -> Browser:
    return signed_in(account)


def body(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def test_typing_is_kept_found_again_and_gone_once_it_was_sent(browser: Browser) -> None:
    assert "data-kept-typing" not in body(browser.get(PLACE))
    kept = browser.post(KEEP, {**SAVE, "csrfmiddlewaretoken": "x", "key": "y"})
    assert (kept.status_code, kept.json()["words"][:4]) == (200, "Kept")
    page = body(browser.get(PLACE))
    assert "is here again" in page
    assert "By the sea</textarea>" in page
    assert 'data-kept="key"' not in page
    assert "By the sea" not in body(browser.get("/portal/speaking/new/somebody/"))
    sent = browser.post(PLACE, {**SAVE, "client_seq": "3", "words": "By the seaside"})
    assert sent.status_code == 303
    browser.post(KEEP, {**SAVE, "client_seq": "2", "words": "By the seasi"})  # on its way when it was sent
    assert "data-kept-typing" not in body(browser.get(PLACE))
    assert OwnPage.objects.count() == 1


def test_what_was_refused_stays_kept(browser: Browser) -> None:
    browser.post(KEEP, {**SAVE, "typed_at": "/portal/speaking/new/picture/"})
    refused = browser.post("/portal/speaking/new/picture/", {**SAVE, "client_seq": "2"})
    assert (refused.status_code, "By the sea" in body(refused)) == (422, True)
    assert "By the sea</textarea>" in body(browser.get("/portal/speaking/new/picture/"))


def test_it_can_be_left_out(browser: Browser) -> None:
    browser.post(KEEP, SAVE)
    assert browser.post(KEEP, {**SAVE, "client_seq": "2", "forget": "yes"}).status_code == 200
    assert "data-kept-typing" not in body(browser.get(PLACE))


WRONG = [
    {**SAVE, "typed_at": "/portal/"},
    {**SAVE, "typed_at": "/nowhere/"},
    {**SAVE, "typed_at": ""},
    {**SAVE, "client_tab": "me"},
    {**SAVE, "words": "x" * 60_001},
    {},
]


@pytest.mark.parametrize("wrong", WRONG)
def test_what_no_page_of_ours_sends_is_refused_in_words(browser: Browser, wrong: dict[str, str]) -> None:
    answer = browser.post(KEEP, wrong)
    assert (answer.status_code, bool(answer.json()["words"])) == (422, True)
    assert not UnsentTyping.objects.exists()


def test_signed_out_it_says_so(course: Course) -> None:
    answer = Browser().post(KEEP, SAVE, headers={"accept": "application/json"})
    assert answer.status_code == 401


def test_nobody_else_keeps_or_finds_it(browser: Browser, course: Course) -> None:
    browser.post(KEEP, SAVE)
    other = signed_in(client_account(a_course(a_therapist("Ida Other"), "Somebody Else"), "else"))
    assert "By the sea" not in body(other.get(PLACE))
    for person, status in ((course.therapist, 403), (a_manager(), 403)):
        assert signed_in(person).post(KEEP, SAVE).status_code == status
    assert browser.get(KEEP).status_code == 405


def pages_with_words(course: Course) -> list[str]:
    hour = an_hour(course, clock.now())
    return [
        "/portal/speaking/comfort/",
        f"/portal/sessions/{hour}/prepare/useful/",
        "/portal/speaking/new/timeline/",
        "/portal/speaking/new/somebody/",
    ]


def test_every_page_with_words_keeps_them(browser: Browser, course: Course) -> None:
    for place in pages_with_words(course):
        page = body(browser.get(place))
        assert f'data-autosave="{KEEP}"' in page, place
        assert f'name="typed_at" value="{place}"' in page, place
        assert browser.post(KEEP, {**SAVE, "typed_at": place}).status_code == 200, place
        assert "By the sea</textarea>" in body(browser.get(place)), place
