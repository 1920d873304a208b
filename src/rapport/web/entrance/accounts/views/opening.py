"""The founder's first hour, and the links into a demo."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponseBase

from rapport.practice.organisation.actions import AlreadyFounded, found_practice
from rapport.practice.organisation.choices import Jurisdiction
from rapport.practice.organisation.rules import PracticeRefused
from rapport.practice.security.accounts import actions
from rapport.practice.security.accounts.choices import LinkKind
from rapport.practice.security.accounts.queries import LinkDead, has_staff, link_works
from rapport.practice.security.accounts.rules.demo import is_demo
from rapport.practice.security.accounts.rules.passwords import PasswordTooWeak
from rapport.practice.security.policy.actor import Actor
from rapport.web.doors import refusals
from rapport.web.doors.page import PageRequest, page
from rapport.web.doors.sign_in import device, is_on_this_machine
from rapport.web.entrance.accounts import way
from rapport.web.entrance.accounts.forms import OpenPracticeForm

FIELD = {"name": "practice"}  # what the organisation calls a field, where the form calls it something else


@page("public", "read")
def open_practice(request: PageRequest, token: str) -> HttpResponseBase:
    """Found the practice with the link from the console. Once somebody works here this page is gone."""
    if has_staff():
        return refusals.not_found(request)
    if not link_works(kind=LinkKind.OPENING, token=token, at=request.at):
        return way.show(request, "link_dead", {"opening": True}, status=410)
    form = OpenPracticeForm(request.POST or None)
    if request.method != "POST":
        return way.show(request, "open_practice", {"form": form})
    if not form.is_valid():
        return way.refused(request, "open_practice", form)
    try:
        entry = _opened(request, token, form)
    except PasswordTooWeak as problem:
        form.add_error("password", str(problem))
        return way.refused(request, "open_practice", form)
    except PracticeRefused as problem:
        field = FIELD.get(problem.field, problem.field)
        form.add_error(field if field in form.fields else None, str(problem))
        return way.refused(request, "open_practice", form)
    except (LinkDead, AlreadyFounded):
        return way.show(request, "link_dead", {"opening": True}, status=410)
    return way.let_in(request, entry)


def _opened(request: PageRequest, token: str, form: OpenPracticeForm) -> actions.Entry:
    data = form.cleaned_data

    def found(actor: Actor) -> Any:
        law = Jurisdiction(data["jurisdiction"])
        return found_practice(actor=actor, at=request.at, terms=form.terms(), jurisdiction=law)

    opened = partial(actions.open_first_account, actor=request.actor, at=request.at, token=token, found=found)
    return opened(
        name=data["name"],
        email=data["email"],
        password=data["password"],
        practice_name=data["practice"],
        is_therapist=data["is_therapist"],
        device=device(request),
    )


@page("public", "read")
def demo(request: PageRequest, token: str) -> HttpResponseBase:
    """Walk into the demo practice. A real practice does not have this page."""
    if not is_demo() or not is_on_this_machine(request):
        return refusals.not_found(request)
    if request.method != "POST":
        if not link_works(kind=LinkKind.DEMO, token=token, at=request.at):
            return way.show(request, "link_dead", {"demo_link": True}, status=410)
        return way.show(request, "demo", {})
    try:
        entry = actions.enter_demo(actor=request.actor, at=request.at, token=token, device=device(request))
    except LinkDead:
        return way.show(request, "link_dead", {"demo_link": True}, status=410)
    return way.let_in(request, entry)
