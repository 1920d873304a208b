"""An hour in a browser: a card read without scrolling, marks by key, the connection away, the screen off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from tests.factories.organisation import a_practice
from tests.factories.outcomes import totals
from tests.factories.people import Course, a_course, a_therapist
from tests.factories.room import a_mark, a_thread
from tests.factories.sessions import a_held_hour, a_note, an_hour
from tests.journeys.calendar import Calendar
from tests.journeys.doors import is_signed_in
from tests.journeys.windows import Window

from rapport.practice.episodes.queries import episode
from rapport.practice.sessions import actions, queries

pytestmark = pytest.mark.journey

MINUTE, WEEK = timedelta(minutes=1), timedelta(weeks=1)


@pytest.fixture
def course(calendar: Calendar) -> Course:
    a_practice()
    return a_course(a_therapist())


@pytest.fixture
def hour(course: Course, calendar: Calendar) -> UUID:
    """An hour that is about to begin, after one in which much was said at the door."""
    now = calendar.now()
    held = a_held_hour(course, now + 2 * WEEK)
    at = now + 2 * WEEK + 55 * MINUTE
    a_note(course, held, "We looked at the week, and at what she expects of herself. " * 30, at=at)
    a_mark(course, held, at, minute=48, words="It may be that I move away")
    actions.remember(actor=course.therapist, at=at, session_id=held, words="Ask how the birthday went")
    for n in range(7):
        a_thread(course, f"A thread with a long name that goes on and on, number {n}" * 2, at)
    totals(course, "phq9", 17, 15, 12, first=now.date(), at=at + WEEK)
    totals(course, "gad7", 12, 13, 9, first=now.date(), at=at + WEEK)
    session = an_hour(course, now + 3 * WEEK)
    calendar.turns_to(now + 3 * WEEK)
    return session


@pytest.fixture
def desk(course: Course, hour: UUID, window: Callable[..., Window], calendar: Calendar) -> Window:
    return is_signed_in(window(), course.therapist, calendar)


def test_the_card_is_one_screen(desk: Window, hour: UUID) -> None:
    # Given all there can be, when the therapist opens the card on an ordinary screen
    desk.opens(f"/desk/sessions/{hour}/prep/")
    # Then nothing needs to be scrolled
    assert desk.page.evaluate("document.documentElement.scrollHeight") <= 900
    desk.sees("Ask how the birthday went")
    desk.sees("It may be that I move away")
    desk.looks()


def test_nothing_needs_to_be_typed(desk: Window, course: Course, hour: UUID, calendar: Calendar) -> None:
    page = desk.page
    # Given an hour that has begun
    desk.opens(f"/desk/room/{hour}/").presses("Start")
    desk.sees("minutes together")
    # When a key is pressed, the connection goes away, another is pressed, and the connection comes back
    page.keyboard.press("i")
    page.locator("#trail li").nth(0).wait_for()
    page.context.set_offline(True)
    page.keyboard.press("f")
    desk.sees("The connection is away.")
    page.context.set_offline(False)
    page.locator("#trail li").nth(1).wait_for()
    # Then both are kept, once, and nobody is told otherwise any more
    assert not desk.has("The connection is away.")
    assert page.locator("#trail li").count() == 2
    # When the last is taken back, and a letter is typed into a field
    page.keyboard.press("z")
    page.locator("#trail li").nth(1).wait_for(state="detached")
    page.locator("#thread-title").press_sequentially("sister")
    page.locator("#thread-title").press("Enter")
    page.locator("#threads", has_text="sister").wait_for()
    # Then the letters were no marks
    kept = queries.board(viewer=course.therapist, at=calendar.now(), session_id=hour)
    assert [mark.kind for mark in kept.marks] == ["important"]
    assert "sister" in [thread.title for thread in kept.threads]
    desk.looks()
    # When the screen goes off, then nobody's name is on it, and keys still work
    desk.follows("Screen off")
    assert not desk.has(course_name(course, calendar))
    with page.expect_response("**/mark/"):
        page.keyboard.press("d")
    kept = queries.board(viewer=course.therapist, at=calendar.now(), session_id=hour)
    assert [mark.kind for mark in kept.marks] == ["important", "dream"]


def course_name(course: Course, calendar: Calendar) -> str:
    return episode(viewer=course.therapist, at=calendar.now(), episode_id=course.episode).client_name
