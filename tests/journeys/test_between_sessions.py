"""Something small to try: agreed at the desk, tried in the week, said on a telephone, looked at together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_therapist, client_account
from tests.factories.sessions import an_hour
from tests.journeys.calendar import Calendar
from tests.journeys.windows import Window

from rapport.practice.episodes.actions import add_goal
from rapport.practice.security.accounts.actions import open_sign_in
from rapport.practice.security.policy.actor import Actor

pytestmark = pytest.mark.journey


@pytest.fixture
def course(calendar: Calendar) -> Course:
    a_practice()
    course = a_course(a_therapist(), at=AT - timedelta(weeks=8))
    add_goal(
        actor=course.therapist, at=AT - timedelta(weeks=6), episode_id=course.episode,
        words_of_client="See my sister again", value=2,
    )  # fmt: skip
    an_hour(course, AT + timedelta(days=7))
    return course


def signed_in(window: Window, actor: Actor, calendar: Calendar) -> Window:
    token = open_sign_in(actor=actor, at=calendar.now(), account_id=actor.account, second_factor="totp")
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": token, "url": window.findings.home}
    window.page.context.add_cookies([cookie])  # type: ignore[list-item]
    return window


def test_a_small_step_from_one_hour_to_the_next(
    course: Course, window: Callable[..., Window], calendar: Calendar
) -> None:
    client = client_account(course, "Amina Bakari")
    # Given a therapist who agrees with Amina on something small, of which she is not sure
    desk = signed_in(window(), course.therapist, calendar)
    desk.opens(f"/desk/episodes/{course.episode}/between/").follows("Agree something to try")
    desk.writes(what="Take the bus to the market", why="My sister lives there", when="Saturday morning")
    desk.writes(obstacle_1="It is full", then_1="I wait for the next one").ticks("confidence", "5")
    desk.presses("We agree on this")
    desk.sees("Could it be smaller?")
    desk.writes(what="Take the bus for two stops").ticks("confidence", "7").presses("Keep it like this")
    desk.sees("Take the bus for two stops")
    # When Amina opens her page on her telephone during the week
    phone = signed_in(window(telephone=True), client, calendar)
    phone.opens("/portal/")
    phone.sees("Take the bus for two stops")
    phone.sees("How near are you to what you want?")
    phone.follows("Say how it went")
    phone.presses("I did part of it")
    phone.sees("That is fine. It tells us something about the task.")
    phone.ticks("why_not", "too_hard").writes(learned="One stop was enough for the first time").presses("Keep it")
    phone.sees("You look at it together when you next meet.")
    # And the question that remains leads to her goals
    phone.follows("How near are you to what you want?").presses("4")
    phone.opens("/portal/")
    assert not phone.has("How near are you to what you want?")
    # Then the therapist reads it, they look at it together, and it is done with
    desk.opens(f"/desk/episodes/{course.episode}/between/")
    desk.sees("One stop was enough for the first time")
    desk.sees("From 2 to 4 of 10: 2 points nearer.")
    desk.follows("Take the bus for two stops")
    desk.writes(learned="A stop at a time").chooses(share="0.5").presses("We looked at it")
    desk.sees("Nothing waits")
    phone.opens("/portal/tasks/").unfolds("Earlier").follows("Take the bus for two stops")
    phone.sees("A stop at a time")
