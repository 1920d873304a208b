"""The office: its front page, the practice, crisis contacts, what the country asks for, rooms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapport.practice.clients import queries as clients
from rapport.practice.organisation import actions
from rapport.practice.organisation.choices import Jurisdiction
from rapport.practice.organisation.queries import practice, rooms, safekeeping
from rapport.practice.organisation.rules import PracticeRefused
from rapport.practice.post.queries import post_state
from rapport.practice.safety.queries import count_of_alerts
from rapport.practice.security.accounts.queries import people
from rapport.web.doors.answers import see_other
from rapport.web.doors.page import PageRequest, page
from rapport.web.office.organisation.forms import (
    Contacts,
    JurisdictionForm,
    PackForm,
    PracticeForm,
    RoomForm,
    contacts_in,
)

TOO_LATE = timedelta(minutes=2)


@page("office", "read")
def front(request: PageRequest) -> HttpResponseBase:
    """The practice in numbers. Nothing here tells who or why."""
    viewer, at = request.actor, request.at
    post = post_state(viewer=viewer, at=at)
    context = {
        "practice": practice(viewer=viewer, at=at),
        "clients": clients.count(viewer=viewer, at=at),
        "colleagues": sum(person.disabled_at is None for person in people(viewer=viewer, at=at)),
        "rooms": len(rooms(viewer=viewer, at=at)),
        "alerts": count_of_alerts(viewer=viewer, at=at),
        "post": post,
        "safekeeping": safekeeping(viewer=viewer, at=at),
        "post_is_late": post.oldest_due is not None and at - post.oldest_due > TOO_LATE,
    }
    return render(request, "office/organisation/front.html", context)


@page("organisation", "edit")
def settings(request: PageRequest) -> HttpResponseBase:
    """Name, hours, closed days, who is on call."""
    facts = practice(viewer=request.actor, at=request.at)
    staff = [(p.id, p.name) for p in people(viewer=request.actor, at=request.at) if p.disabled_at is None]
    form = PracticeForm(request.POST or None, initial=PracticeForm.initial_from(facts), staff=staff)
    if form.is_valid() and _kept(
        form, lambda: actions.edit_practice(actor=request.actor, at=request.at, terms=form.terms())
    ):
        messages.success(request, _("Kept."))
        return see_other("office:practice")
    return _form(request, "office/organisation/practice.html", form, {"practice": facts})


@page("organisation", "edit")
def crisis_contacts(request: PageRequest) -> HttpResponseBase:
    """Whom clients can call now. Shown on every page for clients."""
    facts = practice(viewer=request.actor, at=request.at)
    first = [asdict(contact) for contact in facts.crisis]
    contacts = Contacts(request.POST or None, initial=first, prefix="contact")
    problem = ""
    if contacts.is_valid():
        pack = replace(facts.pack, crisis=contacts_in(contacts))
        try:
            actions.edit_pack(actor=request.actor, at=request.at, pack=pack)
        except PracticeRefused as refused:
            problem = str(refused)
        else:
            messages.success(request, _("The crisis contacts are kept. Clients see them from now on."))
            return see_other("office:crisis_contacts")
    wrong = bool(problem) or (contacts.is_bound and not contacts.is_valid())
    context = {"contacts": contacts, "problem": problem}
    return render(request, "office/organisation/contacts.html", context, status=422 if wrong else 200)


@page("organisation", "edit")
def country(request: PageRequest) -> HttpResponseBase:
    """Retention, age of consent, rights and limits: the practice's copy of its country's pack."""
    facts = practice(viewer=request.actor, at=request.at)
    form = PackForm(request.POST or None, initial=PackForm.initial_from(facts.pack))
    if form.is_valid() and _kept(
        form, lambda: actions.edit_pack(actor=request.actor, at=request.at, pack=form.pack(facts.pack))
    ):
        messages.success(request, _("Kept."))
        return see_other("office:country")
    again = JurisdictionForm(initial={"jurisdiction": facts.jurisdiction})
    return _form(request, "office/organisation/country.html", form, {"practice": facts, "again": again})


@page("organisation", "edit")
@require_POST
def change_country(request: PageRequest) -> HttpResponseBase:
    """Begin again with a pack as it ships."""
    again = JurisdictionForm(request.POST)
    if again.is_valid():
        chosen = Jurisdiction(again.cleaned_data["jurisdiction"])
        actions.change_jurisdiction(actor=request.actor, at=request.at, jurisdiction=chosen)
        messages.success(request, _("You begin again. Check each value before you rely on it."))
        return see_other("office:country")
    facts = practice(viewer=request.actor, at=request.at)
    form = PackForm(initial=PackForm.initial_from(facts.pack))
    context = {"practice": facts, "form": form, "again": again}
    return render(request, "office/organisation/country.html", context, status=422)


@page("organisation", "edit")
def meeting_rooms(request: PageRequest) -> HttpResponseBase:
    """The rooms one can book."""
    form = RoomForm(request.POST or None)
    if form.is_valid() and _kept(
        form, lambda: actions.add_room(actor=request.actor, at=request.at, name=form.cleaned_data["name"])
    ):
        messages.success(request, _("The room is added."))
        return see_other("office:rooms")
    every = rooms(viewer=request.actor, at=request.at, closed=True)
    return _form(request, "office/organisation/rooms.html", form, {"rooms": every})


@page("organisation", "edit")
@require_POST
def close_room(request: PageRequest, room_id: UUID) -> HttpResponseBase:
    """Give a room up."""
    actions.close_room(actor=request.actor, at=request.at, room_id=room_id)
    messages.success(request, _("The room can no longer be booked. Past sessions keep it."))
    return see_other("office:rooms")


def _kept(form: forms.Form, keep: Callable[[], object]) -> bool:
    """Do it, or write beside its field why it cannot be so."""
    try:
        keep()
    except PracticeRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return False
    return True


def _form(request: PageRequest, template: str, form: forms.Form, context: dict[str, Any]) -> HttpResponseBase:
    return render(request, template, {"form": form, **context}, status=422 if form.errors else 200)
