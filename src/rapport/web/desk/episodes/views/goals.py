"""Goals: added, rated, finished."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from rapport.practice.episodes import actions, queries
from rapport.practice.episodes.choices import MOST_GOALS, GoalMark
from rapport.practice.episodes.rules import EpisodeRefused
from rapport.web.desk.episodes.forms import refused
from rapport.web.desk.head import case_header
from rapport.web.doors.answers import see_other
from rapport.web.doors.page import PageRequest, page

MARKS = {GoalMark.REACHED: gettext_lazy("reached"), GoalMark.SET_ASIDE: gettext_lazy("set aside")}


class GoalForm(forms.Form):
    """A goal in the client's words."""

    words = forms.CharField(
        label=gettext_lazy("What would they like to be different?"), max_length=300,
        help_text=gettext_lazy(
            "Towards something rather than away. What would others see? How would one more point look?"
        ),
    )  # fmt: skip
    value = forms.IntegerField(
        label=gettext_lazy("How near is it now, 0 to 10"), required=False, min_value=0, max_value=10
    )


@page("course", "read")
@require_safe
def goals(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """What the client wants, and how near it is."""
    return _goals_page(request, episode_id, GoalForm())


@page("assessment", "edit")
@require_POST
def add(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """Add a goal, with a first rating if there is one."""
    form = GoalForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.add_goal(
                actor=request.actor,
                at=request.at,
                episode_id=episode_id,
                words_of_client=said["words"],
                value=said["value"],
            )
        except EpisodeRefused as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("The goal is kept."))
            return see_other("desk:goals", episode_id)
    return _goals_page(request, episode_id, form)


@page("assessment", "edit")
@require_POST
def rate(request: PageRequest, episode_id: UUID, goal_id: UUID) -> HttpResponseBase:
    """Say how near a goal is, or that it is finished."""
    given: dict[str, Any] = {"actor": request.actor, "at": request.at, "goal_id": goal_id}
    value, mark = request.POST.get("value", ""), request.POST.get("mark", "")
    try:
        if mark in set(GoalMark):
            actions.mark_goal(**given, mark=GoalMark(mark))
            messages.success(request, _("The goal is finished; its course stays."))
        elif value.isascii() and value.isdigit() and len(value) <= 2:
            actions.rate_goal(**given, value=int(value))
            messages.success(request, _("The rating is kept."))
        else:
            messages.warning(request, _("Choose a number from 0 to 10."))
    except EpisodeRefused as refusal:
        messages.warning(request, str(refusal))
    return see_other("desk:goals", episode_id)


def _goals_page(request: PageRequest, episode_id: UUID, form: GoalForm) -> HttpResponse:
    case = case_header(request, episode_id)
    found = queries.goal_series(viewer=request.actor, at=request.at, episode_id=episode_id)
    active = [goal for goal in found if goal.is_active]
    context = {
        "case": case,
        "active": active,
        "finished": [(goal, MARKS[goal.mark]) for goal in found if goal.mark],
        "room": MOST_GOALS - len(active) if case.episode.is_open else 0,
        "form": form,
    }
    return render(request, "desk/episodes/goals.html", context, status=422 if form.errors else 200)
