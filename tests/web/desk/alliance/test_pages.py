"""The closing, the handed device, Together, ruptures and licensed forms as pages."""

from __future__ import annotations

import uuid
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.alliance import a_rupture, all_four, said
from tests.factories.organisation import a_practice
from tests.factories.people import Course, a_course, a_manager, a_therapist, client_account, signed_in
from tests.factories.sessions import a_held_hour, an_hour

from rapport.clinical.alliance.sliders import Slider
from rapport.practice.alliance import queries
from rapport.practice.alliance.choices import Way
from rapport.practice.alliance.models import FormAnswer, HourWords, Rupture, Tap
from rapport.practice.episodes.queries import episode
from rapport.practice.foundation import clock
from rapport.practice.security.accounts.models import SignInSession
from rapport.practice.security.audit import trail
from rapport.practice.sessions.actions import start_session
from rapport.web.desk.alliance.prep import prep_lines

WEEK, HOUR = timedelta(days=7), timedelta(hours=1)


class Desk:
    """A therapist in an hour that runs."""

    def __init__(self) -> None:
        a_practice()
        self.now = clock.now()
        self.course = a_course(a_therapist())
        self.session = an_hour(self.course, self.now - timedelta(minutes=45))
        start_session(actor=self.course.therapist, at=self.now - timedelta(minutes=45), session_id=self.session)
        self.browser = signed_in(self.course.therapist)
        self.closing = f"/desk/room/{self.session}/closing/"
        self.hand = f"{self.closing}hand/"
        self.together = f"/desk/episodes/{self.course.episode}/together/"

    def past_hours(self, count: int, value: int = 8, comment: str = "") -> list[uuid.UUID]:
        held = []
        for weeks in range(count, 0, -1):
            start = self.now - weeks * WEEK
            held.append(a_held_hour(self.course, start))
            said(self.course, held[-1], start + HOUR, all_four(value), comment)
        return held


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_what_is_spoken_is_entered_and_marked(desk: Desk) -> None:
    answer = desk.browser.post(desk.closing, {"heard": "8", "overall": "6", "comment": "Less homework"})
    assert answer.status_code == 303
    assert set(Tap.objects.values_list("question", "way")) == {("heard", Way.SPOKEN), ("overall", Way.SPOKEN)}
    page = desk.browser.get(desk.closing).content.decode()
    assert "Less homework" in page
    assert "spoken, entered by you" in page


def test_nothing_is_lost_when_nothing_fits(desk: Desk) -> None:
    answer = desk.browser.post(desk.closing, {"heard": "12", "comment": "Too fast for me"})
    assert answer.status_code == 422
    assert "Too fast for me" in answer.content.decode()
    assert desk.browser.post(desk.closing, {}).status_code == 422
    assert not Tap.objects.exists()


def test_the_closing_shows_the_next_session_or_offers_to_book(desk: Desk) -> None:
    assert "Book it together" in desk.browser.get(desk.closing).content.decode()
    an_hour(desk.course, desk.now + WEEK)
    assert "Book it together" not in desk.browser.get(desk.closing).content.decode()


def test_a_handed_device_opens_the_questions_and_nothing_else(desk: Desk) -> None:
    over = desk.browser.post(f"{desk.closing}over/")
    assert (over.status_code, over.headers["Location"]) == (303, f"{desk.hand}heard/")
    page = desk.browser.get(f"{desk.hand}heard/").content.decode()
    assert "Jonas" not in page
    assert "/desk/clients/" not in page
    inside = ("/desk/", "/desk/clients/", desk.together, desk.closing, f"/desk/room/{desk.session}/", "/account/")
    for path in inside:
        answer = desk.browser.get(path)
        assert answer.status_code == 302, path
        assert answer.headers["Location"].startswith("/unlock/"), path
    assert desk.browser.get("/help-now/").status_code == 200
    for step, field in (("heard", "value"), ("mattered", "value"), ("fitted", "value"), ("overall", "value")):
        assert desk.browser.post(f"{desk.hand}{step}/", {field: "7"}).status_code == 303
    done = desk.browser.post(f"{desk.hand}words/", {"comment": "More quiet", "eyes_only": "on"})
    assert done.headers["Location"] == f"{desk.hand}thanks/"
    assert "hand the device back" in desk.browser.get(f"{desk.hand}thanks/").content.decode()
    assert HourWords.objects.get().eyes_only
    assert desk.browser.get(desk.closing).headers["Location"].startswith("/unlock/")
    assert set(Tap.objects.values_list("way", flat=True)) == {Way.HANDED}
    SignInSession.objects.update(handed_path="")  # what proving again does
    assert desk.browser.get(desk.closing).status_code == 200


