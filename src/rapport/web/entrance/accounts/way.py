"""From one door to the next: who goes where, and what a refusal at the door says."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.practice.organisation.queries import practice
from rapport.practice.safety.actions import leave_device
from rapport.practice.safety.choices import PLAN_COOKIE
from rapport.practice.security.accounts.actions import Entry, end_sign_in
from rapport.practice.security.accounts.choices import Stage
from rapport.practice.security.accounts.rules.limits import TooManyTries
from rapport.practice.security.policy.actor import Actor, Role
from rapport.web.doors.page import PageRequest
from rapport.web.doors.sign_in import drop_sign_in, local_path, set_sign_in, token_in

ROOMS = ((Role.THERAPIST, "/desk/"), (Role.MANAGER, "/office/"), (Role.CLIENT, "/portal/"))
NEXT_DOOR = {Stage.PASSWORD: "entrance:second_factor", Stage.ENROL: "entrance:set_up_factor"}


def room_of(actor: Actor) -> str:
    """Where somebody's work begins: a therapist at the desk, even when they manage too."""
    return next((room for role, room in ROOMS if role in actor.roles), "/")


def wanted(request: PageRequest) -> str:
    """The page somebody was on their way to, if it is one of ours."""
    return local_path(request.GET.get("next", ""), "")


def with_next(door: str, target: str) -> str:
    return reverse(door) + (f"?{urlencode({'next': target})}" if target else "")


def let_in(request: PageRequest, entry: Entry) -> HttpResponseBase:
    """One step further, under a new token; the token the browser came with is dead."""
    target = wanted(request)
    if token_in(request):
        end_sign_in(actor=request.actor, at=request.at, token=token_in(request))
    door = NEXT_DOOR.get(entry.stage)
    response = redirect(with_next(door, target) if door else target or room_of(entry.actor))
    response.status_code = 303
    set_sign_in(response, entry.token, entry.actor)
    return response


def leave(request: PageRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Out of the house: the browser forgets us, but for a safety plan whose owner chose that it stays here."""
    plan = request.COOKIES.get(PLAN_COOKIE, "")
    stays = bool(plan) and leave_device(actor=request.actor, at=request.at, token=plan)
    drop_sign_in(response, keeps_plan=stays)
    if plan and not stays:
        response.delete_cookie(PLAN_COOKIE, path="/", samesite="Lax")
    return response


def go_on(request: PageRequest, token: str, actor: Actor) -> HttpResponseBase:
    """Back to where the person was, under the new token of the same sign-in."""
    response = redirect(wanted(request) or room_of(actor))
    response.status_code = 303
    set_sign_in(response, token, actor)
    return response


def show(request: PageRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, f"entrance/accounts/{name}.html", context, status=status)


def refused(
    request: PageRequest,
    name: str,
    form: forms.Form,
    context: dict[str, Any] | None = None,
    *,
    problem: Exception | None = None,
) -> HttpResponse:
    """The form again, with what is wrong; too many tries say how long to wait."""
    status = 422
    if isinstance(problem, TooManyTries):
        form.add_error(None, wait_words(problem))
        status = 429
    elif problem is not None:
        form.add_error(None, str(problem))
    response = show(request, name, {"form": form, **(context or {})}, status=status)
    if isinstance(problem, TooManyTries):
        response.headers["Retry-After"] = str(problem.seconds)
    return response


def wait_words(problem: TooManyTries) -> str:
    minutes = -(-problem.seconds // 60)
    return ngettext(
        "There were too many tries. Please wait one minute, then try again.",
        "There were too many tries. Please wait %(minutes)d minutes, then try again.",
        minutes,
    ) % {"minutes": minutes}


def does_not_fit() -> Exception:
    return Exception(_("This does not fit. Check both fields and try again."))


def practice_name(request: PageRequest) -> str:
    return practice(viewer=request.actor, at=request.at).name
