"""Passkeys: the browser asks for a question, and hands in the answer. The ticket in between lies in a cookie."""

from __future__ import annotations

import json

from django.conf import settings
from django.http import HttpResponseBase, JsonResponse, RawPostDataException
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapport.practice.security.accounts import actions
from rapport.practice.security.accounts.choices import Stage
from rapport.practice.security.accounts.queries import LinkDead
from rapport.practice.security.accounts.rules.limits import TooManyTries
from rapport.practice.security.accounts.rules.passkeys import PasskeyRefused
from rapport.web.doors.page import PageRequest, page
from rapport.web.doors.sign_in import caller, device
from rapport.web.entrance.accounts import way
from rapport.web.entrance.accounts.views.factors import enrolled, enrolling, subject

MINUTES = 5


def _cookie() -> str:
    return "__Host-passkey" if settings.SECURE else "passkey"


def _question(ceremony: actions.Ceremony) -> JsonResponse:
    response = JsonResponse(ceremony.options)
    response.set_cookie(
        _cookie(), ceremony.ticket, max_age=60 * MINUTES, secure=settings.SECURE, httponly=True, samesite="Strict"
    )
    return response


def _answer(request: PageRequest) -> tuple[str, str, str]:
    """The ticket, the credential as the browser wrote it, and the name given to it."""
    try:
        body = json.loads(request.body)
        return request.COOKIES.get(_cookie(), ""), json.dumps(body["credential"]), str(body.get("name", ""))
    except (ValueError, KeyError, TypeError, RawPostDataException) as problem:  # the last: a form was sent
        raise PasskeyRefused("This was no passkey.") from problem


def _moved(response: HttpResponseBase) -> JsonResponse:
    """The same as a redirect, in words a script understands: cookies and target."""
    moved = JsonResponse({"next": response.headers["Location"]})
    moved.cookies = response.cookies
    moved.delete_cookie(_cookie(), samesite="Strict")
    return moved


def _refusal(problem: Exception) -> JsonResponse:
    if isinstance(problem, TooManyTries):
        return JsonResponse(
            {"words": way.wait_words(problem)}, status=429, headers={"Retry-After": str(problem.seconds)}
        )
    return JsonResponse({"words": _("This passkey did not fit. Try again, or sign in another way.")}, status=422)


@require_POST
@page("public", "read")
def passkey_question(request: PageRequest) -> HttpResponseBase:
    """Any passkey to sign in; one's own as a second factor, to unlock or to prove again."""
    known = request.sign_in.actor.id if request.sign_in is not None else None
    try:
        ceremony = actions.begin_passkey(actor=request.actor, at=request.at, account_id=known, ip=caller(request))
    except TooManyTries as problem:
        return _refusal(problem)
    return _question(ceremony)


@require_POST
@page("public", "read")
def passkey_answer(request: PageRequest) -> HttpResponseBase:
    """Let in whoever the signature proves."""
    try:
        return _moved(_proven(request))
    except (PasskeyRefused, TooManyTries, actions.WrongSignIn) as problem:
        return _refusal(problem)


def _proven(request: PageRequest) -> HttpResponseBase:
    ticket, answer, _name = _answer(request)
    found = request.sign_in
    if found is not None and found.stage == Stage.FULL:
        token = actions.prove_with_passkey(actor=found.actor, at=request.at, ticket=ticket, answer=answer)
        return way.go_on(request, token, found.actor)
    if found is not None and found.stage == Stage.PASSWORD:
        entry = actions.pass_with_passkey(
            actor=request.actor, at=request.at, sign_in=found, ticket=ticket, answer=answer, device=device(request)
        )
        return way.let_in(request, entry)
    entry = actions.sign_in_with_passkey(
        actor=request.actor, at=request.at, ticket=ticket, answer=answer, ip=caller(request), device=device(request)
    )
    return way.let_in(request, entry)


@require_POST
@page("public", "read")
def new_passkey_question(request: PageRequest) -> HttpResponseBase:
    """Ask the device to make one."""
    actor = subject(request)
    if actor is None:
        return JsonResponse({}, status=401)
    try:
        return _question(actions.begin_new_passkey(actor=actor, at=request.at, ip=caller(request)))
    except TooManyTries as problem:
        return _refusal(problem)


@require_POST
@page("public", "read")
def new_passkey_answer(request: PageRequest) -> HttpResponseBase:
    """Keep its public half."""
    actor = subject(request)
    if actor is None:
        return JsonResponse({}, status=401)
    try:
        ticket, answer, name = _answer(request)
        actions.add_passkey(
            actor=actor, at=request.at, ticket=ticket, answer=answer, name=name or device(request) or _("Passkey")
        )
    except (PasskeyRefused, LinkDead) as problem:
        return _refusal(problem)
    half = enrolling(request)
    if half is None:
        return JsonResponse({"next": enrolled(request)})
    entry = actions.complete_enrolment(actor=request.actor, at=request.at, sign_in=half, device=device(request))
    response = way.let_in(request, entry)
    response.headers["Location"] = enrolled(request)
    return _moved(response)
