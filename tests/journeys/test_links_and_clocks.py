"""In a real browser: links that are old, used or stolen; two windows; a trembling hand; the night the clocks change."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from tests.factories.accounts import PASSWORD, with_password
from tests.factories.clients import reachable
from tests.factories.exercises import a_task
from tests.factories.mailbox import MailServer
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_therapist, client_account
from tests.factories.sessions import MINUTE, an_hour
from tests.journeys.calendar import Calendar
from tests.journeys.doors import is_signed_in
from tests.journeys.windows import Window

from rapport.practice.post.tasks import deliver_due
from rapport.practice.security.policy.actor import SYSTEM
from rapport.practice.sessions import queries
from rapport.practice.sessions.actions import move_session

pytestmark = pytest.mark.journey

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
DEAD = "This link was used already, or its time is over."


@pytest.fixture
def course(calendar: Calendar) -> Course:
    a_practice()
    therapist = a_therapist()
    with_password(therapist)
    return reachable(a_course(therapist))


@pytest.fixture
def desk(course: Course, window: Callable[..., Window], calendar: Calendar) -> Window:
    return is_signed_in(window(), course.therapist, calendar)


def link_for(day: str, post: MailServer) -> str:
    """The link in the mail about the hour on this day."""
    (words,) = (body for body in post.bodies() if day in body)
    found = re.search(r"https?://\S+/a/[\w-]+/", words)
    assert found
    return found.group()


def test_a_link_answers_once_for_its_own_hour(
    course: Course, window: Callable[..., Window], calendar: Calendar, post: MailServer
) -> None:
    # Given three hours of Jonas, each with a link in its mail
    now = calendar.now()
    hours = [an_hour(course, now + 3 * DAY), an_hour(course, now + 4 * DAY), an_hour(course, now + 2 * HOUR)]
    deliver_due(actor=SYSTEM, at=now)
    used, moved, late = (link_for(day, post) for day in ("Thursday 5 March", "Friday 6 March", "Monday 2 March"))

    # When he has used the first, the second hour has moved, and the third is past
    window(telephone=True).opens(used).presses_twice("I am coming").sees("We know that you are coming.")
    move_session(
        actor=course.therapist, at=now, session_id=hours[1], start=now + 5 * DAY, end=now + 5 * DAY + 50 * MINUTE
    )
    deliver_due(actor=SYSTEM, at=now)
    fresh = link_for("Saturday 7 March", post)
    calendar.moves_on(hours=3)

    # Then whoever stole one finds nothing behind it, the same each time, and no way further in
    thief = window(telephone=True)
    guessed = used[:-6] + "abcde/"
    words = {thief.opens(link).page.locator("body").inner_text() for link in (used, moved, late, guessed)}
    assert len(words) == 1
    assert DEAD in words.pop()
    assert thief.opens("/portal/").path == "/sign-in/"
    assert [each.state for each in known(course, calendar)] == ["planned"] * 3

    # And the link of the hour where it stands now answers, though only for that hour
    thief.opens(fresh).sees("Saturday 7 March, 09:00")
    thief.unfolds("I cannot come").presses("Cancel this appointment")
    thief.sees("It is cancelled")
    assert sorted(each.state for each in known(course, calendar)) == ["cancelled", "planned", "planned"]


def known(course: Course, calendar: Calendar) -> list[queries.SessionFacts]:
    return list(queries.sessions_of(viewer=course.therapist, at=calendar.now(), episode_id=course.episode))


def test_two_windows_of_one_hour(desk: Window, course: Course, calendar: Calendar) -> None:
    # Given the room of a running hour in two windows
    room = f"/desk/room/{an_hour(course)}/"
    here = desk.opens(room).presses_twice("Start")
    there = here.beside().opens(room)

    # When something is put on the agenda in each, the last of it twice pressed
    adds(here, "agenda", "The letter")
    adds(there, "agenda", "The move")
    adds(there, "threads", "His father")

    # Then both windows have all of it, once
    for each in (here, there):
        each.opens(room)
        assert each.page.locator("#agenda ol > li").count() == 2
        assert each.page.locator("#threads ul > li").count() == 1

    # When one window leaves out what the other still shows, and the other ticks it
    here.page.locator("#agenda li", has_text="The letter").get_by_role("button", name="Leave it out").click()
    here.page.locator("#agenda li", has_text="The letter").wait_for(state="detached")
    there.page.locator("#agenda li", has_text="The letter").get_by_role("button", name="We came to it").click()

    # Then it is told so, and what it has besides stays
    there.page.locator("#agenda [role=alert]").wait_for()
    there.page.locator("#agenda li", has_text="The move").wait_for()
    assert not there.page.locator("#agenda li", has_text="The letter").count()


def adds(window: Window, panel: str, words: str) -> None:
    field = window.page.locator(f"#{panel} .adding input[type=text]")
    field.fill(words)
    window.page.locator(f"#{panel} .adding button").dblclick()
    window.page.locator(f"#{panel} li", has_text=words).first.wait_for()


def test_two_windows_of_one_task(
    desk: Window, course: Course, window: Callable[..., Window], calendar: Calendar
) -> None:
    # Given a task, open in two windows of the therapist and two of the client
    task = a_task(course)
    phone = is_signed_in(window(telephone=True), client_account(course), calendar).opens("/portal/tasks/")
    other = phone.beside().opens("/portal/tasks/")

    # When the client says two different things, then the last word counts
    phone.presses("I did it")
    other.presses("I did part of it")
    desk.opens(f"/desk/tasks/{task}/").sees("partly")

    # When it is looked at together in one window, the other one is told, and the client cannot change it any more
    late = desk.beside().opens(f"/desk/tasks/{task}/")
    desk.writes(learned="One stop at a time").presses("We looked at it").sees("Looked at together")
    late.writes(learned="Something else").presses("We looked at it")
    late.sees("This task was looked at together already.")
    late.sees("Something else")
    late.sees("One stop at a time")
    phone.opens(f"/portal/tasks/{task}/").sees("One stop at a time")
    assert not phone.has("It was another way")


def test_the_clocks_change_in_the_middle_of_an_hour(
    course: Course, window: Callable[..., Window], calendar: Calendar
) -> None:
    # Given a call in the night of the last Sunday of March, half an hour before one becomes two
    start = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    hour = an_hour(course, start)
    calendar.turns_to(start)
    desk = is_signed_in(window(), course.therapist, calendar)
    desk.opens(f"/desk/room/{hour}/").presses("Start")

    # When forty minutes have passed, then forty are shown, though the wall says two hours more
    calendar.moves_on(minutes=40)
    desk.opens(f"/desk/room/{hour}/")
    assert desk.page.locator("[data-elapsed]").inner_text() == "40"
    assert desk.page.locator("[data-remaining]").inner_text() == "10"
    desk.page.keyboard.press("i")
    desk.page.locator("#trail > ol > li", has_text="40′").wait_for()
    calendar.moves_on(minutes=10)
    desk.unfolds("End the session").presses("End it now")
    desk.sees("You were together from 00:30 to 02:20.")
    facts = queries.session(viewer=course.therapist, at=calendar.now(), session_id=hour)
    assert facts.started_at and facts.ended_at
    assert (facts.ended_at - facts.started_at) // MINUTE == 50


def test_a_tablet_in_the_client_s_hands(desk: Window, course: Course, calendar: Calendar) -> None:
    # Given an hour that runs, and a tablet handed over at its end
    hour = an_hour(course)
    desk.opens(f"/desk/room/{hour}/").presses("Start")
    calendar.moves_on(minutes=44)
    desk.opens(f"/desk/room/{hour}/closing/").presses("Hand over this device")

    # When the client takes a quarter of an hour over it, the questions stay open and nothing else does
    calendar.moves_on(minutes=16)
    desk.taps("6")
    behind = desk.beside()
    behind.opens("/desk/").sees("Locked, not ended")

    # When nobody has come back for an hour, the questions are locked as well, and nothing pretends to be kept
    calendar.moves_on(hours=1)
    desk.taps("9")
    desk.sees("Locked, not ended")
    desk.writes(password=PASSWORD).presses("Unlock")
    desk.opens(f"/desk/room/{hour}/closing/")
    said = desk.page.locator("dl.said-values").inner_text()
    assert "6" in said
    assert "9" not in said


def test_a_trembling_hand_books_once(desk: Window, course: Course, calendar: Calendar) -> None:
    desk.opens("/desk/diary/book/").chooses(episode=str(course.episode)).writes(
        day=str((AT + DAY).date()), start="11:00"
    )
    desk.presses_twice("Book").sees("Booked.")
    assert len(known(course, calendar)) == 1
