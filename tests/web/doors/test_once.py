"""A form sent twice is done once (G09), whoever hands it on: one process at a time, many at once, another process."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.http import HttpResponse
from django.test import Client as Browser
from tests.factories.organisation import a_practice
from tests.factories.people import AT, a_course, a_therapist, client_account, signed_in

from rapport.practice.episodes import actions
from rapport.practice.episodes.models import Goal, GoalRating
from rapport.practice.security.accounts.models import SentForm
from rapport.practice.security.accounts.queries import FormSent
from rapport.practice.security.policy.actor import Actor
from rapport.web.doors import once, page

MANY = 12

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("guard_away")]


@pytest.fixture
def client() -> Actor:
    """Somebody with one goal, who may say every moment how near it is."""
    a_practice()
    client = client_account(course := a_course(a_therapist()))
    actions.add_goal(actor=client, at=AT, episode_id=course.episode, words_of_client="To sleep")
    return client


def send(browser: Browser, number: str = "first page", value: int = 3, **more: Any) -> Any:
    where = f"/portal/goals/{Goal.objects.get().id}/"
    sent = {"value": value, once.NUMBER: number, **more}
    return browser.post(where, sent, headers={"Referer": "http://testserver/portal/"})


def test_the_same_form_again_leads_to_what_came_of_it_and_says_so(client: Actor) -> None:
    browser = signed_in(client)
    first, second = send(browser), send(browser)
    assert (second.status_code, second["Location"]) == (303, first["Location"])
    assert "not done a second time" in browser.get(second["Location"]).content.decode()
    assert GoalRating.objects.count() == 1


def test_where_nobody_knows_the_way_any_more_the_page_shows_how_things_stand(client: Actor) -> None:
    browser = signed_in(client)
    send(browser)
    once._led_to.clear()
    assert send(browser)["Location"] == "/portal/"
    assert GoalRating.objects.count() == 1


def test_another_page_and_other_words_are_another_form(client: Actor) -> None:
    browser = signed_in(client)
    for number, value in (("1", 3), ("2", 3), ("1", 4), ("1", 3)):
        send(browser, number, value)
    assert GoalRating.objects.count() == 4


def test_the_number_of_somebody_else_s_page_is_another_page() -> None:
    one, other = (FormSent.of(UUID(int=person), "same number", ["same words"]) for person in (1, 2))
    assert one.page != other.page
    assert one.form != other.form


def test_what_was_refused_can_be_sent_again(client: Actor) -> None:
    browser = signed_in(client)
    said = {"words": "", once.NUMBER: "first page"}
    assert [browser.post("/portal/goals/add/", said).status_code for _ in range(2)] == [422, 422]
    assert not SentForm.objects.exists()


def test_another_file_of_the_same_name_and_size_is_another_form(client: Actor) -> None:
    browser = signed_in(client)
    for content in (b"a", b"b", b"b"):
        send(browser, paper=SimpleUploadedFile("a.csv", content))
    assert GoalRating.objects.count() == 2


def test_nothing_that_was_sent_is_kept_but_hashes(client: Actor) -> None:
    send(signed_in(client), value=7)
    kept = repr([bytes(value) for row in SentForm.objects.values_list("page_hash", "form_hash") for value in row])
    assert "value" not in kept
    assert "first page" not in kept


def at_once(client: Actor) -> list[Any]:
    """The answers to one form that many hands send in one moment."""
    cookies, together = signed_in(client).cookies.output(header="", sep=";"), Barrier(MANY)

    def hand(_number: int) -> Any:
        browser = Browser()
        browser.cookies.load(cookies)
        together.wait()
        try:
            return send(browser)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(MANY) as hands:
        return list(hands.map(hand, range(MANY)))


def test_many_at_once_are_one_and_all_are_led_to_it(client: Actor) -> None:
    ways = {(answer.status_code, answer["Location"]) for answer in at_once(client)}
    assert GoalRating.objects.count() == 1
    assert len(ways) == 1


def test_many_processes_at_once_are_one(client: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """No process knows what another has under way: the database alone decides."""
    monkeypatch.setattr(once, "_in_turn", lambda _form: nullcontext())
    monkeypatch.setattr(once, "is_sent", lambda _sent: False)
    assert {answer.status_code for answer in at_once(client)} == {303}
    assert GoalRating.objects.count() == 1


def test_without_the_door_every_hand_has_its_effect(client: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: these hands do reach the record."""

    def open_door(_request: object, answer: Callable[[], HttpResponse], **_who: object) -> HttpResponse:
        return answer()

    monkeypatch.setattr(page, "done_once", open_door)
    at_once(client)
    assert GoalRating.objects.count() == MANY
