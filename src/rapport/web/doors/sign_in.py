"""The sign-in cookie, and where a request comes from."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme

from rapport.practice.security.policy.actor import Actor, Role

BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Windows", "Windows"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)  # fmt: skip


def set_sign_in(response: HttpResponseBase, token: str, actor: Actor) -> None:
    """Hand the browser its token. It dies with the browser; the server decides sooner."""
    response.set_cookie(
        settings.SESSION_COOKIE_NAME,
        token,
        secure=settings.SECURE,
        httponly=True,
        samesite="Strict" if actor.roles == {Role.CLIENT} else "Lax",
        path="/",
    )


def drop_sign_in(response: HttpResponseBase, *, keeps_plan: bool = False) -> None:
    """Take the token back, and everything the browser kept of us but a plan that its owner wants to stay."""
    response.delete_cookie(settings.SESSION_COOKIE_NAME, path="/", samesite="Lax")
    response.headers["Clear-Site-Data"] = '"cache"' if keeps_plan else '"cache", "storage"'


def token_in(request: HttpRequest) -> str:
    return request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")


def caller(request: HttpRequest) -> str:
    """The address a request comes from. A proxy is believed only if it stands on this machine."""
    direct = str(request.META.get("REMOTE_ADDR", "")) or "127.0.0.1"
    if not _is_loopback(direct):
        return direct
    claimed = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
    try:
        return str(ipaddress.ip_address(claimed)) if claimed else direct
    except ValueError:
        return direct


def is_on_this_machine(request: HttpRequest) -> bool:
    """Whether the request was made on the machine that serves it."""
    return _is_loopback(caller(request))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def device(request: HttpRequest) -> str:
    """A few words by which a person recognises one of their browsers."""
    agent = request.headers.get("User-Agent", "")
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return " · ".join(word for word in (browser, system) if word)


def local_path(target: str, otherwise: str = "/") -> str:
    """`target` if it is a path of this house, else `otherwise`: nobody is sent away by a crafted link."""
    plain = re.fullmatch(r"/[^\\\x00-\x1f\x7f]*", target) and not target.startswith("//")
    safe = plain and url_has_allowed_host_and_scheme(target, allowed_hosts=None) and not urlsplit(target).netloc
    return target if safe else otherwise
