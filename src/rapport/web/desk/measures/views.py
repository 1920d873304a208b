"""The measures of an episode: how they went, what is asked, the problems in the client's own words."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rapport.clinical.episodes.referral import ProblemDomain
from rapport.clinical.measures.burden import TooMuchAsked
from rapport.practice.episodes.actions import set_problems
from rapport.practice.episodes.rules import EpisodeRefused
from rapport.practice.measures.actions import assign, assign_pack, assign_set, end_assignment, note_asked
from rapport.practice.measures.choices import Rhythm
from rapport.practice.measures.queries import (
    administered,
    all_instruments,
    assignments,
    open_questions,
    problem_series,
    scores,
)
from rapport.practice.organisation.queries import practice_zone
from rapport.web.desk.head import case_header
from rapport.web.desk.measures.forms import AssignForm, PackForm, SetForm, rated_again
from rapport.web.desk.measures.shown import newest_of_each, shown_forms, shown_series
from rapport.web.doors.answers import see_other
from rapport.web.doors.page import PageRequest, page


@page("course", "read")
@require_safe
def measures(request: PageRequest, episode_id: UUID) -> HttpResponse:
    """Everything that was answered in this course."""
    return _measures(request, episode_id)


@page("questionnaire", "assign")
@require_POST
def assign_form(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """Ask the client to answer a form. More than the cap needs a reason."""
    form = AssignForm(request.POST, instruments=all_instruments(viewer=request.actor, at=request.at))
    if form.is_valid():
        said = form.cleaned_data
        try:
            assign(
                actor=request.actor,
                at=request.at,
                episode_id=episode_id,
                instrument_id=said["instrument"],
                rhythm=Rhythm(said["rhythm"]),
                every=said["every"],
                reason=said["reason"],
            )
            return see_other("desk:measures", episode_id)
        except TooMuchAsked as much:
            form.add_error("reason", too_much(much))
    return _measures(request, episode_id, 422, assign=form)


@page("questionnaire", "assign")
@require_POST
def assign_first_forms(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """Ask what is asked before the first interview."""
    form = PackForm(request.POST)
    if form.is_valid():
        try:
            assign_pack(actor=request.actor, at=request.at, episode_id=episode_id, reason=form.cleaned_data["reason"])
            return see_other("desk:measures", episode_id)
        except TooMuchAsked as much:
            form.add_error("reason", too_much(much))
    return _measures(request, episode_id, 422, pack_form=form)


@page("questionnaire", "assign")
@require_POST
def assign_forms_of_set(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """Ask what suits a kind of problem."""
    form = SetForm(request.POST)
    if form.is_valid():
        domain = ProblemDomain(form.cleaned_data["domain"])
        reason = form.cleaned_data["reason"]
        try:
            done = assign_set(actor=request.actor, at=request.at, episode_id=episode_id, domain=domain, reason=reason)
        except TooMuchAsked as much:
            form.add_error("reason", too_much(much))
        else:
            if done.left_out:
                known = {one.id: one.short_title for one in all_instruments(viewer=request.actor, at=request.at)}
                left = ", ".join(known.get(name, name) for name in done.left_out)
                messages.info(request, _("Not asked, because their wording is not here: %(left)s.") % {"left": left})
            return see_other("desk:measures", episode_id)
    return _measures(request, episode_id, 422, set_form=form)


@page("questionnaire", "assign")
@require_POST
def end(request: PageRequest, episode_id: UUID, assignment_id: UUID) -> HttpResponseBase:
    """Stop asking with one form."""
    end_assignment(actor=request.actor, at=request.at, assignment_id=assignment_id)
    return see_other("desk:measures", episode_id)


@page("questionnaire", "assign")
@require_POST
def asked(request: PageRequest, episode_id: UUID, question_id: UUID) -> HttpResponseBase:
    """The therapist asked in person what the form had left open."""
    note_asked(actor=request.actor, at=request.at, question_id=question_id)
    return see_other("desk:measures", episode_id)


@page("assessment", "edit")
@require_POST
def rate_problems(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """How much each problem takes from the client's life today, as they say it."""
    series = problem_series(viewer=request.actor, at=request.at, episode_id=episode_id)
    rated = rated_again(request.POST, [one.problem for one in series])
    try:
        set_problems(actor=request.actor, at=request.at, episode_id=episode_id, problems=rated)
    except EpisodeRefused as refused:
        return _measures(request, episode_id, 422, problem_refused=str(refused))
    return see_other("desk:measures", episode_id)


def too_much(much: TooMuchAsked) -> str:
    """Why a form is not simply asked as well."""
    said = _("That makes %(asked)d questions at once; %(most)d are the most here. Ask less, or say why.")
    return said % {"asked": much.asked, "most": much.most}


def _measures(request: PageRequest, episode_id: UUID, status: int = 200, **context: Any) -> HttpResponse:
    viewer, at = request.actor, request.at
    zone = practice_zone()
    case = case_header(request, episode_id)
    instruments = all_instruments(viewer=viewer, at=at)
    newest, older = newest_of_each(administered(viewer=viewer, at=at, episode_id=episode_id))
    shown = {
        "case": case,
        "series": [shown_series(one, zone) for one in scores(viewer=viewer, at=at, episode_id=episode_id)],
        "latest": shown_forms(newest, zone),
        "older": shown_forms(older, zone),
        "assignments": assignments(viewer=viewer, at=at, episode_id=episode_id),
        "questions": open_questions(viewer=viewer, at=at, episode_id=episode_id),
        "problems": problem_series(viewer=viewer, at=at, episode_id=episode_id),
        "assign": AssignForm(instruments=instruments),
        "set_form": SetForm(),
        "pack_form": None,
        "on_paper": [one for one in instruments if one.items],
        "impacts": range(11),
        "zone": zone,
    }
    return render(request, "desk/measures/measures.html", shown | context, status=status)
