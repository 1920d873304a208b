"""Who looks at the diary, and whether this screen writes names out."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse

from rapport.practice.security.policy.actor import Role
from rapport.web.desk.sessions.grid.chips import Reader
from rapport.web.doors.page import PageRequest

COOKIE = "rapport-diary-names"
INITIALS = "initials"
A_YEAR = 365 * 24 * 3600


def reader_of(request: PageRequest, zone: ZoneInfo) -> Reader:
    """A screen that others can see is a matter of the screen: the choice lies in a signed cookie of its own."""
    chosen = request.get_signed_cookie(COOKIE, default="", salt=COOKIE)
    actor = request.actor
    return Reader(actor.account, Role.MANAGER in actor.roles, zone, with_names=chosen != INITIALS)


def keep_names(response: HttpResponse, *, with_names: bool) -> None:
    """Remember the choice on this screen."""
    if with_names:
        response.delete_cookie(COOKIE, path="/", samesite="Lax")
        return
    response.set_signed_cookie(
        COOKIE,
        INITIALS,
        salt=COOKIE,
        max_age=A_YEAR,
        path="/",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
