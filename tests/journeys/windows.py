"""A browser window of one person. Each kind of page is examined once: light and wide, dark and narrow."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.urls import resolve

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Locator, Page, Request

LOOKS: tuple[tuple[Any, int], ...] = (("light", 1440), ("dark", 360))
PATIENCE = 15_000
FARTHEST = 60
ASKING = """async () => {
  for (let tries = 300; tries; tries--) {
    if (await (%s)) return true;
    await new Promise(again => setTimeout(again, 50));
  }
  return false;
}"""
RULES = {"resultTypes": ["violations"]}
NO_FAULT = tuple(
    f"Failed to load resource: {why}" for why in ("the server responded", "net::ERR_INTERNET_DISCONNECTED")
)
AXE = Axe()


@dataclass
class Findings:
    """What was seen in all windows of a journey."""

    home: str
    pages: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Whatever the browser complains of, and whoever it calls, is kept."""
        page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        page.on("console", self._complained)
        page.on("request", self._asked)

    def _complained(self, message: ConsoleMessage) -> None:
        # A refused form answers 422 and a dead link 410, of which the browser tells its console; and a journey may
        # take the connection away. That is no fault.
        if message.type == "error" and not message.text.startswith(NO_FAULT):
            self.wrong.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.home, "data:", "blob:")):
            self.wrong.append(f"left the house: {request.url}")


class Window:
    """What a person does with a page, and what is so on every page."""

    def __init__(self, page: Page, findings: Findings, *, scripts: bool = True) -> None:
        self.page, self.findings, self.scripts = page, findings, scripts
        page.set_default_timeout(PATIENCE)
        findings.watch(page)

    def beside(self) -> Window:
        """A second window of the same person."""
        return Window(self.page.context.new_page(), self.findings)

    def tabs_to(self, name: str) -> Window:
        """With the keyboard alone: forward until the thing of that name has the focus."""
        exactly, labelled = re.compile(rf"^\s*{re.escape(name)}\s*$"), self.page.get_by_label(name, exact=True)
        for _step in range(FARTHEST):
            self.page.keyboard.press("Tab")
            focused = self.page.locator(":focus-visible")
            if focused.filter(has_text=exactly).or_(focused.and_(labelled)).count():
                return self
        raise AssertionError(f"{name} cannot be reached with the keyboard on {self.path}")

    def enters(self) -> Window:
        """Press what has the focus; the next page arrives."""
        with self.turning():
            self.page.keyboard.press("Enter")
        return self.looks()

    def opens(self, path: str) -> Window:
        self.page.goto(path if path.startswith("http") else self.findings.home + path)
        return self.looks()

    def follows(self, name: str) -> Window:
        """Follow the first link of that name."""
        with self.turning():
            self.page.get_by_role("link", name=name).first.click()
        return self.looks()

    def presses(self, name: str, within: str = "body") -> Window:
        """Press a button that leads to the next page."""
        with self.turning():
            self.page.locator(within).get_by_role("button", name=name).first.click()
        return self.looks()

    def taps(self, number: str) -> Window:
        """One tap on a scale leads to the next page."""
        with self.turning():
            self.page.locator("main .scale").get_by_role("button", name=number, exact=True).click()
        return self.looks()

    def presses_twice(self, name: str, within: str = "main") -> Window:
        """Press a button as a trembling hand does; the next page arrives."""
        self.page.evaluate("document.documentElement.dataset.left = 'yes'")
        self.page.locator(within).get_by_role("button", name=name, exact=True).first.dblclick()
        self.page.locator("html:not([data-left])").wait_for(state="attached")
        self.page.wait_for_load_state()
        return self.looks()

    def comes_true(self, promise: str) -> Window:
        """Wait inside the page: Playwright's own waiting evaluates text there, which the content security policy
        forbids from the second look on."""
        assert self.page.evaluate(ASKING % promise), f"never came true: {promise}"
        return self

    def unfolds(self, words: str) -> Window:
        self.page.locator("summary", has_text=words).first.click()
        return self

    def writes(self, **said: str) -> Window:
        """Fill in fields by the name they have in their form."""
        for name, words in said.items():
            self.page.locator(f"[name='{name}']").first.fill(words)
        return self

    def chooses(self, **said: str) -> Window:
        for name, value in said.items():
            self.page.locator(f"select[name='{name}']").select_option(value)
        return self

    def ticks(self, name: str, value: str = "") -> Window:
        wanted = f"[value='{value}']" if value else ""
        self.page.locator(f"input[name='{name}']{wanted}").check()
        return self

    def sees(self, words: str) -> Locator:
        """Wait until these words stand on the page."""
        found = self.page.get_by_text(words).locator("visible=true").first
        found.wait_for()
        return found

    def has(self, words: str) -> bool:
        return self.page.get_by_text(words).locator("visible=true").count() > 0

    def turning(self) -> AbstractContextManager[Any]:
        """The next page arrives."""
        return self.page.expect_navigation()

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def looks(self) -> Window:
        """Examine this page, if it is the first of its kind."""
        kind = resolve(self.path).view_name
        if self.scripts and kind not in self.findings.pages:
            self.findings.pages.add(kind)
            own = self.page.viewport_size
            for theme, width in LOOKS:
                self._examine(kind, theme, width)
            self.page.emulate_media(color_scheme="light")
            if own:
                self.page.set_viewport_size(own)
        return self

    def _examine(self, kind: str, theme: Any, width: int) -> None:
        self.page.emulate_media(color_scheme=theme)
        self.page.set_viewport_size({"width": width, "height": 800})
        if self.page.evaluate("document.documentElement.scrollWidth") > width:
            self.findings.wrong.append(f"{kind} sticks out at {width} px")
        for found in AXE.run(self.page, options=RULES).response["violations"]:
            where = "; ".join(str(node["target"]) for node in found["nodes"][:3])
            self.findings.wrong.append(f"{kind} in {theme} at {width} px: {found['id']} ({found['impact']}) at {where}")
