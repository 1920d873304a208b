"""What waits for a second person, and asking for it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapport.practice.clients.queries import contact, names
from rapport.practice.security.accounts.queries import staff_names
from rapport.practice.security.approvals import actions
from rapport.practice.security.approvals.queries import WaitingAct, waiting_acts
from rapport.web.doors.page import PageRequest, page
from rapport.web.office.approvals.forms import ErasureForm


@page("approval", "list")
def waiting(request: PageRequest) -> HttpResponse:
    acts = waiting_acts(viewer=request.actor, at=request.at)
    people = staff_names()
    clients = names(viewer=request.actor, at=request.at, client_ids=[act.subject for act in acts])
    rows = [
        (act, _title(act, clients.get(act.subject) or people.get(act.subject, "")), people.get(act.requested_by, ""))
        for act in acts
    ]
    return render(request, "office/approvals/waiting.html", {"rows": rows})


@page("approval", "create", step_up=True)
def erase(request: PageRequest, client: UUID) -> HttpResponse:
    facts = contact(viewer=request.actor, at=request.at, client_id=client)
    form = ErasureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.request_act(
                actor=request.actor,
                at=request.at,
                act="erase_client",
                subject=client,
                facts={"ground": form.cleaned_data["ground"]},
            )
        except actions.AlreadyWaiting:
            messages.info(request, _("This erasure was asked for already and waits."))
        return redirect("office:approvals")
    status = 422 if form.is_bound else 200
    return render(request, "office/approvals/erase.html", {"form": form, "client": facts}, status=status)


@page("approval", "decide", step_up=True)
@require_POST
def approve(request: PageRequest, act: UUID) -> HttpResponse:
    try:
        actions.approve_act(actor=request.actor, at=request.at, act_id=act)
        messages.success(request, _("Approved. It happens within a minute."))
    except actions.NeedsAnother:
        messages.error(request, _("You asked for this yourself. Another manager has to approve it."))
    return redirect("office:approvals")


@page("approval", "decide")
@require_POST
def cancel(request: PageRequest, act: UUID) -> HttpResponse:
    actions.cancel_act(actor=request.actor, at=request.at, act_id=act)
    messages.success(request, _("Called off. Nothing was changed."))
    return redirect("office:approvals")


def _title(act: WaitingAct, name: str) -> str:
    if act.act == "erase_client":
        return _("Erase %(name)s") % {"name": name}
    return _("Give %(name)s the role %(role)s") % {"name": name, "role": act.facts.get("role", "")}
