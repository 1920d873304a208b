"""My agreement and my goals."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from rapport.clinical.episodes.contract import MissedCharge
from rapport.practice.clients.choices import ConsentFacts, Purpose
from rapport.practice.clients.queries import consents
from rapport.practice.episodes import actions, queries
from rapport.practice.episodes.choices import MOST_GOALS, ContractFacts, EpisodeFacts, GoalMark
from rapport.practice.episodes.rules import EpisodeRefused
from rapport.practice.organisation.queries import practice
from rapport.practice.security.accounts.queries import staff_names
from rapport.practice.security.policy.access import not_found
from rapport.practice.security.policy.actor import Thing
from rapport.web.doors.answers import see_other
from rapport.web.doors.page import PageRequest, page
from rapport.web.portal.episodes.forms import AcceptForm, GoalForm

CHARGES = {
    MissedCharge.FULL: gettext_lazy("you pay the full fee"),
    MissedCharge.PART: gettext_lazy("you pay half the fee"),
    MissedCharge.NONE: gettext_lazy("you pay nothing"),
}
OFTEN = {
    "2": gettext_lazy("twice a week"),
    "1": gettext_lazy("every week"),
    "0.5": gettext_lazy("every two weeks"),
    "0.25": gettext_lazy("every four weeks"),
}


@page("contract", "read")
@require_safe
def agreement(request: PageRequest) -> HttpResponseBase:
    """What we agree on, in plain words, and whether I said yes."""
    return _agreement_page(request, None)


@page("contract", "accept")
@require_POST
def accept(request: PageRequest, contract_id: UUID) -> HttpResponseBase:
    """I say yes to the newest agreement."""
    mine = _my_course(request, "accept", "contract")
    treatment = _treatment(request, mine)
    form = AcceptForm(request.POST, already_agreed=treatment.given)
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.accept_contract(
                actor=request.actor,
                at=request.at,
                episode_id=mine.id,
                contract_id=contract_id,
                crisis_shown=said["crisis_shown"],
                treatment_text=treatment.newest.version if said.get("treatment") else None,
            )
        except EpisodeRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Thank you. You can read the agreement here whenever you like."))
            return see_other("portal:agreement")
    return _agreement_page(request, form)


@page("goal", "read")
@require_safe
def goals(request: PageRequest) -> HttpResponseBase:
    """What I want, and how near it is."""
    return _goals_page(request, GoalForm())


@page("goal", "edit")
@require_POST
def add_goal(request: PageRequest) -> HttpResponseBase:
    """I add a goal."""
    mine = _my_course(request, "edit", "goal")
    form = GoalForm(request.POST)
    if form.is_valid():
        try:
            actions.add_goal(
                actor=request.actor,
                at=request.at,
                episode_id=mine.id,
                words_of_client=form.cleaned_data["words"],
            )
        except EpisodeRefused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("Your goal is kept. How near is it today?"))
            return see_other("portal:goals")
    return _goals_page(request, form)


@page("goal", "edit")
@require_POST
def rate_goal(request: PageRequest, goal_id: UUID) -> HttpResponseBase:
    """I say how near a goal is, or that I am done with it."""
    given: dict[str, Any] = {"actor": request.actor, "at": request.at, "goal_id": goal_id}
    value, mark = request.POST.get("value", ""), request.POST.get("mark", "")
    try:
        if mark in set(GoalMark):
            actions.mark_goal(**given, mark=GoalMark(mark))
            messages.success(request, _("Kept. There is room for another goal now."))
        elif value.isascii() and value.isdigit() and len(value) <= 2:
            actions.rate_goal(**given, value=int(value))
            messages.success(request, _("Kept. Thank you."))
        else:
            messages.warning(request, _("Choose a number from 0 to 10."))
    except EpisodeRefused as refusal:
        messages.warning(request, str(refusal))
    return see_other("portal:goals")


def _agreement_page(request: PageRequest, form: AcceptForm | None) -> HttpResponse:
    given: dict[str, Any] = {"viewer": request.actor, "at": request.at}
    mine = queries.own_episode(**given)
    found = queries.contract(**given, episode_id=mine.id) if mine else None
    context: dict[str, Any] = {"contract": found}
    if mine and found:
        treatment = _treatment(request, mine)
        context |= _told(request, found)
        context["treatment"] = treatment
        context["form"] = form or AcceptForm(already_agreed=treatment.given)
    return render(request, "portal/episodes/agreement.html", context, status=422 if form else 200)


def _told(request: PageRequest, facts: ContractFacts) -> dict[str, Any]:
    agreed = facts.agreement
    place = practice(viewer=request.actor, at=request.at)
    return {
        "agreement": agreed,
        "often": OFTEN.get(f"{agreed.per_week.normalize():f}", _("as we arrange")),
        "charge": CHARGES[agreed.charge],
        "reviews": ", ".join(str(number) for number in agreed.reviews),
        "therapist": staff_names().get(facts.therapist_id, place.name),
        "crisis": place.crisis,
    }


def _goals_page(request: PageRequest, form: GoalForm) -> HttpResponse:
    mine = queries.own_episode(viewer=request.actor, at=request.at)
    found = queries.goal_series(viewer=request.actor, at=request.at, episode_id=mine.id) if mine else ()
    active = [goal for goal in found if goal.is_active]
    context = {
        "mine": mine,
        "active": active,
        "reached": [goal for goal in found if goal.mark is GoalMark.REACHED],
        "room": MOST_GOALS - len(active) if mine else 0,
        "form": form,
    }
    return render(request, "portal/episodes/goals.html", context, status=422 if form.errors else 200)


def _my_course(request: PageRequest, action: str, resource: str) -> EpisodeFacts:
    mine = queries.own_episode(viewer=request.actor, at=request.at)
    if mine is None:
        raise not_found(request.actor, action, Thing(resource, client=request.actor.client_id), at=request.at)
    return mine


def _treatment(request: PageRequest, mine: EpisodeFacts) -> ConsentFacts:
    found = consents(viewer=request.actor, at=request.at, client_id=mine.client_id)
    return next(each for each in found if each.purpose is Purpose.TREATMENT)
