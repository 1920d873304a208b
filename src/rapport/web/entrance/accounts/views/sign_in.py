"""Signing in and out, unlocking, proving again."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapport.practice.security.accounts import actions
from rapport.practice.security.accounts.choices import Stage
from rapport.practice.security.accounts.queries import has_staff, own_account
from rapport.practice.security.accounts.rules.demo import is_demo
from rapport.practice.security.accounts.rules.limits import TooManyTries
from rapport.web.doors.page import PageRequest, page
from rapport.web.doors.sign_in import caller, device, token_in
from rapport.web.entrance.accounts import way
from rapport.web.entrance.accounts.forms import CodeForm, PasswordForm, SignInForm, StepUpForm


@page("public", "read")
def home(request: PageRequest) -> HttpResponseBase:
    """The house's own address leads everybody to their room."""
    if request.sign_in is not None and request.sign_in.is_somebody:
        return redirect(way.room_of(request.actor))
    return redirect("entrance:unlock" if request.sign_in and request.sign_in.is_locked else "entrance:sign_in")


@page("public", "read")
def sign_in(request: PageRequest) -> HttpResponseBase:
    """Address and password."""
    form = SignInForm(request.POST or None)
    context: dict[str, Any] = {"next": way.wanted(request), "is_demo": is_demo(), "is_open": has_staff()}
    if request.method != "POST":
        return way.show(request, "sign_in", {"form": form, **context})
    if not form.is_valid():
        return way.refused(request, "sign_in", form, context)
    try:
        entry = actions.sign_in_with_password(
            actor=request.actor,
            at=request.at,
            email=form.cleaned_data["email"],
            password=form.cleaned_data["password"],
            ip=caller(request),
            device=device(request),
        )
    except actions.WrongSignIn:
        return way.refused(request, "sign_in", form, context, problem=way.does_not_fit())
    except TooManyTries as problem:
        return way.refused(request, "sign_in", form, context, problem=problem)
    return way.let_in(request, entry)


@page("public", "read")
def second_factor(request: PageRequest) -> HttpResponseBase:
    """The digits of the moment, a recovery code or a passkey, after the password."""
    half = request.sign_in
    if half is None or half.stage != Stage.PASSWORD:
        return redirect("entrance:home")
    form = CodeForm(request.POST or None)
    context: dict[str, Any] = {"next": way.wanted(request)}
    if request.method != "POST":
        return way.show(request, "second_factor", {"form": form, **context})
    if not form.is_valid():
        return way.refused(request, "second_factor", form, context)
    try:
        entry = actions.pass_second_factor(
            actor=request.actor,
            at=request.at,
            sign_in=half,
            code=form.cleaned_data["code"],
            device=device(request),
        )
    except actions.WrongSignIn:
        words = _("These digits do not fit, or were used already. Wait for the next ones and try again.")
        return way.refused(request, "second_factor", form, context, problem=Exception(words))
    except TooManyTries as problem:
        return way.refused(request, "second_factor", form, context, problem=problem)
    return way.let_in(request, entry)


@require_POST
@page("public", "read")
def sign_out(request: PageRequest) -> HttpResponseBase:
    """The token dies at once, and the browser forgets what it kept."""
    if request.sign_in is not None:
        actions.end_sign_in(actor=request.sign_in.actor, at=request.at, token=token_in(request))
    response = redirect("entrance:sign_in")
    response.status_code = 303
    return way.leave(request, response)


@page("public", "read")
def unlock(request: PageRequest) -> HttpResponseBase:
    """Nobody was there for a while. The same person goes on where they were; nothing has ended."""
    locked = request.sign_in
    if locked is None or not locked.is_locked:
        return redirect(way.wanted(request) or "entrance:home")
    form = PasswordForm(request.POST or None)
    context: dict[str, Any] = {"next": way.wanted(request), "is_demo": is_demo(), "person": locked.actor.name}
    if request.method != "POST":
        return way.show(request, "unlock", {"form": form, **context})
    try:
        if is_demo() and "demo" in request.POST:
            token = actions.prove_in_demo(actor=locked.actor, at=request.at)
        elif form.is_valid():
            token = actions.unlock(actor=locked.actor, at=request.at, password=form.cleaned_data["password"])
        else:
            return way.refused(request, "unlock", form, context)
    except actions.WrongSignIn:
        return way.refused(request, "unlock", form, context, problem=Exception(_("This is not your password.")))
    except TooManyTries as problem:
        return way.refused(request, "unlock", form, context, problem=problem)
    return way.go_on(request, token, locked.actor)


@page("own_account", "edit")
def step_up(request: PageRequest) -> HttpResponseBase:
    """Before something that cannot be taken back: show once more who you are."""
    with_code = own_account(viewer=request.actor, at=request.at).has_second_factor
    form = StepUpForm(request.POST or None, with_code=with_code)
    context: dict[str, Any] = {"next": way.wanted(request), "is_demo": is_demo()}
    if request.method != "POST":
        return way.show(request, "step_up", {"form": form, **context})
    try:
        if is_demo() and "demo" in request.POST:
            token = actions.prove_in_demo(actor=request.actor, at=request.at)
        elif form.is_valid():
            token = actions.step_up(actor=request.actor, at=request.at, **form.cleaned_data)
        else:
            return way.refused(request, "step_up", form, context)
    except actions.WrongSignIn:
        return way.refused(request, "step_up", form, context, problem=way.does_not_fit())
    except TooManyTries as problem:
        return way.refused(request, "step_up", form, context, problem=problem)
    return way.go_on(request, token, request.actor)
