"""A client finds ways to speak: without scripts, one thing at a time, nothing lost, nothing of anybody else's."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from tests.factories.files import a_picture
from tests.factories.organisation import a_practice
from tests.factories.people import Course, a_course, a_therapist, client_account, signed_in
from tests.factories.sessions import an_hour

from rapport.practice.foundation import clock
from rapport.practice.security.policy.actor import Actor
from rapport.practice.speaking import actions, queries
from rapport.practice.speaking.choices import PageKind, PageState, PageText, Prepared
from rapport.web.portal.asked import Timeliness
from rapport.web.portal.speaking.asked import asked

HOUR = timedelta(hours=1)


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


@pytest.fixture
def tomorrow(course: Course) -> UUID:
    return an_hour(course, clock.now() + 24 * HOUR)


def test_three_questions_one_at_a_time(browser: Browser, course: Course, tomorrow: UUID) -> None:
    begin = f"/portal/sessions/{tomorrow}/prepare/"
    assert "You may skip each of them" in browser.get(begin).content.decode()
    told = browser.post(f"{begin}useful/", {"answer": "To sleep"})
    assert (told.status_code, told["Location"]) == (303, f"{begin}week/")
    assert browser.post(f"{begin}week/", {"answer": "4"})["Location"] == f"{begin}ask/"
    assert browser.post(f"{begin}ask/", {"answer": "the letter"})["Location"] == begin
    page = browser.get(begin).content.decode()
    assert "To sleep" in page
    assert "the letter" in page
    (seen,) = queries.prepared_before(viewer=course.therapist, at=clock.now(), episode_id=course.episode)
    assert seen.said == Prepared("To sleep", 4, "the letter")


def test_skipping_leaves_nothing(browser: Browser, tomorrow: UUID) -> None:
    page = browser.get(f"/portal/sessions/{tomorrow}/prepare/useful/").content.decode()
    assert f"/portal/sessions/{tomorrow}/prepare/week/" in page
    assert "help now" in page
    assert browser.get(f"/portal/sessions/{tomorrow}/prepare/nonsense/").status_code == 404


@pytest.mark.parametrize(("step", "answer"), [("week", "11"), ("week", "many"), ("useful", "x" * 2001)])
def test_what_cannot_be_kept_is_said_and_not_lost(browser: Browser, tomorrow: UUID, step: str, answer: str) -> None:
    said = browser.post(f"/portal/sessions/{tomorrow}/prepare/{step}/", {"answer": answer})
    assert said.status_code == 422
    if step == "useful":
        assert answer in said.content.decode()


def test_after_the_beginning_words_are_not_lost_but_not_kept(browser: Browser, course: Course) -> None:
    over = an_hour(course, clock.now() - HOUR)
    said = browser.post(f"/portal/sessions/{over}/prepare/useful/", {"answer": "Too late for this"})
    assert (said.status_code, "Too late for this" in said.content.decode()) == (422, True)


def test_the_first_page_asks_once(account: Actor, tomorrow: UUID) -> None:
    class Request:
        actor, at = account, clock.now()

    question = asked(Request())
    assert question
    assert (question.when, question.href) == (Timeliness.BEFORE_THE_HOUR, f"/portal/sessions/{tomorrow}/prepare/")
    actions.prepare_hour(actor=account, at=clock.now(), session_id=tomorrow, said=Prepared())
    assert asked(Request()) is None


def test_a_step_is_chosen(browser: Browser, course: Course) -> None:
    assert browser.post("/portal/speaking/rung/", {}).status_code == 422
    assert browser.post("/portal/speaking/rung/", {"rung": "quiet"})["Location"] == "/portal/speaking/"
    assert "Sit quietly" in browser.get("/portal/speaking/").content.decode()
    assert browser.post("/portal/speaking/rung/", {"rung": "card"})["Location"] == "/portal/speaking/rung/card/"
    assert "behind glass" in browser.get("/portal/speaking/rung/card/").content.decode()
    browser.post("/portal/speaking/rung/card/", {"card": ["numb", "sad"]})
    assert "numb, sad" in browser.get("/portal/speaking/").content.decode()
    assert browser.post("/portal/speaking/rung/number/", {"number": "12"}).status_code == 422
    assert browser.get("/portal/speaking/rung/other/").status_code == 404


def test_a_page_is_written_handed_over_and_taken_back(browser: Browser, course: Course) -> None:
    said = browser.post("/portal/speaking/new/written/", {"title": "A night", "words": "What I could not say"})
    where = said["Location"]
    assert "What I could not say" in browser.get(where).content.decode()
    browser.post(where, {"version": "1", "title": "A night", "words": "What I can say"})
    stale = browser.post(where, {"version": "1", "words": "from another window"})
    assert (stale.status_code, "from another window" in stale.content.decode()) == (409, True)
    browser.post(f"{where}hand-over/")
    assert "not opened yet" in browser.get(where).content.decode()
    assert browser.post(where, {"version": "2", "words": "changed"}).status_code == 422
    browser.post(f"{where}take-back/")
    assert "Only you can read this" in browser.get(where).content.decode()
    assert browser.post(f"{where}put-away/")["Location"] == "/portal/speaking/"
    assert browser.get(where).status_code == 404


def test_a_line_of_life(browser: Browser) -> None:
    sent = {"title": "Mine", "when": ["1990", "", "2019"], "what": ["born", "", "the move"]}
    where = browser.post("/portal/speaking/new/timeline/", sent)["Location"]
    page = browser.get(where).content.decode()
    assert page.index("born") < page.index("the move")
    assert page.count('name="when"') == 5


def test_a_picture_is_brought_and_shown(browser: Browser, account: Actor) -> None:
    upload = SimpleUploadedFile("tree.exe", a_picture(secret="CANARY51"))
    where = browser.post("/portal/speaking/new/picture/", {"file": upload, "words": "The tree"})["Location"]
    shown = browser.get(f"{where}picture/")
    assert (shown["Content-Type"], "sandbox" in shown["Content-Security-Policy"]) == ("image/jpeg", True)
    assert b"CANARY51" not in shown.content
    [page] = queries.own_pages(viewer=account, at=clock.now())
    assert (page.kind, page.state) == (PageKind.PICTURE, PageState.OWN)


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"PK\x03\x04", b""])
def test_what_may_not_be_sent_is_said(browser: Browser, account: Actor, content: bytes) -> None:
    upload = SimpleUploadedFile("tree.jpg", content)
    said = browser.post("/portal/speaking/new/picture/", {"file": upload, "words": "kept words"})
    assert (said.status_code, "kept words" in said.content.decode()) == (422, True)
    assert not queries.own_pages(viewer=account, at=clock.now())


def test_comfort_is_written_and_read(browser: Browser, account: Actor, course: Course) -> None:
    assert browser.post("/portal/speaking/comfort/", {"seat": "x" * 301}).status_code == 422
    browser.post("/portal/speaking/comfort/", {"seat": "by the door", "not_ask": "my brother", "interpreter": "on"})
    page = browser.get("/portal/speaking/").content.decode()
    assert "by the door" in page
    assert "my brother" in page
    assert queries.comfort(viewer=account, at=clock.now(), client_id=course.client).comfort.interpreter


def test_strangers_pages_are_not_there(course: Course, account: Actor, tomorrow: UUID) -> None:
    page = actions.begin_page(actor=account, at=clock.now(), kind=PageKind.WRITTEN, text=PageText(words="mine"))
    other = signed_in(client_account(a_course(course.therapist, "Amina Bello"), "Amina Bello"))
    for path in (f"speaking/pages/{page}/", f"speaking/pages/{page}/picture/", f"sessions/{tomorrow}/prepare/"):
        assert other.get(f"/portal/{path}").status_code == 404
    assert other.post(f"/portal/speaking/pages/{page}/hand-over/").status_code == 404


def test_more_pages_cost_no_more_statements(
    browser: Browser, account: Actor, course: Course, django_assert_num_queries: object
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def statements() -> int:
        with CaptureQueriesContext(connection) as asked_for:
            browser.get("/portal/speaking/")
        return len(asked_for)

    def one_more() -> None:
        actions.begin_page(actor=account, at=clock.now(), kind=PageKind.WRITTEN, text=PageText(words="mine"))
        browser.post("/portal/speaking/rung/", {"rung": "quiet"})

    one_more()
    browser.get("/portal/speaking/")
    one = statements()
    one_more()
    one_more()
    assert statements() == one
