"""A safety plan on a telephone without a network: kept because its owner asked, gone when they say so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_therapist, client_account
from tests.journeys.calendar import Calendar
from tests.journeys.doors import is_signed_in
from tests.journeys.windows import Window

from rapport.practice.safety.actions import withdraw_plan_links, write_safety_plan
from rapport.practice.safety.choices import PlanEntry, SafetyPlanStep
from rapport.practice.security.policy.actor import Actor

pytestmark = pytest.mark.journey

WORDS = "I sit by the canal until it passes"
GONE = "caches.keys().then(found => found.length === 0)"
ALSO_OFFLINE = "It also opens when there is no network."


@pytest.fixture
def course(calendar: Calendar) -> Course:
    a_practice()
    return a_course(a_therapist())


@pytest.fixture
def amina(course: Course, calendar: Calendar) -> Actor:
    client = client_account(course, "Amina Bakari")
    steps = {SafetyPlanStep.THINGS_I_CAN_DO_ALONE: (PlanEntry(WORDS),)}
    write_safety_plan(actor=client, at=calendar.now(), client_id=course.client, steps=steps, based_on=0)
    return client


@pytest.fixture
def phone(amina: Actor, window: Callable[..., Window], calendar: Calendar) -> Window:
    return is_signed_in(window(telephone=True), amina, calendar)


def without_network(phone: Window, path: str) -> str:
    """What the telephone shows at an address when nothing reaches the house; nothing where nothing is kept."""
    page = phone.page.context.new_page()
    phone.page.context.set_offline(True)
    try:
        page.goto(phone.findings.home + path)
        return page.locator("main").inner_text()
    except Exception as error:  # Playwright has one error for every way in which a page does not come
        # A worker that is just being taken off still answers, with a failure of its own.
        assert "ERR_INTERNET_DISCONNECTED" in str(error) or "ERR_FAILED" in str(error), str(error)
        return ""
    finally:
        phone.page.context.set_offline(False)
        page.close()


def kept(phone: Window) -> list[str]:
    found: list[str] = phone.page.evaluate("caches.keys()")
    return found


def test_the_plan_opens_without_a_network_until_it_is_taken_off(phone: Window) -> None:
    # Given a client who has not asked for anything: nothing is kept
    phone.opens("/portal/plan/")
    assert kept(phone) == []
    assert without_network(phone, "/plan/") == ""
    # When she keeps it, having read who can open it then
    phone.sees("Whoever opens this phone can read it.")
    phone.presses("Keep it, also when I sign out")
    phone.sees(ALSO_OFFLINE)
    # Then the plan and the numbers to call open without a network, from wherever she begins
    for path in ("/plan/", "/portal/plan/", "/portal/", "/"):
        assert WORDS in without_network(phone, path), path
    for path in ("/help-now/", "/portal/help/"):
        assert "999" in without_network(phone, path), path
    # And nothing else was kept
    stored = phone.page.evaluate(
        "caches.open('plan').then(shelf => shelf.keys()).then(keys => keys.map(key => new URL(key.url).pathname))"
    )
    assert {path for path in stored if not path.startswith("/static/")} == {"/plan/", "/help-now/", "/plan/kept/"}
    assert without_network(phone, "/portal/goals/") == ""
    # And she turns it off: nothing is there any more
    phone.opens("/portal/plan/")
    phone.presses("Take it off this phone")
    phone.sees("Keep it until I sign out")
    phone.comes_true(GONE)
    assert without_network(phone, "/plan/") == ""
    assert without_network(phone, "/help-now/") == ""


def test_signing_out_takes_it_along_if_she_chose_so(phone: Window) -> None:
    phone.opens("/portal/plan/")
    phone.presses("Keep it until I sign out")
    phone.sees(ALSO_OFFLINE)
    phone.sees("It goes when I sign out.")
    assert WORDS in without_network(phone, "/plan/")
    phone.presses("Sign out")
    phone.comes_true(GONE)
    assert without_network(phone, "/plan/") == ""
    assert phone.page.goto(phone.findings.home + "/plan/").status == 404


def test_signing_out_leaves_it_if_she_chose_so(phone: Window) -> None:
    phone.opens("/portal/plan/")
    phone.presses("Keep it, also when I sign out")
    phone.sees(ALSO_OFFLINE)
    phone.presses("Sign out")
    assert kept(phone) == ["plan"]
    assert WORDS in without_network(phone, "/plan/")


def test_an_ended_link_takes_it_off_at_the_next_contact(phone: Window, amina: Actor, course: Course) -> None:
    # Given a plan kept on a telephone that was then lost
    phone.opens("/portal/plan/")
    phone.presses("Keep it, also when I sign out")
    phone.sees(ALSO_OFFLINE)
    # When all links are ended from elsewhere
    withdraw_plan_links(actor=amina, at=AT + timedelta(hours=1), client_id=course.client)
    # Then the copy goes as soon as the telephone reaches the house, whichever page is opened
    phone.opens("/portal/goals/")
    phone.comes_true(GONE)
    assert without_network(phone, "/plan/") == ""


def test_a_new_version_reaches_the_copy(phone: Window, amina: Actor, course: Course, calendar: Calendar) -> None:
    phone.opens("/portal/plan/")
    phone.presses("Keep it, also when I sign out")
    phone.sees(ALSO_OFFLINE)
    steps = {SafetyPlanStep.THINGS_I_CAN_DO_ALONE: (PlanEntry("I ring my brother"),)}
    write_safety_plan(actor=amina, at=calendar.now(), client_id=course.client, steps=steps, based_on=1)
    phone.opens("/portal/goals/")
    phone.comes_true(
        "caches.match('/plan/').then(kept => kept.text()).then(words => words.includes('I ring my brother'))"
    )
    assert "I ring my brother" in without_network(phone, "/plan/")
