"""Somebody comes into the room: the page is gone at once, and stands in the history no more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from django.test import Client as Visitor
from tests.factories.organisation import a_practice

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page
    from pytest_django import Settings
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.journey

ELSEWHERE = "https://www.wikipedia.org/"
HELP = "/help-now/"


@pytest.fixture
def house(live_server: LiveServer, settings: Settings) -> str:
    settings.INSTALLATION = replace(settings.INSTALLATION, origin=live_server.url)
    a_practice()
    return str(live_server.url)


def opened(browser: Browser, *, scripts: bool = True) -> tuple[BrowserContext, Page]:
    """A telephone on which the neutral page is a stand-in: tests reach no other machine."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=scripts)
    context.route(
        ELSEWHERE + "**", lambda route: route.fulfill(content_type="text/html", body="<h1>Encyclopaedia</h1>")
    )
    return context, context.new_page()


def arrives(page: Page) -> None:
    page.wait_for_url(ELSEWHERE)
    page.get_by_text("Encyclopaedia").wait_for()


def test_one_tap_takes_the_page_out_of_the_history(house: str, browser: Browser) -> None:
    context, page = opened(browser)
    page.goto("about:blank")
    page.goto(house + "/sign-in/")
    page.goto(house + HELP)
    before = page.evaluate("history.length")
    page.get_by_role("link", name="Leave quickly").click()
    arrives(page)
    # The neutral page took the place of the help page: nothing was added, and "Back" leads to what was before it.
    assert page.evaluate("history.length") == before
    page.go_back()
    assert page.url == house + "/sign-in/"
    context.close()


def test_escape_three_times_does_the_same_and_once_does_nothing(house: str, browser: Browser) -> None:
    context, page = opened(browser)
    page.goto(house + HELP)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert page.url == house + HELP
    page.keyboard.press("Escape")
    arrives(page)
    context.close()


def test_without_scripts_it_is_a_link(house: str, browser: Browser) -> None:
    context, page = opened(browser, scripts=False)
    page.goto(house + HELP)
    page.get_by_role("link", name="Leave quickly").click()
    arrives(page)
    context.close()


def test_the_neutral_page_does_not_learn_where_somebody_came_from(house: str) -> None:
    answer = Visitor().get(HELP)
    assert 'rel="noreferrer"' in answer.content.decode()
    assert answer.headers["Referrer-Policy"] == "same-origin"
