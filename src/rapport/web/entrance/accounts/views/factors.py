"""Setting up and removing second factors."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapport.practice.security.accounts import actions
from rapport.practice.security.accounts.choices import Stage
from rapport.practice.security.accounts.queries import SignIn
from rapport.practice.security.policy.access import require_step_up
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.web.doors.page import PageRequest, page
from rapport.web.doors.sign_in import device
from rapport.web.entrance.accounts import way
from rapport.web.entrance.accounts.forms import ConfirmCodeForm


def enrolling(request: PageRequest) -> SignIn | None:
    """Staff who proved their password and have no second factor yet."""
    half = request.sign_in
    return half if half is not None and half.stage == Stage.ENROL else None


def subject(request: PageRequest) -> Actor | None:
    """Whose second factor a request is about: somebody enrolling, or somebody signed in and stepped up."""
    half = enrolling(request)
    if half is not None:
        return half.actor
    if request.actor.id is None:
        return None
    require_step_up(request.actor, "edit", Thing("own_account"), at=request.at)
    return request.actor


def enrolled(request: PageRequest) -> str:
    """Where to go after a first second factor: to the recovery codes."""
    return way.with_next("entrance:recovery", way.wanted(request))


@page("public", "read")
def set_up_factor(request: PageRequest) -> HttpResponseBase:
    """An authenticator app or a passkey. The app's secret is shown as a picture and as text."""
    actor = subject(request)
    if actor is None:
        return redirect("entrance:sign_in")
    must = enrolling(request) is not None
    if request.method != "POST":
        return way.show(request, "set_up_factor", {"must": must, "next": way.wanted(request)})
    if "code" in request.POST:
        return _confirm(request, actor, must)
    return _offer(request, actor, ConfirmCodeForm(), must)


def _offer(request: PageRequest, actor: Actor, form: ConfirmCodeForm, must: bool, status: int = 200) -> HttpResponse:
    try:
        offer = actions.begin_time_code(actor=actor, at=request.at, practice_name=way.practice_name(request))
    except actions.AlreadySetUp:
        messages.info(request, _("An app is set up already. Remove it first to set up another one."))
        response: HttpResponse = redirect("entrance:account")
        return response
    picture = segno.make(offer.address, error="m").svg_data_uri(scale=5, border=2)
    context: dict[str, Any] = {
        "form": form,
        "secret": offer.secret,
        "picture": picture,
        "must": must,
        "next": way.wanted(request),
    }
    return way.show(request, "time_code", context, status=status)


def _confirm(request: PageRequest, actor: Actor, must: bool) -> HttpResponseBase:
    form = ConfirmCodeForm(request.POST)
    try:
        if not form.is_valid():
            return _offer(request, actor, form, must, status=422)
        actions.confirm_time_code(actor=actor, at=request.at, code=form.cleaned_data["code"])
    except actions.WrongCode:
        form.add_error("code", _("These are not the digits your app shows now. Wait for the next ones and try again."))
        return _offer(request, actor, form, must, status=422)
    return _done(request)


def _done(request: PageRequest) -> HttpResponseBase:
    half = enrolling(request)
    if half is None:
        messages.success(request, _("Your app is set up. From now on its digits are asked for."))
        return redirect(enrolled(request))
    entry = actions.complete_enrolment(actor=request.actor, at=request.at, sign_in=half, device=device(request))
    response = way.let_in(request, entry)
    response.headers["Location"] = enrolled(request)
    return response


@page("own_account", "edit", step_up=True)
def recovery(request: PageRequest) -> HttpResponseBase:
    """Ten codes to print for the day the phone is lost. They are shown once, in the answer to a post."""
    context: dict[str, Any] = {"next": way.wanted(request) or way.room_of(request.actor), "codes": ()}
    if request.method == "POST":
        context["codes"] = actions.make_recovery_codes(actor=request.actor, at=request.at)
    return way.show(request, "recovery", context)


@require_POST
@page("own_account", "edit", step_up=True)
def remove_time_code(request: PageRequest) -> HttpResponseBase:
    """Stop using the app."""
    try:
        actions.remove_time_code(actor=request.actor, at=request.at)
        messages.success(request, _("The app is removed."))
    except actions.LastFactor:
        messages.error(request, _("Everybody who works here keeps a second way to sign in. Set up another one first."))
    return redirect("entrance:account")


@require_POST
@page("own_account", "edit", step_up=True)
def remove_passkey(request: PageRequest, passkey_id: UUID) -> HttpResponseBase:
    """Stop using a device."""
    try:
        actions.remove_passkey(actor=request.actor, at=request.at, passkey_id=passkey_id)
        messages.success(request, _("The passkey is removed."))
    except actions.LastFactor:
        messages.error(request, _("Everybody who works here keeps a second way to sign in. Set up another one first."))
    return redirect("entrance:account")
