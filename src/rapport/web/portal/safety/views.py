"""Help now, and the client's own plan. Everything here works without a script."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rapport.practice.safety.actions import (
    PlanChanged,
    PlanTooLong,
    ask_to_talk_about_safety,
    make_plan_link,
    rehearse_plan,
    say_how_safe,
    withdraw_device,
    withdraw_plan_links,
    write_safety_plan,
)
from rapport.practice.safety.choices import PLAN_COOKIE, LinkKind, SafeNow
from rapport.practice.safety.queries import PlanFacts, crisis_card, own_device, own_safety_plan, public_crisis_card
from rapport.practice.security.policy.access import not_found
from rapport.practice.security.policy.actor import Thing
from rapport.web.doors.page import PageRequest, page
from rapport.web.portal.safety.forms import PlanForm, SafeNowForm

REMEMBERED_FOR = 400 * 24 * 3600  # the longest a browser keeps a cookie


@page("alert", "raise")
def help_page(request: PageRequest) -> HttpResponseBase:
    """Whom to call, who reads what was said and by when; and one question: are you safe right now?"""
    client_id = _own(request)
    status = 200
    if request.method == "POST":
        form = SafeNowForm(request.POST)
        if form.is_valid():
            answer = SafeNow(form.cleaned_data["answer"])
            say_how_safe(actor=request.actor, at=request.at, client_id=client_id, answer=answer)
        else:
            status = 422
    card = crisis_card(viewer=request.actor, at=request.at, client_id=client_id)
    context = {"card": card, "just_said": request.method == "POST" and status == 200, "unanswered": status == 422}
    return render(request, "portal/safety/help.html", context, status=status)


@page("alert", "raise")
@require_POST
def talk(request: PageRequest) -> HttpResponse:
    """“I want to talk about safety”: a person is told, and the same response says by when they read it."""
    client_id = _own(request)
    ask_to_talk_about_safety(actor=request.actor, at=request.at, client_id=client_id)
    card = crisis_card(viewer=request.actor, at=request.at, client_id=client_id)
    return render(request, "portal/safety/help.html", {"card": card, "asked": True})


@page("safety_plan", "read")
@require_safe
def plan(request: PageRequest) -> HttpResponse:
    """The plan as it stands; it prints."""
    facts = own_safety_plan(viewer=request.actor, at=request.at)
    return _plan(request, facts)


@page("safety_plan", "edit")
def edit_plan(request: PageRequest) -> HttpResponseBase:
    """Write the plan. What somebody else changed meanwhile is shown beside; nothing is overwritten."""
    client_id = _own(request)
    facts = own_safety_plan(viewer=request.actor, at=request.at)
    form = PlanForm(request.POST or None, steps=facts.steps, initial={"based_on": facts.number})
    meanwhile = None
    if request.method == "POST" and form.is_valid():
        try:
            write_safety_plan(
                actor=request.actor,
                at=request.at,
                client_id=client_id,
                steps=form.steps,
                based_on=form.cleaned_data["based_on"],
            )
        except PlanChanged:
            meanwhile = facts
            form = PlanForm({**request.POST.dict(), "based_on": facts.number}, steps=facts.steps)
        except PlanTooLong:
            form.add_error(None, _("A step has room for twelve short lines."))
        else:
            return _see_other("portal:plan")
    status = 409 if meanwhile else 422 if request.method == "POST" else 200
    context = {"form": form, "meanwhile": meanwhile}
    return render(request, "portal/safety/edit_plan.html", context, status=status)


@page("safety_plan", "edit")
@require_POST
def rehearsed(request: PageRequest) -> HttpResponseBase:
    """The client went through the plan."""
    rehearse_plan(actor=request.actor, at=request.at, client_id=_own(request))
    return _see_other("portal:plan")


@page("safety_plan", "link")
@require_POST
def make_link(request: PageRequest) -> HttpResponse:
    """A link that opens the plan without signing in; shown this once."""
    token = make_plan_link(actor=request.actor, at=request.at, client_id=_own(request), kind=LinkKind.PRINTED)
    facts = own_safety_plan(viewer=request.actor, at=request.at)
    link = request.build_absolute_uri(reverse("entrance:plan", args=[token]))
    return _plan(request, facts, link=link)


@page("safety_plan", "link")
@require_POST
def remember_device(request: PageRequest) -> HttpResponseBase:
    """Keep the plan on this device: only if the client asks for it, only this one, and for as long as they say."""
    kind = LinkKind.UNTIL_SIGN_OUT if request.POST.get("until") == LinkKind.UNTIL_SIGN_OUT else LinkKind.DEVICE
    token = make_plan_link(actor=request.actor, at=request.at, client_id=_own(request), kind=kind)
    response = _see_other("portal:plan")
    response.set_cookie(
        PLAN_COOKIE, token, max_age=REMEMBERED_FOR, path="/", httponly=True, samesite="Lax", secure=settings.SECURE
    )
    return response


@page("safety_plan", "link")
@require_POST
def forget_device(request: PageRequest) -> HttpResponseBase:
    """Take the plan off this device."""
    token = request.COOKIES.get(PLAN_COOKIE, "")
    withdraw_device(actor=request.actor, at=request.at, client_id=_own(request), token=token)
    response = _see_other("portal:plan")
    response.delete_cookie(PLAN_COOKIE, path="/", samesite="Lax")
    return response


@page("safety_plan", "link")
@require_POST
def end_links(request: PageRequest) -> HttpResponseBase:
    """All links and remembered devices lead nowhere from now on."""
    withdraw_plan_links(actor=request.actor, at=request.at, client_id=_own(request))
    response = _see_other("portal:plan")
    response.delete_cookie(PLAN_COOKIE, path="/", samesite="Lax")
    return response


def _plan(request: PageRequest, facts: PlanFacts, **more: object) -> HttpResponse:
    card = public_crisis_card(viewer=request.actor, at=request.at)
    token = request.COOKIES.get(PLAN_COOKIE, "")
    here = own_device(viewer=request.actor, at=request.at, token=token) if token else None
    # Where somebody else's plan is kept on this device, this page leaves it alone.
    state = "kept" if here else "another" if token else "none"
    context = {"plan": facts, "card": card, "here": here, "plan_state": state, **more}
    return render(request, "portal/safety/plan.html", context)


def _own(request: PageRequest) -> UUID:
    if request.actor.client_id is None:
        raise not_found(request.actor, "read", Thing("portal"), at=request.at)
    return request.actor.client_id


def _see_other(name: str) -> HttpResponseBase:
    response = redirect(name)
    response.status_code = 303
    return response
