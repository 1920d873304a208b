"""In a real browser: the gallery in both themes and widths, and what the modules do for somebody who writes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect

from rapport.web.components.gallery.views import FRAMES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.journey, pytest.mark.urls("tests.web.components.gallery_urls")]

ADDRESSES = ["/gallery/", *(f"/gallery/{frame}/" for frame in FRAMES)]
WIDTHS = [360, 800, 1440]


@pytest.fixture(params=["light", "dark"])
def themed(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(color_scheme=request.param, reduced_motion="reduce", locale="en-GB")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("address", ADDRESSES)
def test_nobody_is_shut_out(themed: Page, live_server: LiveServer, address: str) -> None:
    """Given either theme, when a page is open at any width, then axe finds nothing and nothing sticks out."""
    from axe_playwright_python.sync_playwright import Axe

    troubles: list[str] = []
    strangers: list[str] = []
    themed.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    themed.on("pageerror", lambda error: troubles.append(str(error)))
    themed.on("request", lambda asked: None if asked.url.startswith(live_server.url) else strangers.append(asked.url))
    for width in WIDTHS:
        themed.set_viewport_size({"width": width, "height": 900})
        themed.goto(live_server.url + address)
        assert themed.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(themed)
        assert found.violations_count == 0, found.generate_report()
    assert not troubles
    assert not strangers


def test_letters_in_a_picture_keep_their_size(page: Page, live_server: LiveServer) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(live_server.url + "/gallery/")
        heights = page.evaluate(
            "[...document.querySelectorAll('.trend-picture text')].filter(t => t.checkVisibility())"
            ".map(t => parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a)"
        )
        assert heights
        assert min(heights) >= 12


def test_labels_of_a_picture_do_not_touch_on_screen(page: Page, live_server: LiveServer) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(live_server.url + "/gallery/")
        touching = page.evaluate(
            """() => [...document.querySelectorAll('.trend-picture')].filter(p => p.checkVisibility()).flatMap(p => {
                 const boxes = [...p.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]);
                 const meet = (a, b) => a.left < b.right && b.left < a.right
                   && a.top + 3 < b.bottom && b.top + 3 < a.bottom;
                 return boxes.flatMap(([a, x], i) =>
                   boxes.slice(i + 1).filter(([, y]) => meet(x, y)).map(([b]) => [a, b]));
               })"""
        )
        assert touching == []


def test_what_stands_behind_a_number_opens_without_script(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(live_server.url + "/gallery/")
    plain.locator(".about-number").nth(1).click()
    assert plain.locator(".number-card").nth(1).is_visible()
    assert "Not yet verified" in plain.locator(".number-card").nth(1).inner_text()
    plain.locator("a[data-opens=end-session]").click()
    assert plain.locator("#end-session").is_visible()
    context.close()


def test_a_dialog_opens_and_closes(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url + "/gallery/")
    page.click("a[data-opens=end-session]")
    assert page.locator("#end-session").evaluate("dialog => dialog.matches(':modal')")
    page.keyboard.press("Escape")
    assert not page.locator("#end-session").is_visible()


class Keeper:
    """The server's side of autosave, answering as told."""

    def __init__(self, page: Page, answers: list[tuple[int, dict[str, Any]]]) -> None:
        self.heard: list[dict[str, str]] = []
        self.answers = answers
        page.route("**/gallery/kept/", self.answer)

    def answer(self, route: Route) -> None:
        said = parse_qs(route.request.post_data or "", keep_blank_values=True)
        self.heard.append({name: values[0] for name, values in said.items()})
        status, words = self.answers[min(len(self.heard), len(self.answers)) - 1]
        route.fulfill(status=status, json=words)


BOX = "form[data-autosave] textarea"
STATE = "[data-saved-state]"


def test_typing_is_kept_within_five_seconds(page: Page, live_server: LiveServer) -> None:
    """Given a clock in our hands, when somebody types without pause, then each five seconds something is sent."""
    page.clock.install(time=datetime(2026, 3, 2, 9, tzinfo=UTC))
    keeper = Keeper(page, [(200, {"version": 4, "words": "Saved 10:33"})])
    page.goto(live_server.url + "/gallery/")
    page.clock.pause_at(datetime(2026, 3, 2, 10, tzinfo=UTC))  # from here on time passes only when we say so
    page.fill(BOX, "first words")
    page.clock.run_for(3_900)
    assert keeper.heard == []
    with page.expect_response("**/kept/"):
        page.clock.run_for(200)
    expect(page.locator(STATE)).to_have_text("Saved 10:33")
    assert keeper.heard[0]["text"] == "first words"
    assert keeper.heard[0]["version"] == "3"
    with page.expect_response("**/kept/"):
        page.fill(BOX, "more words")
        page.locator(BOX).blur()
    assert [heard["client_seq"] for heard in keeper.heard] == ["1", "2"]
    assert keeper.heard[1]["version"] == "4"
    assert len({heard["client_tab"] for heard in keeper.heard}) == 1


