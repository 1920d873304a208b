"""How a person comes in where signing in is not what the journey tells of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from rapport.practice.security.accounts.actions import open_sign_in

if TYPE_CHECKING:
    from tests.journeys.calendar import Calendar
    from tests.journeys.windows import Window

    from rapport.practice.security.policy.actor import Actor


def is_signed_in(window: Window, actor: Actor, calendar: Calendar) -> Window:
    """They came in just now, with a second factor."""
    token = open_sign_in(actor=actor, at=calendar.now(), account_id=actor.account, second_factor="totp")
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": token, "url": window.findings.home}
    window.page.context.add_cookies([cookie])
    return window
