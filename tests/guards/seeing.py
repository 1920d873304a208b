"""A real browser that is shown the pages of a world, and what it notices on them.

The house answers first, outside the browser; the window then gets that answer with all its headers. So the world can be
one that is taken back afterwards, and no server is needed. The browser has a thread of its own: Playwright's event loop
would make Django take the test for asynchronous code and open another connection, outside the world.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from playwright.sync_api import Error, sync_playwright
from tests.conftest import CHROMIUM_FLAGS
from tests.guards.visits import Answer

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, Page, Route

HOME = "http://localhost"  # a browser trusts it without TLS
ELEMENTS = "x-owned, [x-owned], [onx], [onerror], [onload], [onfocus], iframe, object, embed, base, math, marquee"
# What markup in somebody's words would leave behind in a page, whether or not it ran.
LEFT_BEHIND = """(elements) => [
  ...(window.owned ? ["a script ran"] : []),
  ...[...document.querySelectorAll(elements)].map(found => found.outerHTML.slice(0, 90)),
  ...[...document.querySelectorAll("[href], [action], [formaction], [src]")]
    .flatMap(found => ["href", "action", "formaction", "src"].map(name => found.getAttribute(name)))
    .filter(address => /^\\s*(javascript|data:text|vbscript)|evil\\.example/i.test(address ?? "")),
]"""
UNFOLD = "() => document.querySelectorAll('details').forEach(one => one.open = true)"


@dataclass
class Sight:
    """One window, and whatever was wrong on the pages it was shown."""

    page: Page
    wrong: list[str] = field(default_factory=list)
    words: str = ""
    _shown: tuple[str, Answer] | None = None

    def is_shown(self, path: str, answer: Answer) -> None:
        """Show a page, everything unfolded."""
        self._shown = (HOME + path, answer)
        try:
            self.page.goto(HOME + path)
            self.page.evaluate(UNFOLD)
            left = self.page.evaluate(LEFT_BEHIND, ELEMENTS)
            self.words += self.page.inner_text("body")
        except Error as problem:
            left = [f"went elsewhere by itself ({problem.message[:80]})"]
        self.wrong += [f"{path}: {found}" for found in left]

    def answer(self, route: Route) -> None:
        """The page, its style and its scripts; whatever else a page asks for by itself, it does not get."""
        url = route.request.url
        if not url.startswith((f"{HOME}/", "data:", "blob:")):
            self.wrong.append(f"{urlsplit(self.page.url).path}: left the house for {url}")
        if self._shown and url == self._shown[0] and route.request.is_navigation_request():
            answer = self._shown[1]
            headers = {name: value for name, value in answer.headers.items() if name != "Set-Cookie"}
            route.fulfill(status=answer.status, headers=headers, body=answer.body)
            return
        wanted = url.startswith(f"{HOME}/static/") and route.request.resource_type in ("script", "stylesheet")
        file = finders.find(urlsplit(url).path.removeprefix("/static/")) if wanted else None
        if file:
            kind = mimetypes.guess_type(str(file))[0] or "application/octet-stream"
            route.fulfill(body=Path(file).read_bytes(), content_type=kind)
        else:
            route.abort()

    def watch(self) -> None:
        """Keep what the browser complains of: a policy that had to step in means that markup came through."""
        self.page.on("dialog", self._asked)
        self.page.on("pageerror", lambda error: self.wrong.append(f"{urlsplit(self.page.url).path}: {error}"))
        self.page.on("console", lambda said: self._heard(said.type, said.text))

    def _asked(self, dialog: Dialog) -> None:
        self.wrong.append(f"{urlsplit(self.page.url).path}: a dialog")
        dialog.dismiss()

    def _heard(self, kind: str, text: str) -> None:
        if kind == "error" and not text.startswith("Failed to load resource"):
            self.wrong.append(f"{urlsplit(self.page.url).path}: {text[:160]}")


def looked_at(chromium: str, pages: Mapping[str, Answer]) -> Sight:
    """Show some pages, by their paths, in one window."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(_look, chromium, pages).result()


def _look(chromium: str, pages: Mapping[str, Answer]) -> Sight:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        context = running.new_context(service_workers="block", reduced_motion="reduce")
        sight = Sight(context.new_page())
        sight.watch()
        context.route("**/*", sight.answer)
        for path, answer in pages.items():
            sight.is_shown(path, answer)
        running.close()
    return sight
