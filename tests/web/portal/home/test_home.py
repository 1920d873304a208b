"""The first page: one meeting, one task, one question; help first for whoever said they may not be safe."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.factories.exercises import BUS, a_task
from tests.factories.measures import a_form
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_therapist, client_account, signed_in
from tests.factories.sessions import an_hour

from rapport.practice.episodes.actions import add_goal, rate_goal
from rapport.practice.foundation import clock
from rapport.practice.safety.actions import say_how_safe
from rapport.practice.safety.choices import SafeNow
from rapport.practice.security.policy.actor import Actor
from rapport.practice.sessions.actions import move_session
from rapport.practice.sessions.choices import StepKind
from rapport.practice.sessions.models import SessionStep
from rapport.web.portal.asked import Asked, Timeliness
from rapport.web.portal.home import questions

WEEK = timedelta(days=7)


@pytest.fixture
def course(monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.setattr(clock, "now", lambda: AT)
    a_practice()
    return a_course(a_therapist(), at=AT - 10 * WEEK)


@pytest.fixture
def client(course: Course) -> Actor:
    return client_account(course)


def home(client: Actor) -> str:
    text: str = signed_in(client).get(reverse("portal:home")).content.decode()
    return text


def test_when_we_meet_one_task_and_what_to_do_when_it_is_hard(course: Course, client: Actor) -> None:
    an_hour(course, AT + WEEK)
    a_task(course)
    a_task(course, due_on=(AT + 2 * WEEK).date())
    page = home(client)
    assert "Monday 9 March, 09:00" in page
    assert "Can I change it?" in page
    assert page.count(BUS.what) == 1
    assert "My safety plan" in page
    assert "I want to talk about safety" in page
    assert "If you need help now" in page


def test_whoever_may_not_be_safe_sees_help_first(course: Course, client: Actor) -> None:
    a_task(course)
    say_how_safe(actor=client, at=AT, client_id=course.client, answer=SafeNow.NOT_SURE)
    answer = signed_in(client).get(reverse("portal:home"))
    assert (answer.status_code, answer["Location"]) == (302, reverse("portal:help"))


def test_goals_are_asked_for_after_four_weeks(course: Course, client: Actor) -> None:
    goal = add_goal(actor=client, at=AT - 6 * WEEK, episode_id=course.episode, words_of_client="See my sister", value=3)
    assert "How near are you to what you want?" in home(client)
    rate_goal(actor=client, at=AT - WEEK, goal_id=goal, value=4)
    assert "How near are you to what you want?" not in home(client)


def test_a_form_that_waits_comes_before_what_can_wait(course: Course, client: Actor) -> None:
    add_goal(actor=client, at=AT - 6 * WEEK, episode_id=course.episode, words_of_client="See my sister", value=3)
    a_form(course, client)
    page = home(client)
    assert "How near are you to what you want?" not in page
    assert "To answer" in page


def _asks(words: str, when: Timeliness) -> Any:
    return lambda request: Asked(words, "/portal/", when)


def test_one_question_the_most_timely(course: Course, client: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    a_form(course, client)
    asked = (
        _asks("Can wait?", Timeliness.BETWEEN),
        _asks("Before we meet?", Timeliness.BEFORE_THE_HOUR),
        _asks("How was it?", Timeliness.AFTER_THE_HOUR),
        lambda request: None,
    )
    monkeypatch.setattr(questions, "PROVIDERS", asked)
    page = home(client)
    assert "How was it?" in page
    assert "Can wait?" not in page
    assert "Before we meet?" not in page
    assert "A form waits for you" in page


def test_before_anything_is_agreed_the_page_is_calm(course: Course, client: Actor) -> None:
    page = home(client)
    assert "No meeting is booked yet" in page
    assert "To try" not in page
    assert "A question for you" not in page


def test_a_stranger_is_sent_to_the_door() -> None:
    a_practice()
    answer = Browser().get(reverse("portal:home"))
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, reverse("entrance:sign_in"))


def test_a_client_says_that_they_come(course: Course, client: Actor) -> None:
    hour = an_hour(course, AT + WEEK)
    mine = signed_in(client)
    assert "I am coming" in home(client)
    for _twice in range(2):
        assert mine.post(reverse("portal:coming", args=[hour])).status_code == 303
    assert "You said that you are coming." in home(client)
    assert SessionStep.objects.filter(session_id=hour, kind=StepKind.CONFIRMED).count() == 1
    move_session(
        actor=course.therapist, at=AT, session_id=hour, start=AT + 2 * WEEK, end=AT + 2 * WEEK + timedelta(minutes=50)
    )
    assert "I am coming" in home(client)


def test_nobody_says_it_for_another_or_too_late(course: Course, client: Actor) -> None:
    hour, begun = an_hour(course, AT + WEEK), an_hour(course, AT - timedelta(minutes=10))
    other = signed_in(client_account(a_course(course.therapist, "Zoe Hart"), "Zoe Hart"))
    foreign, unknown = (other.post(reverse("portal:coming", args=[id])) for id in (hour, uuid4()))
    assert (foreign.status_code, foreign.content) == (404, unknown.content)
    assert signed_in(course.therapist).post(reverse("portal:coming", args=[hour])).status_code == 403
    assert signed_in(client).post(reverse("portal:coming", args=[begun])).status_code == 303
    assert not SessionStep.objects.filter(kind=StepKind.CONFIRMED).exists()
