"""Whom to call, for anybody; and a plan for whoever holds its link. No sign-in, no script."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rapport.practice.safety import queries
from rapport.practice.safety.choices import PLAN_COOKIE
from rapport.practice.safety.queries import plan_behind, public_crisis_card
from rapport.web.doors import refusals
from rapport.web.doors.page import PageRequest, page


@page("public", "read")
@require_safe
def help_now(request: PageRequest) -> HttpResponse:
    """The public crisis page: it knows nobody and promises nothing."""
    context = {
        "card": public_crisis_card(viewer=request.actor, at=request.at),
        "is_client": request.actor.client_id is not None,
        "has_plan_here": PLAN_COOKIE in request.COOKIES,
    }
    return render(request, "entrance/safety/help_now.html", context)


@page("public", "read")
@require_safe
def plan(request: PageRequest, token: str) -> HttpResponse:
    """The plan a link leads to."""
    return _plan(request, token)


@page("public", "read")
@require_safe
def plan_here(request: PageRequest) -> HttpResponse:
    """The plan this device remembers, if its owner asked for that."""
    return _plan(request, request.COOKIES.get(PLAN_COOKIE, ""))


@page("public", "read", background=True)
@require_safe
def plan_kept(request: PageRequest) -> HttpResponse:
    """For a device that keeps a copy: whether it may go on, and whether the copy is still right. Says no word of it."""
    token = request.COOKIES.get(PLAN_COOKIE, "")
    form = queries.plan_kept(viewer=request.actor, at=request.at, token=token) if token else None
    return HttpResponse(status=404) if form is None else HttpResponse(status=204, headers={"X-Plan": form})


@page("public", "read", background=True)
@require_safe
def plan_worker(request: PageRequest) -> HttpResponse:
    """What keeps the plan on a device. It stands at the root, so that it also reaches the portal's own pages."""
    return render(request, "entrance/safety/plan_worker.js", content_type="text/javascript; charset=utf-8")


def _plan(request: PageRequest, token: str) -> HttpResponse:
    facts = plan_behind(viewer=request.actor, at=request.at, token=token) if token else None
    if facts is None:
        return refusals.not_found(request)
    card = public_crisis_card(viewer=request.actor, at=request.at)
    return render(request, "entrance/safety/plan.html", {"plan": facts, "card": card})
