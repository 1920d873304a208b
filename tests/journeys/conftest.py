"""A journey's server works in another thread, so its database is emptied afterwards instead of rolled back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from pytest_django import Settings
from tests.emptying import Visits
from tests.factories.mailbox import MailServer
from tests.journeys.calendar import Calendar
from tests.journeys.windows import Findings, Window

from rapport.practice.foundation import clock

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from pytest_django.live_server_helper import LiveServer


@pytest.fixture(autouse=True)
def _everybody_was_answered(guard_away: None, transactional_db: None) -> Iterator[None]:
    """Windows close before this ends, and the database is emptied after it."""
    with Visits().counted():
        yield


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> Calendar:
    """The house's clock, in the hands of the journey."""
    kept = Calendar()
    monkeypatch.setattr(clock, "now", kept.now)
    return kept


@pytest.fixture
def findings(live_server: LiveServer, settings: Settings) -> Iterator[Findings]:
    """Whatever was wrong on any page of this journey; at its end there must be nothing."""
    settings.INSTALLATION = replace(settings.INSTALLATION, origin=live_server.url)
    seen = Findings(live_server.url)
    yield seen
    assert not seen.wrong, "\n".join(seen.wrong)


@pytest.fixture
def post(settings: Settings) -> Iterator[MailServer]:
    """A real mail server, to which the house sends."""
    server = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", server.port, False
    with server.up():
        yield server


@pytest.fixture
def window(browser: Browser, findings: Findings) -> Iterator[Callable[..., Window]]:
    """Opens windows: at a desk, or on a telephone 360 pixels wide."""
    opened = []

    def open_window(*, telephone: bool = False, scripts: bool = True) -> Window:
        size = {"width": 360, "height": 740} if telephone else {"width": 1440, "height": 900}
        context = browser.new_context(
            locale="en-GB", timezone_id="Europe/London", viewport=size, reduced_motion="reduce",
            java_script_enabled=scripts,
        )  # fmt: skip
        opened.append(context)
        return Window(context.new_page(), findings, scripts=scripts)

    yield open_window
    for context in opened:
        context.close()
