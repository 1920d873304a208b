"""Who is it, and what becomes of a refusal."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from rapport.practice.foundation import clock
from rapport.practice.security.accounts.actions import touch
from rapport.practice.security.accounts.queries import actor_of, live_session
from rapport.practice.security.policy.access import Refused, StepUpNeeded, record_refusal
from rapport.practice.security.policy.actor import NOBODY
from rapport.web.doors import refusals
from rapport.web.doors.page import PageRequest

Handler = Callable[[HttpRequest], HttpResponseBase]
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
log = logging.getLogger("rapport.web")


def sign_in_state(get_response: Handler) -> Handler:
    """Put `actor`, `at` and the sign-in session on every request."""

    def handle(plain: HttpRequest) -> HttpResponseBase:
        request = cast(PageRequest, plain)
        request.at = clock.now()
        request.actor = NOBODY
        request.sign_in = None
        token = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if token:
            request.sign_in = live_session(token=token, at=request.at)
        if request.sign_in is not None:
            request.actor = actor_of(request.sign_in)
        return get_response(request)

    return handle


class Doorkeeper:
    """Closed by default: a view without `@page` never answers, a stranger is sent to sign in, a refusal is recorded."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, plain: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        request = cast(PageRequest, plain)
        cell = getattr(view, "__page__", None)
        if cell is None:
            return refusals.not_found(request)
        if request.method not in SAFE_METHODS and request.headers.get("Sec-Fetch-Site", "none") == "cross-site":
            return refusals.forbidden(request)
        if request.sign_in is None and cell[0] != "public":
            return to_sign_in(request)
        if request.sign_in is not None and not view.__background__:
            touch(request.sign_in, request.at)
        return None

    def process_exception(self, plain: HttpRequest, problem: Exception) -> HttpResponseBase | None:
        request = cast(PageRequest, plain)
        if isinstance(problem, StepUpNeeded):
            return redirect(f"{reverse('entrance:step_up')}?{urlencode({'next': request.get_full_path()})}")
        if isinstance(problem, Refused):
            record_refusal(problem)
            return refusals.forbidden(request) if problem.status == 403 else refusals.not_found(request)
        if isinstance(problem, DatabaseError):
            log.error("database: %s", type(problem).__name__)
            return refusals.unavailable(request)
        return None


def to_sign_in(request: PageRequest) -> HttpResponseBase:
    """Send a stranger to sign in; a script gets 401, so that the page can keep what was typed."""
    if request.htmx or request.headers.get("Accept", "").startswith("application/json"):
        return HttpResponse(status=401)
    back = f"?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else ""
    return redirect(reverse("entrance:sign_in") + back)