def test_a_message_for_the_therapist_is_not_shown_to_the_client(desk: Desk) -> None:
    held = desk.past_hours(1)
    memo = a_rupture(desk.course, held[0], desk.now)
    fields = {"version": "2", "kind": "mixed", "noticed_by": "client", "repaired": "no"}
    assert desk.browser.post(f"/desk/ruptures/{memo}/", fields).status_code == 303  # leaves a message to be shown
    desk.browser.post(f"{desk.closing}over/")
    assert "Kept, for you alone" not in desk.browser.get(f"{desk.hand}heard/").content.decode()


def test_a_tap_off_the_scale_asks_again(desk: Desk) -> None:
    for value in ("11", "", "x"):
        assert desk.browser.post(f"{desk.hand}heard/", {"value": value}).status_code == 422
    assert desk.browser.get(f"{desk.hand}nothing/").status_code == 404


def test_strangers_find_nothing_here(desk: Desk) -> None:
    memo = a_rupture(desk.course, desk.past_hours(1)[0], desk.now)
    stranger = signed_in(a_therapist("Ruth Stranger"))
    paths = [desk.closing, f"{desk.hand}heard/", desk.together, f"{desk.together}arm5/", f"/desk/ruptures/{memo}/"]
    paths.append(f"/desk/ruptures/new/?session={desk.session}")
    for path in paths:
        assert stranger.get(path).status_code == 404, path
        assert stranger.post(path, {"value": "1", "kind": "mixed"}).status_code == 404, path
    for outsider in (a_manager(), client_account(desk.course)):
        assert {signed_in(outsider).get(path).status_code for path in paths} == {403}
    assert Rupture.objects.count() == 1


def test_a_sentence_comes_before_the_pictures(desk: Desk) -> None:
    assert "Nothing has been said after an hour yet" in desk.browser.get(desk.together).content.decode()
    desk.past_hours(3)
    page = desk.browser.get(desk.together).content.decode()
    assert "where they usually lie" in page
    assert page.index("where they usually lie") < page.index("trend-picture")
    said(desk.course, desk.session, desk.now, {Slider.HEARD: 5}, "You were tired")
    page = desk.browser.get(desk.together).content.decode()
    assert "Felt heard: 5, usually 8." in page
    assert "House rule" in page
    assert "You were tired" in page


def test_tens_are_explained(desk: Desk) -> None:
    desk.past_hours(3, value=10)
    assert "politeness" in desk.browser.get(desk.together).content.decode()


def test_a_rupture_is_noted_in_two_taps_and_written_later(desk: Desk) -> None:
    page = desk.browser.get(f"/desk/ruptures/new/?session={desk.session}&minute=31")
    assert page.status_code == 200
    begun = desk.browser.post("/desk/ruptures/new/", {"session": desk.session, "kind": "withdrawal", "minute": "31"})
    memo = Rupture.objects.get()
    assert begun.headers["Location"] == f"/desk/ruptures/{memo.id}/"
    page = desk.browser.get(f"/desk/ruptures/{memo.id}/").content.decode()
    assert "What was I doing just before?" in page
    assert 'value="31"' in page
    fields = {"version": "1", "kind": "withdrawal", "noticed_by": "therapist", "repaired": "partly", "impact": "3"}
    kept = desk.browser.post(f"/desk/ruptures/{memo.id}/", fields | {"contribution": "I hurried", "markers": ["split"]})
    assert kept.status_code == 303
    facts = queries.rupture(viewer=desk.course.therapist, at=desk.now, rupture_id=memo.id)
    assert (facts.memo.contribution, facts.memo.markers, facts.memo.impact) == ("I hurried", ("split",), 3)
    again = desk.browser.post(f"/desk/ruptures/{memo.id}/", fields | {"contribution": "Another window"})
    assert again.status_code == 422
    assert "Another window" in again.content.decode()


