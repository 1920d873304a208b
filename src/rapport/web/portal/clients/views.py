"""What a client sees and decides about themselves: details, contact, consents."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapport.practice.clients import actions, queries
from rapport.practice.clients.choices import ConsentMethod, Purpose
from rapport.practice.clients.rules.consenting import NothingToWithdraw, UnknownConsentText
from rapport.practice.clients.rules.wording import DetailRefused
from rapport.practice.clients.rules.zones import place_of
from rapport.practice.security.accounts.actions import choose_language
from rapport.practice.security.policy.access import Forbidden, not_found
from rapport.practice.security.policy.actor import Thing
from rapport.web.doors.answers import see_other
from rapport.web.doors.page import PageRequest, page
from rapport.web.portal.clients.forms import ContactForm, LanguageForm, ZoneForm


@page("portal", "read")
def me(request: PageRequest) -> HttpResponseBase:
    """What the practice has written down about who I am."""
    facts = queries.contact(viewer=request.actor, at=request.at, client_id=own_id(request))
    here = queries.own_zone(viewer=request.actor, at=request.at)
    return render(request, "portal/clients/me.html", {"client": facts, "place": place_of(here)})


@page("client_zone", "edit")
def my_zone(request: PageRequest) -> HttpResponseBase:
    """On which clock I live, so that times say what my own clock says."""
    client_id = own_id(request)
    facts = queries.contact(viewer=request.actor, at=request.at, client_id=client_id)
    form = ZoneForm(request.POST or None, initial={"zone": facts.details.zone})
    if request.method == "POST" and form.is_valid():
        zone = form.cleaned_data["zone"]
        actions.set_zone(actor=request.actor, at=request.at, client_id=client_id, zone=zone)
        messages.success(request, _("Kept. Times now follow your clock."))
        return see_other("portal:me")
    return render(request, "portal/clients/zone.html", {"form": form}, status=422 if form.errors else 200)


@page("own_language", "edit")
def my_language(request: PageRequest) -> HttpResponseBase:
    """In which language my pages and my mails speak."""
    chosen = request.sign_in.language if request.sign_in else ""
    form = LanguageForm(request.POST or None, initial={"language": chosen})
    if request.method == "POST" and form.is_valid():
        language = form.cleaned_data["language"]
        choose_language(actor=request.actor, at=request.at, language=language)
        with translation.override(language or get_language()):
            messages.success(request, _("Kept. We speak this language with you from now on."))
        return see_other("portal:me")
    return render(request, "portal/clients/language.html", {"form": form}, status=422 if form.errors else 200)


@page("safe_contact", "edit")
def contact(request: PageRequest) -> HttpResponseBase:
    """How I may be reached."""
    client_id = own_id(request)
    safe = queries.safe_contact(viewer=request.actor, at=request.at, client_id=client_id)
    form = ContactForm(request.POST or None, initial=ContactForm.initial_from(safe.contact))
    if form.is_valid():
        actions.set_safe_contact(actor=request.actor, at=request.at, client_id=client_id, contact=form.contact())
        messages.success(request, _("Kept. We follow this from now on."))
        return see_other("portal:me")
    context = {"form": form, "asked": safe.version > 0}
    return render(request, "portal/clients/contact.html", context, status=422 if form.errors else 200)


@page("consent", "read")
def consents(request: PageRequest) -> HttpResponseBase:
    """What I agreed to, one card for each purpose."""
    rows = queries.consents(viewer=request.actor, at=request.at, client_id=own_id(request))
    return render(request, "portal/clients/consents.html", {"consents": rows})


@page("consent", "record")
@require_POST
def say(request: PageRequest, purpose: str) -> HttpResponseBase:
    """I say yes, or no, or take my yes back: one click, at once."""
    client_id, asked = own_id(request), purpose_named(request, purpose)
    try:
        keep_answer(request, client_id, asked)
    except NothingToWithdraw:
        messages.info(request, _("You had already taken this back."))
    except (UnknownConsentText, DetailRefused, ValueError):
        messages.warning(request, _("That did not work. Please read the words again and choose."))
    else:
        messages.success(request, _("Kept. You can change this at any time."))
    return see_other("portal:consents")


def keep_answer(request: PageRequest, client_id: UUID, asked: Purpose) -> None:
    actor, at, answer = request.actor, request.at, request.POST.get("answer", "")
    if answer == "withdraw":
        actions.withdraw_consent(actor=actor, at=at, client_id=client_id, purpose=asked)
        return
    version = int(request.POST.get("version", ""))
    if answer == "yes":
        actions.give_consent(
            actor=actor,
            at=at,
            client_id=client_id,
            purpose=asked,
            text_version=version,
            method=ConsentMethod.PORTAL,
            scope=request.POST.get("scope", "") if asked is Purpose.SHARE_WITH else "",
        )
    elif answer == "no":
        actions.refuse_consent(
            actor=actor, at=at, client_id=client_id, purpose=asked, text_version=version, method=ConsentMethod.PORTAL
        )
    else:
        raise ValueError("unknown answer")


def own_id(request: PageRequest) -> UUID:
    """The client behind this account; staff have no portal of their own."""
    if request.actor.client_id is None:
        raise Forbidden(request.actor, "read", Thing("portal"), request.at, "no client of their own")
    return request.actor.client_id


def purpose_named(request: PageRequest, name: str) -> Purpose:
    """The purpose in the address, or the refusal for what does not exist."""
    if name not in set(Purpose):
        raise not_found(request.actor, "read", Thing("consent"), at=request.at)
    return Purpose(name)
