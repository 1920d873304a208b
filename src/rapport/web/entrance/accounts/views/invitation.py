"""Invitations into the portal: made, handed over, accepted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapport.practice.clients.queries import contact
from rapport.practice.organisation.queries import practice
from rapport.practice.post.rules import permission
from rapport.practice.security.accounts import actions
from rapport.practice.security.accounts.queries import LinkDead, portal_access
from rapport.practice.security.accounts.queries import invitation as invitation_of
from rapport.practice.security.accounts.rules.passwords import PasswordTooWeak
from rapport.web.doors.page import PageRequest, page
from rapport.web.doors.sign_in import device
from rapport.web.entrance.accounts import way
from rapport.web.entrance.accounts.forms import InvitationForm


@page("invitation", "create")
def invite_client(request: PageRequest, client_id: UUID) -> HttpResponseBase:
    """Send the invitation, or show it once to be printed and handed over. The post asks safe contact again."""
    access = portal_access(viewer=request.actor, at=request.at, client_id=client_id)
    facts = contact(viewer=request.actor, at=request.at, client_id=client_id)
    may_send = not permission(client_id, "invitation", request.at).held
    context: dict[str, Any] = {
        "client": facts,
        "access": access,
        "may_send": may_send,
        "back": way.wanted(request) or way.room_of(request.actor),
        "practice": practice(viewer=request.actor, at=request.at),
    }
    if request.method != "POST":
        return way.show(request, "invite_client", context)
    send = may_send and request.POST.get("how") == "send"
    try:
        link = actions.invite_client(
            actor=request.actor,
            at=request.at,
            client_id=client_id,
            name=facts.name,
            email=facts.details.email,
            send=send,
        )
    except actions.AlreadyIn:
        messages.info(request, _("This person has an account already."))
        return redirect(request.get_full_path())
    if send:
        messages.success(request, _("The invitation is on its way."))
        return redirect(request.get_full_path())
    return way.show(
        request, "invitation_sheet", {**context, "link": link, "address": link.address("entrance:invitation")}
    )


@require_POST
@page("invitation", "create")
def revoke_invitation(request: PageRequest, invitation_id: UUID) -> HttpResponseBase:
    """Make an invitation useless."""
    actions.revoke_invitation(actor=request.actor, at=request.at, invitation_id=invitation_id)
    messages.success(request, _("The invitation no longer works."))
    return redirect(way.wanted(request) or way.room_of(request.actor))


@page("public", "read")
def invitation(request: PageRequest, token: str) -> HttpResponseBase:
    """Who invites, and a password of one's own."""
    try:
        facts = invitation_of(token=token, at=request.at)
    except LinkDead:
        return way.show(request, "link_dead", {}, status=410)
    form = InvitationForm(request.POST or None, is_staff=facts.is_staff)
    context: dict[str, Any] = {"facts": facts, "practice": practice(viewer=request.actor, at=request.at)}
    if request.method != "POST":
        return way.show(request, "invitation", {"form": form, **context})
    if not form.is_valid():
        return way.refused(request, "invitation", form, context)
    try:
        entry = actions.accept_invitation(
            actor=request.actor,
            at=request.at,
            token=token,
            practice_name=context["practice"].name,
            device=device(request),
            language=get_language() or "",
            **form.cleaned_data,
        )
    except PasswordTooWeak as problem:
        form.add_error("password", str(problem))
        return way.refused(request, "invitation", form, context)
    except actions.AddressTaken:
        words = _("This address cannot be used here. Please use another one, or sign in if you have an account.")
        form.add_error("email" if "email" in form.fields else None, words)
        return way.refused(request, "invitation", form, context)
    except LinkDead:
        return way.show(request, "link_dead", {}, status=410)
    return way.let_in(request, entry)
