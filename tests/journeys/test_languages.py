"""In a real browser: every page of a client, 40 % longer and from right to left, on a telephone. Nothing sticks out.

Some also in German, whose words are longer in one piece; with RAPPORT_TEST_PICTURES it keeps pictures of these.
"""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from tests.factories.world import NOW, World, a_world
from tests.guards.addresses import addresses
from tests.languages.pseudo import FROM_THE_RIGHT, LONGER, spoken_here

from rapport.practice.foundation import clock
from rapport.practice.security.accounts.actions import open_sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.journey
TELEPHONE, DESK = 360, 1440
PICTURES = os.environ.get("RAPPORT_TEST_PICTURES")
FEWEST = 40
SHOWN = {
    f"portal:{name}" for name in ("home", "me", "my_language", "question", "agreement", "course", "plan", "consents")
}
# What is seen, or could be scrolled to, beyond an edge while the menu is open.
# What only a screen reader has may lie there.
STICKS_OUT = """width => {
  document.querySelectorAll("details.menu").forEach(menu => { menu.open = true; });
  const inside = node => node && (getComputedStyle(node).overflowX !== "visible" || inside(node.parentElement));
  const found = [...document.body.querySelectorAll("*")].filter(node => {
    const box = node.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && (box.left < -1 || box.right > width + 1) && !inside(node.parentElement)
      && !node.closest("svg, dialog:not([open]), details:not([open]) > :not(summary)")
      && getComputedStyle(node).visibility === "visible";
  }).map(node => `${node.tagName}.${node.className}: ${node.textContent.trim().slice(0, 40)}`);
  if (document.documentElement.scrollWidth > width) found.unshift("the page");
  document.querySelectorAll("details.menu").forEach(menu => { menu.open = false; });
  return found;
}"""


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, live_server: LiveServer) -> World:
    """It stays Monday morning, in English words."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return a_world()


def a_telephone_of(world: World, browser: Browser, server: LiveServer, locale: str) -> BrowserContext:
    client = world.own.account
    assert client is not None
    token = open_sign_in(actor=client, at=NOW, account_id=client.account, second_factor="")
    context = browser.new_context(viewport={"width": TELEPHONE, "height": 740}, reduced_motion="reduce", locale=locale)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": token, "url": server.url}])
    return context


def pages_of(world: World, context: BrowserContext, server: LiveServer) -> dict[str, str]:
    """The client's addresses that answer with a page."""
    found = {}
    for address in addresses():
        if address.name.startswith(("portal:", "entrance:")) and not address.personal:
            answer = context.request.get(path := server.url + address.of(world.own), max_redirects=0)
            if answer.status == 200 and answer.headers["content-type"].startswith("text/html"):
                found[address.name] = path
    return found


def keep_picture(page: Page, name: str, language: str) -> None:
    for width in (TELEPHONE, DESK):
        page.set_viewport_size({"width": width, "height": 740})
        page.screenshot(path=Path(str(PICTURES)) / f"{language}-{name.replace(':', '-')}-{width}.png", full_page=True)
    page.set_viewport_size({"width": TELEPHONE, "height": 740})


def test_nothing_sticks_out_however_long_the_words_and_from_whichever_side(
    world: World, browser: Browser, live_server: LiveServer, tmp_path: Path
) -> None:
    wrong: dict[str, Any] = {}
    languages: dict[str, AbstractContextManager[None]] = {
        **{each: spoken_here(tmp_path / each, each) for each in (LONGER, FROM_THE_RIGHT)},
        "de": nullcontext(),
    }
    for language, spoken in languages.items():
        with spoken, a_telephone_of(world, browser, live_server, locale=language) as context:
            page, side = context.new_page(), "rtl" if language == FROM_THE_RIGHT else "ltr"
            pages = pages_of(world, context, live_server)
            assert len(pages) >= FEWEST
            for name, path in pages.items():
                if language == "de" and name not in SHOWN:
                    continue
                page.goto(path)
                assert page.evaluate("[document.documentElement.lang, document.dir]") == [language, side]
                if found := page.evaluate(STICKS_OUT, TELEPHONE):
                    wrong[f"{language} {name}"] = found[:4]
                if PICTURES and name in SHOWN:
                    keep_picture(page, name, language)
            # The control: words of one piece, wider than the telephone, would be seen.
            page.evaluate("document.querySelector('h1').style.inlineSize = '400px'")
            assert page.evaluate(STICKS_OUT, TELEPHONE), "the harness sees nothing"
    assert not wrong, "\n".join(f"{where}: {found}" for where, found in wrong.items())