def test_without_an_hour_the_last_ones_are_offered(desk: Desk) -> None:
    page = desk.browser.get("/desk/ruptures/new/").content.decode()
    assert str(desk.session) in page
    assert desk.browser.post("/desk/ruptures/new/", {"session": desk.session}).status_code == 422


def test_a_form_is_typed_in_and_scored(desk: Desk) -> None:
    (held,) = desk.past_hours(1)
    path = f"{desk.together}arm5/"
    assert "Its wording is not here" in desk.browser.get(path).content.decode()
    assert desk.browser.post(path, {"session": held}).status_code == 422
    answers = {f"item_{number}": "6" for number in range(1, 6)} | {"session": held, "item_3": "2"}
    assert desk.browser.post(path, answers).status_code == 303
    assert FormAnswer.objects.count() == 1
    assert "ARM-5" in desk.browser.get(desk.together).content.decode()
    assert desk.browser.get(f"{desk.together}srs/").status_code == 404


def test_wording_comes_with_a_permission(desk: Desk) -> None:
    path = "/desk/alliance/arm5/wording/"
    assert desk.browser.post(path, {"items": "one\ntwo", "permission": "A letter"}).status_code == 422
    items = "\n".join(f"Line {number}" for number in range(1, 6))
    assert desk.browser.post(path, {"items": items, "permission": "Letter of May"}).status_code == 303
    desk.past_hours(1)
    assert "1. Line 1" in desk.browser.get(f"{desk.together}arm5/").content.decode()
    assert signed_in(a_manager()).get(path).status_code == 403


def lines(desk: Desk) -> list[tuple[str, str, str]]:
    request: Any = SimpleNamespace(actor=desk.course.therapist, at=desk.now)
    facts = episode(viewer=desk.course.therapist, at=desk.now, episode_id=desk.course.episode)
    return [(line.words, line.said, line.tone) for line in prep_lines(request, facts)]


def test_the_prep_card_asks_about_the_last_hour_only(desk: Desk) -> None:
    assert lines(desk) == []
    desk.past_hours(2, value=3, comment="Old")
    start = desk.now - timedelta(days=3)
    recent = a_held_hour(desk.course, start)
    assert lines(desk) == []  # nobody said anything after the last hour
    said(desk.course, recent, start + HOUR, {Slider.HEARD: 9}, "Too many questions")
    assert lines(desk) == [("They left a comment.", "Too many questions", "look")]
    said(desk.course, recent, start + 2 * HOUR, {Slider.HEARD: 1})
    assert lines(desk) == [("Felt heard: 1, usually 3.", "Too many questions", "look")]


def test_open_ruptures_return_on_the_prep_card(desk: Desk) -> None:
    held = desk.past_hours(3)
    a_rupture(desk.course, held[0], desk.now)
    ((words, _, tone),) = lines(desk)
    assert "2 sessions on" in words
    assert tone == "look"


@pytest.mark.parametrize("rows", [1, 3])
def test_statements_do_not_grow_with_rows(desk: Desk, rows: int) -> None:
    for held in desk.past_hours(rows, value=6, comment="Hm"):
        a_rupture(desk.course, held, desk.now)
    desk.browser.get(desk.together)
    request: Any = SimpleNamespace(actor=desk.course.therapist, at=desk.now)
    facts = episode(viewer=desk.course.therapist, at=desk.now, episode_id=desk.course.episode)
    with CaptureQueriesContext(connection) as page:
        assert desk.browser.get(desk.together).status_code == 200
    with trail.gathered_readings(), CaptureQueriesContext(connection) as card:
        assert prep_lines(request, facts)
    assert (len(page), len(card)) == (17, 6)


def test_the_own_page_of_another_course_is_not_mixed_in(desk: Desk) -> None:
    other: Course = a_course(desk.course.therapist, "Amina Bello")
    held = a_held_hour(other, desk.now - WEEK)
    said(other, held, desk.now - WEEK + HOUR, all_four(2), "Not for Jonas")
    assert "Not for Jonas" not in desk.browser.get(desk.together).content.decode()
