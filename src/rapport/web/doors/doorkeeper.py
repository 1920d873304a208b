"""Who is it, and what becomes of a refusal."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urlencode

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from rapport.practice.clients.queries import own_zone
from rapport.practice.clients.rules.zones import place_of
from rapport.practice.foundation import clock, once
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.security.accounts.actions import touch
from rapport.practice.security.accounts.choices import Standing
from rapport.practice.security.accounts.hashers import Busy
from rapport.practice.security.accounts.queries import SignIn, sign_in_of
from rapport.practice.security.audit import trail
from rapport.practice.security.keys.api import KeyDestroyed, SealBroken, noticing
from rapport.practice.security.policy.access import Refused, StepUpNeeded, record_refusal
from rapport.practice.security.policy.actor import NOBODY
from rapport.web.doors import hardship, refusals
from rapport.web.doors.page import PageRequest
from rapport.web.doors.places import places_for
from rapport.web.doors.sign_in import token_in

Handler = Callable[[HttpRequest], HttpResponseBase]
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FROM_HERE = frozenset({"same-origin", "none", ""})
log = logging.getLogger("rapport.web")


def sign_in_state(get_response: Handler) -> Handler:
    """Put `actor`, `at` and the sign-in on every request. Locked or half-way, a sign-in is not yet somebody."""

    def handle(plain: HttpRequest) -> HttpResponseBase:
        request = cast(PageRequest, plain)
        request.at = clock.now()
        request.actor = NOBODY
        request.elsewhere = ""
        request.sign_in = request.trouble = None
        with noticing() as request.unopened:
            try:
                _recognise(request)
            except DatabaseError as problem:  # answered at the door of the page: the crisis page comes nevertheless
                request.trouble = problem
            return get_response(request)

    def ask_once(plain: HttpRequest) -> HttpResponseBase:
        if plain.method not in SAFE_METHODS:
            return handle(plain)
        with once.one_reading():
            return handle(plain)

    return ask_once


def _recognise(request: PageRequest) -> None:
    """Who sends this request, and whose clock its page keeps."""
    timezone.activate(practice_zone())
    token = token_in(request)
    request.sign_in = sign_in_of(token=token, at=request.at, path=request.path) if token else None
    if request.sign_in is not None and request.sign_in.is_somebody:
        request.actor = request.sign_in.actor
        _follow_clock(request)


def _follow_clock(request: PageRequest) -> None:
    """A client's pages keep the client's own time, and name it where it is not the practice's."""
    if request.actor.client_id is None:
        return
    own = own_zone(viewer=request.actor, at=request.at)
    if own != timezone.get_current_timezone():
        timezone.activate(own)
        request.elsewhere = place_of(own)


class Doorkeeper:
    """Closed by default: a view without `@page` never answers, a stranger is sent to sign in, a refusal is recorded."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and request.method == "GET":
            return refusals.only_sent_to(request, response.headers["Allow"])
        return response

    def process_view(self, plain: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        request = cast(PageRequest, plain)
        cell = getattr(view, "__page__", None)
        if cell is None:
            return refusals.not_found(request)
        if request.method not in SAFE_METHODS and request.headers.get("Sec-Fetch-Site", "") not in FROM_HERE:
            return refusals.forbidden(request)
        if request.trouble is not None and cell[0] != "public":
            return hardship.answer(request, request.trouble)
        request.places = places_for(request)
        sign_in = request.sign_in
        if sign_in is None or not sign_in.is_somebody:
            return None if cell[0] == "public" else to_the_door(request)
        if sign_in.standing == Standing.OPEN and not view.__background__:
            _note_presence(request, sign_in)
        return None

    def process_exception(self, plain: HttpRequest, problem: Exception) -> HttpResponseBase | None:
        request = cast(PageRequest, plain)
        if isinstance(problem, StepUpNeeded):
            return _to("entrance:step_up", request)
        if isinstance(problem, Refused):
            return _refuse(request, problem)
        if isinstance(problem, Busy):
            return refusals.unavailable(request, seconds=5)
        if isinstance(problem, KeyDestroyed):
            return refusals.gone(request)
        if isinstance(problem, SealBroken):
            return _changed_past_us(request)
        return hardship.answer(request, problem)


def _note_presence(request: PageRequest, sign_in: SignIn) -> None:
    """Somebody is there. Where that cannot be noted they are locked out sooner, which is no reason to show nothing."""
    try:
        touch(actor=request.actor, at=request.at, sign_in=sign_in)
    except DatabaseError as problem:
        log.warning("presence: %s", type(problem).__name__)


def _refuse(request: PageRequest, refusal: Refused) -> HttpResponseBase | None:
    try:
        record_refusal(refusal)
    except DatabaseError as problem:  # a refusal that cannot be recorded says nothing but that
        return hardship.answer(request, problem)
    return refusals.forbidden(request) if refusal.status == 403 else refusals.not_found(request)


def _changed_past_us(request: PageRequest) -> HttpResponseBase:
    """Something the page needs does not open: nothing of it is shown, the trail keeps that it was noticed."""
    log.error("a seal does not open: %s", request.path)
    try:
        trail.write_denial(
            actor=request.actor, at=request.at, action="open", object_type="seal", object_id=None, reason="seal broken"
        )
    except DatabaseError as problem:
        return hardship.answer(request, problem) or refusals.does_not_open(request)
    return refusals.does_not_open(request)


def to_the_door(request: PageRequest) -> HttpResponseBase:
    """Send a stranger to sign in, somebody locked to unlock; both come back to where they were.

    A script gets 401 and the address of the door, so that the page can keep what was typed and send it again.
    """
    is_locked = request.sign_in is not None and request.sign_in.is_locked
    door = "entrance:unlock" if is_locked else "entrance:sign_in"
    if request.htmx or request.headers.get("Accept", "").startswith("application/json"):
        return HttpResponse(status=401, headers={"X-Door": reverse(door)})
    return _to(door, request)


def _to(door: str, request: PageRequest) -> HttpResponseBase:
    """Redirect to a door; `next` is where the person was (a page that only takes posts sends them to the start)."""
    if request.htmx:
        return HttpResponse(status=403, headers={"X-Door": reverse(door)})
    return redirect(f"{reverse(door)}?{urlencode({'next': request.get_full_path()})}")
