"""One appointment, for whoever holds its link: when it is, and two buttons. No sign-in, no script, no name."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from rapport.practice.clients.rules.zones import place_of
from rapport.practice.organisation.queries import practice
from rapport.practice.security.accounts.actions.throttle import forgive, take
from rapport.practice.security.accounts.queries import LinkDead
from rapport.practice.security.accounts.rules.limits import LINKS, TooManyTries
from rapport.practice.sessions.actions import answer_by_link
from rapport.practice.sessions.choices import Answer
from rapport.practice.sessions.queries import AppointmentBehind, appointment_behind
from rapport.web.doors.page import PageRequest, page
from rapport.web.doors.sign_in import caller


@page("public", "read")
def appointment(request: PageRequest, token: str) -> HttpResponse:
    """Whether I come. A link that was used, is too old or never was leads to one calm page."""
    asking: dict[str, Any] = {"actor": request.actor, "at": request.at, "limit": LINKS, "key": caller(request)}
    try:
        take(**asking)
        behind = appointment_behind(viewer=request.actor, at=request.at, token=token)
        if behind is None:
            return _dead(request)
        forgive(**asking, only_one=True)
        answer = request.POST.get("answer", "")
        if request.method != "POST" or answer not in set(Answer):
            return _show(request, "appointment", behind, 200 if request.method != "POST" else 422)
        answer_by_link(actor=request.actor, at=request.at, token=token, answer=Answer(answer))
    except LinkDead:
        return _dead(request)
    except TooManyTries as problem:
        response = _dead(request, 429)
        response.headers["Retry-After"] = str(problem.seconds)
        return response
    return _show(request, "answered", behind, answer=answer)


def _show(
    request: PageRequest, name: str, behind: AppointmentBehind | None, status: int = 200, **context: Any
) -> HttpResponse:
    here = practice(viewer=request.actor, at=request.at)
    context |= {"alias": here.alias, "phone": here.phone, "behind": behind}
    if behind is not None and behind.zone != here.zone:
        context["place"] = place_of(behind.zone)
    with timezone.override(behind.zone if behind else here.zone):
        response = render(request, f"entrance/sessions/{name}.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _dead(request: PageRequest, status: int = 410) -> HttpResponse:
    return _show(request, "no_answer", None, status)
