"""The therapist's directory, a client's details, safe contact and consents."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapport.practice.clients import actions, queries
from rapport.practice.clients.choices import ConsentFacts, ConsentMethod, Purpose
from rapport.practice.clients.rules.consenting import NothingToWithdraw, UnknownConsentText
from rapport.practice.episodes.queries import courses_of
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.security.policy.access import can, not_found
from rapport.practice.security.policy.actor import Thing
from rapport.web.desk.clients.forms import ClientForm, ConsentForm, SafeContactForm
from rapport.web.desk.clients.words import safe_words
from rapport.web.desk.episodes.words import STATES
from rapport.web.doors.answers import see_other
from rapport.web.doors.page import PageRequest, page

MOST_SHOWN = 200


@page("client", "list")
def clients(request: PageRequest) -> HttpResponseBase:
    """The clients in this therapist's care, by name."""
    search = request.GET.get("q", "")[:100]
    found = queries.directory(viewer=request.actor, at=request.at, search=search, own=True)
    context = {"clients": found[:MOST_SHOWN], "total": len(found), "most": MOST_SHOWN, "search": search}
    return render(request, "desk/clients/directory.html", context)


@page("client", "read")
def client(request: PageRequest, client_id: UUID) -> HttpResponseBase:
    """Who a client is and how to reach them."""
    facts = queries.contact(viewer=request.actor, at=request.at, client_id=client_id)
    consents = queries.consents(viewer=request.actor, at=request.at, client_id=client_id)
    courses = courses_of(viewer=request.actor, at=request.at, client_id=client_id)
    context = {
        "client": facts,
        "consents": consents,
        "words": safe_words(facts.safe.contact),
        "courses": [(course, STATES[course.state]) for course in courses],
    }
    return render(request, "desk/clients/client.html", context)


@page("client", "edit")
def edit_client(request: PageRequest, client_id: UUID) -> HttpResponseBase:
    """Correct or complete the details; a namesake is pointed out, never merged."""
    facts = queries.contact(viewer=request.actor, at=request.at, client_id=client_id)
    first = ClientForm.initial_from(facts.details)
    form = ClientForm(request.POST or None, initial=first, today=today(request))
    if form.is_valid():
        details = form.details()
        actions.edit_client(actor=request.actor, at=request.at, client_id=client_id, details=details)
        messages.success(request, _("The details are kept."))
        if queries.namesakes(
            viewer=request.actor,
            at=request.at,
            name=details.name,
            date_of_birth=details.date_of_birth,
            besides=client_id,
        ):
            messages.warning(request, _("Another client has the same name and may be the same person. Please check."))
        return see_other("desk:client", client_id)
    return shown(request, "desk/clients/edit.html", form, {"client": facts})


@page("safe_contact", "edit")
def safe_contact(request: PageRequest, client_id: UUID) -> HttpResponseBase:
    """How a client may be reached. A change is a new version; the old ones stay."""
    facts = queries.contact(viewer=request.actor, at=request.at, client_id=client_id)
    form = SafeContactForm(request.POST or None, initial=SafeContactForm.initial_from(facts.safe.contact))
    if form.is_valid():
        actions.set_safe_contact(actor=request.actor, at=request.at, client_id=client_id, contact=form.contact())
        messages.success(request, _("The safe contact is kept. It holds from now on, for waiting messages too."))
        return see_other("desk:client", client_id)
    return shown(request, "desk/clients/safe_contact.html", form, {"client": facts})


@page("consent", "read")
def consents(request: PageRequest, client_id: UUID) -> HttpResponseBase:
    """Where each consent stands, with its history."""
    return consent_page(request, client_id, None)


@page("consent", "record")
@require_POST
def record_consent(request: PageRequest, client_id: UUID, purpose: str) -> HttpResponseBase:
    """Record what a client said, spoken or on paper."""
    asked = purpose_named(request, client_id, purpose)
    form = ConsentForm(request.POST, prefix=asked)
    if not form.is_valid():
        return consent_page(request, client_id, (asked, form))
    said = form.cleaned_data
    given: dict[str, Any] = {
        "actor": request.actor,
        "at": request.at,
        "client_id": client_id,
        "purpose": asked,
        "text_version": said["version"],
        "method": ConsentMethod(said["method"]),
    }
    try:
        if said["answer"] == "yes":
            actions.give_consent(**given, scope=said["scope"])
        else:
            actions.refuse_consent(**given)
    except UnknownConsentText:
        form.add_error(None, _("The words have changed since this page was opened. Read them again."))
        return consent_page(request, client_id, (asked, form))
    messages.success(request, _("Their answer is kept."))
    return see_other("desk:client_consents", client_id)


@page("consent", "withdraw")
@require_POST
def withdraw_consent(request: PageRequest, client_id: UUID, purpose: str) -> HttpResponseBase:
    """Take a consent back because the client said so."""
    asked = purpose_named(request, client_id, purpose)
    try:
        actions.withdraw_consent(
            actor=request.actor, at=request.at, client_id=client_id, purpose=asked, method=ConsentMethod.SPOKEN
        )
    except NothingToWithdraw:
        messages.info(request, _("This had already been taken back."))
    else:
        messages.success(request, _("The consent is taken back."))
    return see_other("desk:client_consents", client_id)


def consent_page(request: PageRequest, client_id: UUID, bound: tuple[Purpose, ConsentForm] | None) -> HttpResponse:
    facts = queries.contact(viewer=request.actor, at=request.at, client_id=client_id)
    rows = queries.consents(viewer=request.actor, at=request.at, client_id=client_id)
    may_record = can(request.actor, "record", Thing("consent", client=client_id), at=request.at).allow
    context = {
        "client": facts,
        "cards": [(row, consent_form(row, bound)) for row in rows],
        "history": queries.consent_history(viewer=request.actor, at=request.at, client_id=client_id),
        "may_record": may_record,
    }
    return render(request, "desk/clients/consents.html", context, status=422 if bound else 200)


def consent_form(row: ConsentFacts, bound: tuple[Purpose, ConsentForm] | None) -> ConsentForm:
    form = bound[1] if bound and bound[0] is row.purpose else None
    form = form or ConsentForm(prefix=row.purpose, initial={"version": row.newest.version})
    if row.purpose is not Purpose.SHARE_WITH:
        del form.fields["scope"]
    return form


def purpose_named(request: PageRequest, client_id: UUID, name: str) -> Purpose:
    """The purpose in the address, or the refusal for what does not exist."""
    if name not in set(Purpose):
        raise not_found(request.actor, "read", Thing("consent", id=client_id, client=client_id), at=request.at)
    return Purpose(name)


def shown(request: PageRequest, template: str, form: Any, context: dict[str, Any]) -> HttpResponse:
    """A form, again with what was typed if it could not be kept."""
    return render(request, template, {"form": form, **context}, status=422 if form.errors else 200)


def today(request: PageRequest) -> date:
    return request.at.astimezone(practice_zone()).date()
