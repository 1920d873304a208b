"""People of the practice: invited, given roles, disabled. A manager never sets a password."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapport.practice.organisation.queries import practice
from rapport.practice.security.accounts import actions
from rapport.practice.security.accounts.queries import people as everybody
from rapport.practice.security.accounts.queries import staff_invitations
from rapport.practice.security.accounts.rules.leaving import LastManager, StillNeeded
from rapport.practice.security.approvals.actions import AlreadyWaiting, request_act
from rapport.practice.security.policy.actor import Role
from rapport.web.doors.page import PageRequest, page
from rapport.web.office.accounts.forms import ROLES, InviteStaffForm, RoleForm


@page("account", "list")
def people(request: PageRequest) -> HttpResponseBase:
    """Everybody who works here, and who is invited."""
    context = {
        "people": everybody(viewer=request.actor, at=request.at),
        "invitations": staff_invitations(viewer=request.actor, at=request.at),
        "me": request.actor.id,
        "roles": ROLES,
        "zone": practice(viewer=request.actor, at=request.at).zone,
    }
    return render(request, "office/accounts/people.html", context)


@page("account", "create", step_up=True)
def invite_staff(request: PageRequest) -> HttpResponseBase:
    """Invite a colleague by post, or show the invitation to be handed over."""
    form = InviteStaffForm(request.POST or None)
    if request.method != "POST":
        return _form(request, form)
    if not form.is_valid():
        return _form(request, form, status=422)
    send = request.POST.get("how") != "show"
    try:
        link = actions.invite_staff(
            actor=request.actor,
            at=request.at,
            name=form.cleaned_data["name"],
            email=form.cleaned_data["email"],
            roles=frozenset(Role(role) for role in form.cleaned_data["roles"]),
            send=send,
        )
    except actions.AddressTaken:
        form.add_error("email", _("Somebody signs in with this address already."))
        return _form(request, form, status=422)
    if send:
        messages.success(request, _("The invitation is on its way."))
        return redirect("office:people")
    context = {"address": link.address("entrance:invitation"), "name": form.cleaned_data["name"]}
    return render(request, "office/accounts/invitation_sheet.html", context)


def _form(request: PageRequest, form: InviteStaffForm, status: int = 200) -> HttpResponseBase:
    return render(request, "office/accounts/invite_staff.html", {"form": form}, status=status)


@require_POST
@page("account", "grant", step_up=True)
def change_role(request: PageRequest, account_id: UUID) -> HttpResponseBase:
    """Give or end one role of somebody else."""
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This is not a role one can give."))
        return redirect("office:people")
    doing = actions.grant_role if form.cleaned_data["what"] == "grant" else actions.end_role
    role = Role(form.cleaned_data["role"])
    try:
        doing(actor=request.actor, at=request.at, account_id=account_id, role=role)
        messages.success(request, _("Done. They sign in once more, and the change counts."))
    except actions.OwnRole:
        _ask_for_own(request, account_id, role, form.cleaned_data["what"])
    except actions.OnlyRole:
        messages.error(request, _("This is their only role. Close the account instead."))
    except (LastManager, StillNeeded) as problem:
        messages.error(request, _refusal(problem))
    return redirect("office:people")


def _ask_for_own(request: PageRequest, account_id: UUID, role: Role, what: str) -> None:
    """A role for oneself: another manager agrees to it, or 72 hours pass where there is none."""
    if what != "grant":
        messages.error(request, _("Nobody changes their own roles. Another manager has to do it."))
        return
    try:
        request_act(
            actor=request.actor, at=request.at, act="grant_role", subject=account_id, facts={"role": role.value}
        )
        messages.info(request, _("Asked for. It waits with the two-person acts and can be called off there."))
    except AlreadyWaiting:
        messages.info(request, _("You asked for this already. It waits with the two-person acts."))


@require_POST
@page("account", "edit", step_up=True)
def disable(request: PageRequest, account_id: UUID) -> HttpResponseBase:
    """Somebody leaves, from the next click on."""
    try:
        actions.disable_account(actor=request.actor, at=request.at, account_id=account_id)
        messages.success(request, _("The account is closed. What they wrote stays."))
    except (LastManager, StillNeeded) as problem:
        messages.error(request, _refusal(problem))
    return redirect("office:people")


@require_POST
@page("account", "edit", step_up=True)
def enable(request: PageRequest, account_id: UUID) -> HttpResponseBase:
    """Somebody comes back."""
    actions.enable_account(actor=request.actor, at=request.at, account_id=account_id)
    messages.success(request, _("The account is open again."))
    return redirect("office:people")


@require_POST
@page("account", "create")
def revoke(request: PageRequest, invitation_id: UUID) -> HttpResponseBase:
    """Make an invitation useless."""
    actions.revoke_invitation(actor=request.actor, at=request.at, invitation_id=invitation_id)
    messages.success(request, _("The invitation no longer works."))
    return redirect("office:people")


def _refusal(problem: Exception) -> Any:
    if isinstance(problem, LastManager):
        return _("Without this person nobody could manage the practice. Make somebody else a manager first.")
    return str(problem)
