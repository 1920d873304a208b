"""One's own account: name, ways to sign in, where one is signed in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapport.practice.organisation.queries import practice
from rapport.practice.security.accounts import actions
from rapport.practice.security.accounts.choices import LinkKind
from rapport.practice.security.accounts.queries import LinkDead, link_works, own_account
from rapport.practice.security.accounts.rules.limits import TooManyTries
from rapport.practice.security.accounts.rules.passwords import PasswordTooWeak
from rapport.practice.security.accounts.rules.sign_ins import STAFF
from rapport.web.doors.page import PageRequest, page
from rapport.web.doors.sign_in import caller
from rapport.web.entrance.accounts import way
from rapport.web.entrance.accounts.forms import ForgottenForm, NewPasswordForm


@page("own_account", "read")
def account(request: PageRequest) -> HttpResponseBase:
    """Everything about how one signs in."""
    context: dict[str, Any] = {
        "account": own_account(viewer=request.actor, at=request.at),
        "is_staff": bool(request.actor.roles & STAFF),
        "room": way.room_of(request.actor),
        "zone": practice(viewer=request.actor, at=request.at).zone,
    }
    return way.show(request, "account", context)


@page("own_account", "edit", step_up=True)
def change_password(request: PageRequest) -> HttpResponseBase:
    """A new password ends every other sign-in."""
    form = NewPasswordForm(request.POST or None)
    if request.method != "POST":
        return way.show(request, "change_password", {"form": form})
    if not form.is_valid():
        return way.refused(request, "change_password", form)
    try:
        actions.change_password(
            actor=request.actor,
            at=request.at,
            password=form.cleaned_data["password"],
            practice_name=way.practice_name(request),
        )
    except PasswordTooWeak as problem:
        form.add_error("password", str(problem))
        return way.refused(request, "change_password", form)
    messages.success(request, _("Your password is changed. You were signed out everywhere else."))
    return redirect("entrance:account")


@require_POST
@page("own_account", "edit")
def end_sign_in(request: PageRequest, sign_in_id: UUID) -> HttpResponseBase:
    """Sign out one browser."""
    actions.end_own_sign_in(actor=request.actor, at=request.at, sign_in_id=sign_in_id)
    messages.success(request, _("That browser is signed out."))
    return redirect("entrance:account")


@require_POST
@page("own_account", "edit")
def sign_out_everywhere(request: PageRequest) -> HttpResponseBase:
    """Sign out every browser, this one too."""
    actions.sign_out_everywhere(actor=request.actor, at=request.at)
    return way.leave(request, redirect("entrance:sign_in"))


@page("public", "read")
def forgotten(request: PageRequest) -> HttpResponseBase:
    """Ask for a link. The answer is the same whether or not somebody signs in with this address."""
    form = ForgottenForm(request.POST or None)
    if request.method != "POST":
        return way.show(request, "forgotten", {"form": form})
    if not form.is_valid():
        return way.refused(request, "forgotten", form)
    try:
        actions.ask_for_reset(actor=request.actor, at=request.at, email=form.cleaned_data["email"], ip=caller(request))
    except TooManyTries as problem:
        return way.refused(request, "forgotten", form, problem=problem)
    return way.show(request, "forgotten", {"asked": True})


@page("public", "read")
def reset(request: PageRequest, token: str) -> HttpResponseBase:
    """Choose a new password with the link; signing in comes after, second factor and all."""
    form = NewPasswordForm(request.POST or None)
    if not link_works(kind=LinkKind.PASSWORD_RESET, token=token, at=request.at):
        return way.show(request, "link_dead", {}, status=410)
    if request.method != "POST":
        return way.show(request, "reset", {"form": form})
    if not form.is_valid():
        return way.refused(request, "reset", form)
    try:
        actions.reset_password(
            actor=request.actor,
            at=request.at,
            token=token,
            password=form.cleaned_data["password"],
            practice_name=way.practice_name(request),
        )
    except PasswordTooWeak as problem:
        form.add_error("password", str(problem))
        return way.refused(request, "reset", form)
    except LinkDead:
        return way.show(request, "link_dead", {}, status=410)
    messages.success(request, _("Your new password is set. Please sign in with it."))
    return redirect("entrance:sign_in")