def test_signed_out_keeps_the_text_and_goes_on_after_sign_in(page: Page, live_server: LiveServer) -> None:
    keeper = Keeper(page, [(401, {}), (200, {"version": 4, "words": "Saved 10:34"})])
    page.goto(live_server.url + "/gallery/")
    with page.expect_response("**/kept/"):
        page.fill(BOX, "must not be lost")
        page.locator(BOX).blur()
    page.locator("[data-signed-out]").wait_for(state="visible")
    assert page.input_value(BOX) == "must not be lost"
    with page.expect_response("**/kept/"):
        page.click("[data-send-again]")
    page.locator("[data-signed-out]").wait_for(state="hidden")
    assert keeper.heard[-1]["text"] == "must not be lost"
    assert "must not" not in page.evaluate("JSON.stringify([localStorage, sessionStorage])")


def test_two_texts_are_both_shown(page: Page, live_server: LiveServer) -> None:
    keeper = Keeper(page, [(409, {"version": 9, "theirs": {"text": "from the phone"}}), (200, {"version": 10})])
    page.goto(live_server.url + "/gallery/")
    page.fill(BOX, "from the desk")
    page.locator(BOX).blur()
    page.locator("[data-both-texts]").wait_for(state="visible")
    assert page.inner_text("[data-mine]") == "from the desk"
    assert page.inner_text("[data-theirs]") == "from the phone"
    page.keyboard.press("Escape")
    assert page.locator("[data-both-texts]").is_visible()
    with page.expect_response("**/kept/"):
        page.click("[data-keep=both]")
    assert keeper.heard[-1]["text"].replace("\r", "") == "from the phone\n\nfrom the desk"
    assert keeper.heard[-1]["version"] == "9"


def test_a_broken_line_is_said_and_tried_again(page: Page, live_server: LiveServer) -> None:
    page.clock.install()
    keeper = Keeper(page, [(500, {}), (200, {"version": 4, "words": "Saved 10:35"})])
    page.goto(live_server.url + "/gallery/")
    with page.expect_response("**/kept/"):
        page.fill(BOX, "still here")
        page.locator(BOX).blur()
    expect(page.locator(STATE)).to_contain_class("failed")
    with page.expect_response("**/kept/"):
        page.clock.run_for(8_100)
    expect(page.locator(STATE)).to_have_text("Saved 10:35")
    assert keeper.heard[-1]["text"] == "still here"


def test_the_room_counts_minutes_from_the_server_s_moment(page: Page, live_server: LiveServer) -> None:
    page.clock.install()
    page.goto(live_server.url + "/gallery/room/")
    assert page.inner_text("[data-elapsed]") == "37"
    page.clock.run_for(9 * 60_000)
    assert page.inner_text("[data-elapsed]") == "46"
    assert page.inner_text("[data-remaining]") == "4"
    assert page.locator("[data-room].five_left").count() == 1
    page.clock.run_for(5 * 60_000)
    assert page.locator("[data-room].over").count() == 1


def test_leaving_quickly_leaves_no_way_back(page: Page, live_server: LiveServer) -> None:
    page.route("https://www.wikipedia.org/", lambda route: route.fulfill(body="somewhere else"))
    page.goto(live_server.url + "/gallery/plain/")
    page.goto(live_server.url + "/gallery/portal/")
    page.click("[data-leave]")
    page.wait_for_url("https://www.wikipedia.org/")
    page.go_back()
    assert page.url.endswith("/gallery/plain/")


def test_numbers_to_call_are_printed(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url + "/gallery/")
    page.emulate_media(media="print")
    numbers = page.locator(".button.contact")
    assert numbers.count()
    assert all(number.is_visible() for number in numbers.all())
    assert not page.locator(".button:not(.contact)").first.is_visible()
