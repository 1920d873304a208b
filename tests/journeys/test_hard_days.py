"""In a real browser, on a hard day: nothing is lost, nobody strange comes in, help is there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.factories.accounts import PASSWORD, with_password
from tests.factories.measures import a_form
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_therapist, client_account
from tests.factories.sessions import a_held_hour, a_note, an_hour
from tests.journeys.calendar import Calendar
from tests.journeys.doors import is_signed_in
from tests.journeys.windows import Window

from rapport.practice.security.accounts.actions import invite_client

if TYPE_CHECKING:
    from playwright.sync_api import Locator

pytestmark = pytest.mark.journey

FIVE_SECONDS = 5_000
SAVED = re.compile("/save/$")
BEFORE = "She spoke of the letter she never sent."
AFTER = " Then it was quiet."


@dataclass
class Writing:
    """A therapist with a draft open in front of them."""

    desk: Window
    address: str


@pytest.fixture
def course(calendar: Calendar) -> Course:
    a_practice()
    return a_course(a_therapist())


@pytest.fixture
def writing(course: Course, window: Callable[..., Window], calendar: Calendar) -> Writing:
    with_password(course.therapist)
    draft = a_note(course, a_held_hour(course))
    calendar.moves_on(hours=1)
    desk = window()
    is_signed_in(desk, course.therapist, calendar)
    return Writing(desk, f"/desk/notes/{draft}/")


def test_a_window_dies_while_a_note_is_typed(writing: Writing) -> None:
    # Given five seconds of typing in a window
    dying = writing.desk.beside()
    dying.page.clock.install()
    dying.opens(writing.address)
    note(dying).fill(BEFORE)
    with dying.page.expect_response(SAVED) as kept:
        dying.page.clock.run_for(FIVE_SECONDS)
    assert kept.value.ok

    # When the window dies, with some more words in it
    note(dying).press_sequentially(AFTER)
    dying.page.close()

    # Then whatever is older than five seconds stands in the next one, and says so
    writing.desk.opens(writing.address)
    assert note(writing.desk).input_value().startswith(BEFORE)
    writing.desk.sees("You see what you had typed until")


def test_two_windows_write_in_one_note(writing: Writing) -> None:
    # Given the same note in two windows
    here, there = writing.desk.opens(writing.address), writing.desk.beside().opens(writing.address)
    note(here).fill("From the first window.")
    here.presses("Save", "main")

    # When the other one writes too, it is shown both texts, and keeps both
    note(there).fill("From the second window.")
    with there.page.expect_response(SAVED) as refused:
        note(there).blur()
    assert refused.value.status == 409
    there.sees("This was changed elsewhere")
    there.sees("From the first window.")
    with there.page.expect_response(SAVED):
        there.page.get_by_role("button", name="Keep both").click()
    there.presses("Save", "main")

    # Then the note has both
    here.opens(writing.address)
    assert "From the first window." in note(here).input_value()
    assert "From the second window." in note(here).input_value()


def test_the_sign_in_ends_while_a_note_is_typed(writing: Writing, calendar: Calendar) -> None:
    # Given a therapist who was called away, and types on when they are back
    desk = writing.desk.opens(writing.address)
    calendar.moves_on(minutes=20)
    note(desk).fill(BEFORE)
    with desk.page.expect_response(SAVED) as refused:
        note(desk).blur()
    assert refused.value.status == 401

    # When they unlock in a new window, what they typed still stands in the old one
    desk.sees("Sign in again to keep this")
    with desk.page.context.expect_page() as opened:
        desk.page.get_by_role("link", name="Sign in, in a new tab").click()
    door = Window(opened.value, desk.findings)
    door.sees("Locked, not ended")
    door.writes(password=PASSWORD).presses("Unlock")
    assert note(desk).input_value() == BEFORE

    # Then it is kept from there, and nothing was lost
    with desk.page.expect_response(lambda answer: bool(SAVED.search(answer.url)) and answer.ok):
        desk.page.bring_to_front()
        again = desk.page.get_by_role("button", name="I have signed in: save now")
        if again.is_visible():
            again.click()
    door.opens(writing.address)
    assert note(door).input_value() == BEFORE


def test_an_invitation_opens_once_and_not_for_ever(
    course: Course, window: Callable[..., Window], calendar: Calendar
) -> None:
    # Given two clients who were invited
    link, late = invited(course, calendar), invited(a_course(course.therapist, "Amina Bakari"), calendar)

    # When one of them has come in, whoever stole the link comes too late
    window(telephone=True).opens(link).writes(email="jonas@mail.example", password=PASSWORD).presses("Yes, let me in")
    thief = window().opens(link)
    thief.sees("This link does not work any more")
    assert not thief.page.locator("input[type='password']").count()

    # And after a week the other link is dead as well; nor does a guessed one say more
    calendar.moves_on(days=8)
    words = [thief.opens(address).page.locator("main").inner_text() for address in (late, late[:-4] + "abcd")]
    assert words[0] == words[1]
    assert "This link does not work any more" in words[0]


def test_help_needs_no_script(course: Course, window: Callable[..., Window], calendar: Calendar) -> None:
    # Given a client whose telephone runs no scripts
    client = client_account(course)
    form = a_form(course, client)
    phone = window(telephone=True, scripts=False)
    is_signed_in(phone, client, calendar)

    # When they answer, one question per screen, and the ninth needs a person
    phone.opens(f"/portal/forms/{form}/")
    for item in range(1, 10):
        phone.ticks(str(item), "1").presses("Keep and go on")

    # Then the same answer says whom to call
    phone.sees("Thank you for telling us")
    assert phone.page.locator("a[href^='tel:']").count()

    # When they write their safety plan and make a link to keep
    phone.opens("/portal/plan/").follows("Write my plan")
    phone.page.get_by_role("textbox").first.fill("I stop answering the telephone")
    phone.presses("Keep my plan")
    phone.sees("I stop answering the telephone")
    phone.presses("Make a link to keep")
    link = phone.page.locator("output").inner_text().strip()

    # Then it opens where nobody is signed in, without a script too
    window(telephone=True, scripts=False).opens(link).sees("I stop answering the telephone")
    window(telephone=True).opens(link).sees("I stop answering the telephone")


def test_an_hour_with_the_keyboard_alone(course: Course, window: Callable[..., Window], calendar: Calendar) -> None:
    # Given an hour in the diary
    an_hour(course, AT + timedelta(minutes=30))
    desk = window()
    is_signed_in(desk, course.therapist, calendar)
    keys = desk.opens("/desk/").page.keyboard

    # When the therapist goes from the day into the room, writes, and signs, without a mouse
    desk.tabs_to("Open the 09:30 room").enters()
    desk.tabs_to("Start").enters()
    desk.tabs_to("Progress note")
    keys.press("Enter")
    desk.tabs_to("Note")
    keys.type(BEFORE)
    desk.tabs_to("Save").enters()
    desk.tabs_to("Progress note")
    keys.press("Enter")
    desk.tabs_to("The whole note, its format and signing").enters()
    desk.page.once("dialog", lambda asked: asked.accept())
    desk.tabs_to("Save and sign").enters()

    # Then the note is signed
    desk.sees("Signed by Mara Okonjo")
    desk.sees(BEFORE)


def note(window: Window) -> Locator:
    """Where the note is typed."""
    return window.page.get_by_label("Note", exact=True)


def invited(course: Course, calendar: Calendar) -> str:
    """The address a client is handed."""
    link = invite_client(actor=course.therapist, at=calendar.now(), client_id=course.client, name="Jonas Weber")
    return link.address("entrance:invitation")
