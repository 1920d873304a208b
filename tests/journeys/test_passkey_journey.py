"""In a real browser: a colleague comes in, makes a passkey, leaves, and comes back with a finger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from pytest_django import Settings
from tests.factories.accounts import PASSWORD, with_password
from tests.factories.organisation import a_practice
from tests.factories.people import a_therapist

from rapport.practice.foundation import clock
from rapport.practice.security.accounts.models import SignInSession

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.journey


@pytest.fixture
def finger(page: Page) -> Iterator[Page]:
    """A browser whose machine knows its owner's finger."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options: dict[str, Any] = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield page


def fits(page: Page) -> None:
    """Nothing is wrong for somebody who does not see the page, nor for a narrow one."""
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert not found.response["violations"], found.generate_report()
    for width in (360, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_colleague_comes_in_with_a_passkey(finger: Page, live_server: LiveServer, settings: Settings) -> None:
    # Given a therapist of a real practice who has only a password so far
    settings.INSTALLATION = replace(settings.INSTALLATION, origin=live_server.url)
    a_practice()
    email = with_password(a_therapist())
    elsewhere: list[str] = []
    finger.on("request", lambda asked: None if asked.url.startswith(live_server.url) else elsewhere.append(asked.url))
    finger.goto(f"{live_server.url}/sign-in/?next=/account/")
    fits(finger)

    # When they sign in with it, they are asked for a second way, and make a passkey
    finger.get_by_label("E-mail address").fill(email)
    finger.get_by_label("Password").fill(PASSWORD)
    finger.get_by_role("button", name="Sign in", exact=True).click()
    finger.get_by_role("heading", name="A second way to show it is you").wait_for()
    fits(finger)
    finger.get_by_label("A name for it").fill("My laptop")
    finger.get_by_role("button", name="Make a passkey").click()

    # Then they are given recovery codes to print, and see the passkey in their account
    finger.get_by_role("button", name="Make ten codes").click()
    finger.locator("ol code").nth(9).wait_for()
    assert finger.locator("ol code").count() == 10
    fits(finger)
    finger.get_by_role("link", name="I have kept them safe").click()
    finger.get_by_text("My laptop").wait_for()
    fits(finger)

    # When they have been away for a while, the curtain is closed, and the passkey opens it where they were
    SignInSession.objects.update(active_at=clock.now() - timedelta(minutes=20))
    finger.goto(f"{live_server.url}/account/")
    finger.get_by_role("heading", name="Locked, not ended").wait_for()
    fits(finger)
    finger.get_by_role("button", name="Unlock with a passkey").click()
    finger.get_by_text("My laptop").wait_for()

    # And after signing out, the passkey alone lets them in
    finger.get_by_role("button", name="Sign out", exact=True).last.click()
    finger.get_by_role("heading", name="Sign in").wait_for()
    finger.get_by_role("button", name="Sign in with a passkey").click()
    finger.wait_for_url("**/desk/**")
    assert not elsewhere
