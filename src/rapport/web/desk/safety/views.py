"""Alerts, one at a time, and the client's safety plan."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rapport.practice.episodes.queries import episode
from rapport.practice.measures.queries import answer_in_words, open_questions
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.safety.actions import (
    AlreadyAnswered,
    PlanChanged,
    PlanTooLong,
    WordsNeeded,
    acknowledge_alert,
    close_alert,
    write_safety_plan,
)
from rapport.practice.safety.choices import Contact
from rapport.practice.safety.queries import alert as alert_facts
from rapport.practice.safety.queries import closed_alerts, open_alerts, safety_plan
from rapport.web.desk.episodes.header import case_header
from rapport.web.desk.safety.forms import ActForm, CloseForm, PlanForm
from rapport.web.doors.page import PageRequest, page


@page("alert", "list")
@require_safe
def alerts(request: PageRequest) -> HttpResponse:
    """What waits, the most pressing first; questions left open; what was closed last."""
    viewer, at = request.actor, request.at
    context = {
        "open": open_alerts(viewer=viewer, at=at),
        "questions": open_questions(viewer=viewer, at=at),
        "closed": closed_alerts(viewer=viewer, at=at),
        "zone": practice_zone(),
    }
    return render(request, "desk/safety/alerts.html", context)


@page("alert", "read")
def alert(request: PageRequest, alert_id: UUID) -> HttpResponseBase:
    """One alert: what was said, what has happened since, and what to do now."""
    form = ActForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                acknowledge_alert(
                    actor=request.actor,
                    at=request.at,
                    alert_id=alert_id,
                    did=form.cleaned_data["did"],
                    contact=Contact(form.cleaned_data["contact"]),
                )
            except (AlreadyAnswered, WordsNeeded):
                form.add_error(
                    None, _("Somebody else acted on this first. Their words are below, yours are still here.")
                )
                status = 409
            else:
                return _see_other("desk:alert", alert_id)
    return _alert(request, alert_id, form, CloseForm(), status)


@page("alert", "acknowledge")
@require_POST
def close(request: PageRequest, alert_id: UUID) -> HttpResponseBase:
    """Close one alert that was acted on."""
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _alert(request, alert_id, ActForm(), form, 422)
    try:
        close_alert(actor=request.actor, at=request.at, alert_id=alert_id, outcome=form.cleaned_data["outcome"])
    except (AlreadyAnswered, WordsNeeded):
        form.add_error(None, _("This alert cannot be closed now: say first what you did, or it is closed already."))
        return _alert(request, alert_id, ActForm(), form, 409)
    return _see_other("desk:alert", alert_id)


@page("safety_plan", "read")
@require_safe
def plan(request: PageRequest, episode_id: UUID) -> HttpResponse:
    """The client's plan; that it was read is recorded."""
    case = case_header(request, episode_id)
    facts = safety_plan(viewer=request.actor, at=request.at, client_id=case.client_id)
    return render(request, "desk/safety/plan.html", {"case": case, "plan": facts, "zone": practice_zone()})


@page("safety_plan", "edit")
def edit_plan(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """Write in the plan together with the client."""
    course = episode(viewer=request.actor, at=request.at, episode_id=episode_id)
    facts = safety_plan(viewer=request.actor, at=request.at, client_id=course.client_id)
    form = PlanForm(request.POST or None, steps=facts.steps, initial={"based_on": facts.number})
    meanwhile = None
    if request.method == "POST" and form.is_valid():
        try:
            write_safety_plan(
                actor=request.actor,
                at=request.at,
                client_id=course.client_id,
                steps=form.steps,
                based_on=form.cleaned_data["based_on"],
            )
        except PlanChanged:
            meanwhile = facts
            form = PlanForm({**request.POST.dict(), "based_on": facts.number}, steps=facts.steps)
        except PlanTooLong:
            form.add_error(None, _("A step has room for twelve short lines."))
        else:
            return _see_other("desk:plan", episode_id)
    status = 409 if meanwhile else 422 if request.method == "POST" else 200
    context = {"episode": course, "form": form, "meanwhile": meanwhile}
    return render(request, "desk/safety/edit_plan.html", context, status=status)


def _alert(request: PageRequest, alert_id: UUID, act: ActForm, close: CloseForm, status: int) -> HttpResponse:
    facts = alert_facts(viewer=request.actor, at=request.at, alert_id=alert_id)
    context = {
        "alert": facts,
        "said": answer_in_words(viewer=request.actor, at=request.at, evidence=facts.evidence),
        "act": act,
        "close": close,
        "zone": practice_zone(),
    }
    return render(request, "desk/safety/alert.html", context, status=status)


def _see_other(name: str, subject: UUID) -> HttpResponseBase:
    response = redirect(name, subject)
    response.status_code = 303
    return response
