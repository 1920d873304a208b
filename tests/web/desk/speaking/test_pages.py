"""Speaking at the desk: what was meant for the therapist, and nothing that was not."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_therapist, client_account, signed_in
from tests.factories.sessions import an_hour
from tests.factories.speaking import a_brought_picture, a_page

from rapport.clinical.speaking.openers import openers
from rapport.practice.episodes.queries import episode
from rapport.practice.foundation import clock
from rapport.practice.security.policy.actor import Actor
from rapport.practice.speaking import actions, queries
from rapport.practice.speaking.choices import Comfort, Prepared
from rapport.web.desk.speaking.prep import prep_lines, said_lines
from rapport.web.desk.speaking.words import comfort_line

DAY = timedelta(days=1)


@pytest.fixture
def course() -> Course:
    a_practice()
    return a_course(a_therapist())


@pytest.fixture
def client_of(course: Course) -> Actor:
    return client_account(course)


@pytest.fixture
def browser(course: Course) -> Browser:
    return signed_in(course.therapist)


def test_the_page_shows_what_was_meant_for_it(browser: Browser, course: Course, client_of: Actor) -> None:
    now = clock.now()
    session = an_hour(course, now + DAY)
    actions.prepare_hour(actor=client_of, at=now, session_id=session, said=Prepared("To sleep", 4, "the letter"))
    actions.set_comfort(actor=client_of, at=now, client_id=course.client, comfort=Comfort("door", not_ask="brother"))
    a_page(client_of, "Only mine")
    actions.hand_page_over(actor=client_of, at=now, page_id=a_page(client_of, "For you"))
    page = browser.get(f"/desk/episodes/{course.episode}/speaking/").content.decode()
    for words in ("the letter", "To sleep", "brother", "seat: door", "unopened"):
        assert words in page
    for words in ("Only mine", "For you"):
        assert words not in page


def test_a_page_opens_by_pressing_a_button(browser: Browser, course: Course, client_of: Actor) -> None:
    picture = a_brought_picture(client_of, "The old tree")
    where = f"/desk/speaking/pages/{picture}/"
    assert browser.get(where).status_code == 404
    actions.hand_page_over(actor=client_of, at=clock.now(), page_id=picture)
    assert "The old tree" not in browser.get(where).content.decode()
    assert browser.get(f"{where}picture/").status_code == 404
    assert browser.post(where).status_code == 303
    assert "The old tree" in browser.get(where).content.decode()
    assert browser.get(f"{where}picture/")["Content-Type"] == "image/jpeg"


def test_trust_steps_are_marked(browser: Browser, course: Course) -> None:
    where = f"/desk/episodes/{course.episode}/speaking/"
    browser.post(f"{where}trust/", {"step": "limits", "done": "1"})
    assert "take back" in browser.get(where).content.decode()
    browser.post(f"{where}trust/", {"step": "limits", "done": "0"})
    assert browser.post(f"{where}trust/", {"step": "other"}).status_code == 303
    steps = queries.trust_steps(viewer=course.therapist, at=clock.now(), episode_id=course.episode)
    assert not any(each.done_at for each in steps)


def test_comfort_is_written_together(browser: Browser, course: Course) -> None:
    where = f"/desk/episodes/{course.episode}/speaking/comfort/"
    assert browser.post(where, {"seat": "x" * 301}).status_code == 422
    assert browser.post(where, {"seat": "by the window", "interpreter": "on"}).status_code == 303
    assert "plan 75 minutes for 50" in browser.get(where).content.decode()


def test_the_ladder_in_the_room(browser: Browser, course: Course) -> None:
    session = an_hour(course, clock.now())
    where = f"/desk/room/{session}/ladder/"
    assert "Sit quietly" in browser.get(where).content.decode()
    assert browser.post(where, {}).status_code == 422
    assert browser.post(where, {"rung": "quiet"})["Location"] == f"{where}?given"
    assert "hand the device back" in browser.get(f"{where}?given").content.decode()
    assert browser.post(where, {"rung": "sentence"})["Location"] == f"{where}sentence/"
    assert browser.get(f"{where}card/").status_code == 200
    assert browser.post(f"{where}number/", {"number": "x"}).status_code == 422
    assert browser.post(f"{where}sentence/", {"words": "It is raining"}).status_code == 303
    said = queries.rungs(viewer=course.therapist, at=clock.now(), client_id=course.client)
    assert [each.words for each in said] == ["It is raining", ""]


def test_the_shelf_is_filtered_starred_and_added_to(browser: Browser) -> None:
    whole = browser.get("/desk/openers/").content.decode()
    assert whole.count('span class="words"') == len(openers())
    browser.post("/desk/openers/star/", {"key": "shame.cbt.friend_rule", "starred": "1"})
    starred = browser.get("/desk/openers/?only=stars").content.decode()
    assert starred.count('span class="words"') == 1
    assert browser.post("/desk/openers/", {"sentence": "", "moment": "stuck"}).status_code == 422
    browser.post("/desk/openers/", {"sentence": "Mine", "moment": "stuck", "method": "cbt"})
    mine = browser.get("/desk/openers/?only=stars").content.decode()
    assert mine.count('span class="words"') == 2
    own = queries.own_shelf(viewer=_therapist(browser), at=clock.now())[0].own_id
    assert browser.post(f"/desk/openers/{own}/put-away/").status_code == 303
    hypno = browser.get("/desk/openers/?method=hypno").content.decode()
    assert "friend to the same rule" not in hypno


def _therapist(browser: Browser) -> Actor:
    response = browser.get("/desk/openers/")
    actor: Actor = response.wsgi_request.actor
    return actor


def test_strangers_find_nothing(course: Course, client_of: Actor) -> None:
    page = a_page(client_of)
    actions.hand_page_over(actor=client_of, at=clock.now(), page_id=page)
    stranger = signed_in(a_therapist("Ida Other"))
    here = f"/desk/episodes/{course.episode}/speaking/"
    for path in (here, f"{here}comfort/", f"/desk/speaking/pages/{page}/"):
        assert stranger.get(path).status_code == 404
    assert stranger.post(f"/desk/speaking/pages/{page}/").status_code == 404
    assert stranger.post(f"{here}trust/", {"step": "limits", "done": "1"}).status_code == 404


def test_the_prep_card_lines(course: Course, client_of: Actor) -> None:
    now = AT

    class Request:
        actor, at = course.therapist, now

    facts = episode(viewer=course.therapist, at=now, episode_id=course.episode)
    [trust] = prep_lines(Request(), facts)
    assert "confidentiality" in trust.words
    session: UUID = an_hour(course, now + DAY)
    actions.prepare_hour(actor=client_of, at=now, session_id=session, said=Prepared("To sleep", 0, "the letter"))
    comfort = Comfort(stop_word="red", not_ask="brother")
    actions.set_comfort(actor=client_of, at=now, client_id=course.client, comfort=comfort)
    lines = prep_lines(Request(), facts)
    assert (lines[0].tone, lines[0].said) == ("look", "brother")
    assert "red" in lines[1].words
    said = said_lines(Request(), facts)
    assert [each.said for each in said] == ["the letter", "To sleep", ""]


def test_comfort_in_one_line() -> None:
    assert comfort_line(Comfort()) == ""
    line = comfort_line(Comfort(seat="by\nthe door", interpreter=True, needs="more time"))
    assert line == "interpreter: plan 75 minutes for 50 · seat: by the door · more time"


def test_more_of_everything_costs_no_more_statements(browser: Browser, course: Course, client_of: Actor) -> None:
    def one_more() -> None:
        actions.hand_page_over(actor=client_of, at=clock.now(), page_id=a_page(client_of))

    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(f"/desk/episodes/{course.episode}/speaking/").status_code == 200
        return len(asked)

    one_more()
    statements()
    one = statements()
    one_more()
    one_more()
    assert statements() == one
