"""A calendar behind a secret address, and a freed time behind the link of a mail."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from rapport.practice.clients.rules.zones import place_of
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.security.accounts.actions.throttle import forgive, take
from rapport.practice.security.accounts.rules.limits import LINKS, TooManyTries
from rapport.practice.sessions import actions, queries
from rapport.practice.sessions.choices import OfferState
from rapport.practice.sessions.queries import OfferFacts
from rapport.web.doors import refusals
from rapport.web.doors.page import PageRequest, page
from rapport.web.doors.sign_in import caller
from rapport.web.entrance.sessions.ical import written


@page("public", "read", background=True)
@require_safe
def feed(request: PageRequest, token: str) -> HttpResponse:
    """The hours of whoever made this address. A dead and an invented address get the same answer."""
    try:
        take(**_trying(request))
        entries = actions.read_feed(actor=request.actor, at=request.at, token=token)
    except TooManyTries as problem:
        return _too_often(problem)
    except actions.ReadTooOften as problem:
        forgive(**_trying(request), only_one=True)
        return _too_often(problem)
    if entries is None:
        return refusals.not_found(request)
    forgive(**_trying(request), only_one=True)
    content = written(entries, practice_zone())
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers=headers)
    headers["Content-Disposition"] = 'inline; filename="appointments.ics"'
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)


@page("public", "read")
def free_time(request: PageRequest, token: str) -> HttpResponse:
    """Would you like this time? No name stands here: whoever holds the link may not be who it was meant for."""
    try:
        take(**_trying(request))
    except TooManyTries as problem:
        return _too_often(problem)
    offer = queries.offer_behind(viewer=request.actor, at=request.at, token=token)
    if offer is None:
        return refusals.not_found(request)
    forgive(**_trying(request), only_one=True)
    if request.method == "POST":
        is_yes = request.POST.get("answer") == "yes"
        act = actions.accept_offer_by_link if is_yes else actions.decline_offer_by_link
        try:
            act(actor=request.actor, at=request.at, token=token)
        except actions.DiaryRefusal:
            return _show(request, offer, OfferState.GONE, 409)
        return _show(request, offer, OfferState.TAKEN if is_yes else OfferState.DECLINED)
    return _show(request, offer, offer.state)


def _trying(request: PageRequest) -> dict[str, Any]:
    """Whose guesses are counted: right ones are forgiven."""
    return {"actor": request.actor, "at": request.at, "limit": LINKS, "key": caller(request)}


def _too_often(problem: actions.ReadTooOften | TooManyTries) -> HttpResponse:
    return HttpResponse(status=429, headers={"Retry-After": str(problem.seconds)})


def _show(request: PageRequest, offer: OfferFacts, state: OfferState, status: int = 200) -> HttpResponse:
    here = practice_zone()
    own = offer.zone or here
    context = {"offer": offer, "state": state, "place": place_of(own) if own != here else ""}
    with timezone.override(own):
        return render(request, "entrance/sessions/free_time.html", context, status=status)
