"""Something small to try: agreed at the desk, tried in the week, said on a telephone, looked at together."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from tests.factories.accounts import PASSWORD, with_password
from tests.factories.clients import reachable
from tests.factories.correspondence import agreed_to_messages
from tests.factories.exercises import a_task
from tests.factories.mailbox import MailServer
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_therapist, client_account
from tests.factories.sessions import an_hour
from tests.journeys.calendar import Calendar
from tests.journeys.doors import is_signed_in
from tests.journeys.windows import Window

from rapport.practice.episodes.actions import add_goal
from rapport.practice.post.tasks import deliver_due
from rapport.practice.security.policy.actor import SYSTEM
from rapport.practice.sessions.actions import end_session, start_session
from rapport.practice.sessions.queries import sessions_of
from rapport.practice.sessions.tasks import remind

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


def test_a_small_step_from_one_hour_to_the_next(
    course: Course, window: Callable[..., Window], calendar: Calendar
) -> None:
    client = client_account(course, "Amina Bakari")
    # Given a therapist who agrees with Amina on something small, of which she is not sure
    desk = is_signed_in(window(), course.therapist, calendar)
    desk.opens(f"/desk/episodes/{course.episode}/between/").follows("Agree something to try")
    desk.writes(what="Take the bus to the market", why="My sister lives there", when="Saturday morning")
    desk.writes(obstacle_1="It is full", then_1="I wait for the next one").ticks("confidence", "5")
    desk.presses("We agree on this")
    desk.sees("Could it be smaller?")
    desk.writes(what="Take the bus for two stops").ticks("confidence", "7").presses("Keep it like this")
    desk.sees("Take the bus for two stops")
    # When Amina opens her page on her telephone during the week
    phone = is_signed_in(window(telephone=True), client, calendar)
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


EVE = datetime(2026, 3, 8, 9, 5, tzinfo=UTC)
HOUR = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
PRIVATE = "Amina|Bakari|Mara|Okonjo|brother|sister|therap|Rapport"


def test_a_client_from_the_reminder_to_what_was_learned(
    course: Course, window: Callable[..., Window], calendar: Calendar, post: MailServer
) -> None:
    # Given Amina, who may be written to and agreed to messages, and an hour tomorrow
    reachable(course, email="amina@mail.example", name="Amina Bakari")
    agreed_to_messages(course)
    address = with_password(client_account(course, "Amina Bakari"))
    phone = window(telephone=True)

    # When a mail reminds her, one tap says that she comes
    calendar.turns_to(EVE)
    says_that_she_comes(phone, reminder(calendar, post))

    # And she signs in, prepares what she likes to, and chooses how she would like to speak
    phone.opens("/sign-in/").writes(email=address, password=PASSWORD).presses("Sign in")
    phone.sees("You said that you are coming.")
    prepares(phone)
    chooses_a_way_to_speak(phone)

    # Then her therapist reads it just before the hour
    calendar.turns_to(HOUR - timedelta(minutes=10))
    desk = is_signed_in(window(), course.therapist, calendar)
    desk.opens("/desk/").sees("client confirmed")
    reads_what_she_brought(desk)

    # When the hour is over, she says on her own telephone how it was, and how freely she could speak
    holds_the_hour_and_agrees_on_a_step(course)
    calendar.turns_to(HOUR + timedelta(minutes=55))
    phone.opens("/sign-in/").writes(email=address, password=PASSWORD).presses("Sign in")
    says_how_the_hour_was(phone)

    # And on Thursday she has done the step, says what she learned, and writes a line, once
    calendar.turns_to(HOUR + timedelta(days=3))
    phone.opens("/sign-in/").writes(email=address, password=PASSWORD).presses("Sign in")
    says_what_she_learned(phone)
    writes_a_line(phone)

    # Then all of it reaches the therapist in the house, and nothing of it was in the post
    is_signed_in(desk, course.therapist, calendar).opens(f"/desk/episodes/{course.episode}/between/")
    desk.sees("Nobody looked at me.")
    desk.opens(f"/desk/episodes/{course.episode}/messages/").sees("May we speak about the bus on Monday?")
    assert desk.page.locator("ol.talk > li").count() == 1
    deliver_due(actor=SYSTEM, at=calendar.now())
    assert post.received
    assert not [words for words in post.bodies() if re.search(PRIVATE, words)]


def reminder(calendar: Calendar, post: MailServer) -> str:
    """The link in the mail of the day before."""
    remind(actor=SYSTEM, at=calendar.now())
    deliver_due(actor=SYSTEM, at=calendar.now())
    (words,) = (body for body in post.bodies() if "remind you" in body)
    assert "Monday 9 March, 09:00" in words
    link = re.search(r"https?://\S+/a/[\w-]+/", words)
    assert link
    return link.group()


def says_that_she_comes(phone: Window, link: str) -> None:
    """Behind the link stands a time and nothing else; no name, no sign-in, twice pressed or not."""
    phone.opens(link).sees("Monday 9 March, 09:00")
    assert not re.search(PRIVATE, phone.page.locator("body").inner_text())
    phone.presses_twice("I am coming")
    phone.page.goto(link)
    phone.sees("Nothing to answer here")


def prepares(phone: Window) -> None:
    phone.follows("Answer")
    if phone.has("Three small questions"):
        phone.follows("Begin")
    phone.writes(answer="To speak about the bus").presses("Keep it and go on")
    phone.ticks("answer", "4").presses("Keep it and go on")
    phone.writes(answer="my brother").presses("Keep it")
    phone.sees("You can change it until then.")


def chooses_a_way_to_speak(phone: Window) -> None:
    phone.follows("Other ways to speak").follows("Choose a step").ticks("rung", "number").presses("This one today")
    phone.taps("8").sees("You chose this today.")


def reads_what_she_brought(desk: Window) -> None:
    desk.follows("Prep Amina Bakari")
    for words in ("To be asked about", "my brother", "To speak about the bus", "10 (very good): 4"):
        desk.sees(words)


def holds_the_hour_and_agrees_on_a_step(course: Course) -> None:
    (hour,) = sessions_of(viewer=course.therapist, at=HOUR, episode_id=course.episode)
    start_session(actor=course.therapist, at=HOUR, session_id=hour.id)
    a_task(course, at=HOUR + timedelta(minutes=45), session=hour.id)
    end_session(actor=course.therapist, at=HOUR + timedelta(minutes=50), session_id=hour.id)


def says_how_the_hour_was(phone: Window) -> None:
    phone.sees("How was our hour?")
    phone.follows("Answer")
    for value in ("8", "9", "7", "8"):
        phone.taps(value)
    phone.writes(comment="You may ask me more.").presses("Send")
    phone.follows("Three more taps: how freely could you speak?")
    for value in ("5", "6", "4"):
        phone.taps(value)
    phone.follows("Skip this").follows("See your own answers over time")


def says_what_she_learned(phone: Window) -> None:
    phone.sees("Take the bus for two stops")
    phone.follows("Say how it went").presses_twice("I did it")
    phone.writes(learned="Nobody looked at me.").presses("Keep it")
    phone.sees("You look at it together when you next meet.")


def writes_a_line(phone: Window) -> None:
    """Who reads it and when stands above the field."""
    phone.opens("/portal/messages/").sees("Do not use this when it is urgent.")
    phone.sees("two working days")
    phone.writes(text="May we speak about the bus on Monday?").presses_twice("Send")
    phone.sees("May we speak about the bus on Monday?")
    assert phone.page.locator("ol.talk > li").count() == 1
