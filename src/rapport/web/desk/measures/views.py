"""The measures of an episode: each score with its items, what is asked, papers typed in."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rapport.clinical.measures.instrument import Instrument
from rapport.clinical.measures.registry import UnknownInstrument
from rapport.clinical.measures.scoring import BadAnswer
from rapport.practice.episodes.queries import episode
from rapport.practice.measures.actions import assign, assign_pack, end_assignment, enter_paper, note_asked
from rapport.practice.measures.choices import IN_PERSON, BadPaperDate, Mode, Rhythm
from rapport.practice.measures.queries import (
    administered,
    all_instruments,
    assignments,
    instrument,
    open_questions,
    scores,
    typed_answers,
)
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.security.policy.access import not_found
from rapport.practice.security.policy.actor import Thing
from rapport.web.desk.head import case_header
from rapport.web.desk.measures.forms import AssignForm, PaperForm
from rapport.web.desk.measures.shown import shown_forms, shown_series
from rapport.web.doors.page import PageRequest, page

NOT_ANSWERS = {"csrfmiddlewaretoken", "answered_on", "mode"}


@page("course", "read")
@require_safe
def measures(request: PageRequest, episode_id: UUID) -> HttpResponse:
    """Everything that was answered in this course."""
    return _measures(request, episode_id, None, 200)


@page("questionnaire", "assign")
@require_POST
def assign_form(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """Ask the client to answer a form."""
    form = AssignForm(request.POST, instruments=all_instruments(viewer=request.actor, at=request.at))
    if not form.is_valid():
        return _measures(request, episode_id, form, 422)
    assign(
        actor=request.actor,
        at=request.at,
        episode_id=episode_id,
        instrument_id=form.cleaned_data["instrument"],
        rhythm=Rhythm(form.cleaned_data["rhythm"]),
    )
    return _see_other(episode_id)


@page("questionnaire", "assign")
@require_POST
def assign_first_forms(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """Ask what is asked before the first interview."""
    assign_pack(actor=request.actor, at=request.at, episode_id=episode_id)
    return _see_other(episode_id)


@page("questionnaire", "assign")
@require_POST
def end(request: PageRequest, episode_id: UUID, assignment_id: UUID) -> HttpResponseBase:
    """Stop asking with one form."""
    end_assignment(actor=request.actor, at=request.at, assignment_id=assignment_id)
    return _see_other(episode_id)


@page("questionnaire", "assign")
@require_POST
def asked(request: PageRequest, episode_id: UUID, question_id: UUID) -> HttpResponseBase:
    """The therapist asked in person what the form had left open."""
    note_asked(actor=request.actor, at=request.at, question_id=question_id)
    return _see_other(episode_id)


@page("questionnaire", "assign")
def paper(request: PageRequest, episode_id: UUID, instrument_id: str) -> HttpResponseBase:
    """Type in a form filled in on paper or asked in the session."""
    course = episode(viewer=request.actor, at=request.at, episode_id=episode_id)
    asked_with = _instrument(request, instrument_id)
    form = PaperForm(request.POST or None)
    status, wrong_item = 200, ""
    if request.method == "POST":
        pairs = [(key, value) for key in request.POST if key not in NOT_ANSWERS for value in request.POST.getlist(key)]
        status = 422
        try:
            answers = typed_answers(viewer=request.actor, at=request.at, instrument_id=instrument_id, pairs=pairs)
            if form.is_valid():
                enter_paper(
                    actor=request.actor,
                    at=request.at,
                    episode_id=episode_id,
                    instrument_id=instrument_id,
                    answered_on=form.cleaned_data["answered_on"],
                    answers=answers,
                    mode=Mode(form.cleaned_data["mode"]),
                )
                messages.success(request, _("The form was kept."))
                return _see_other(episode_id)
        except BadPaperDate:
            form.add_error("answered_on", _("This day lies in the future or too far back."))
        except BadAnswer as bad:
            wrong_item, status = bad.item, 400
    context = {
        "episode": course,
        "instrument": asked_with,
        "form": form,
        "in_person": IN_PERSON,
        "wrong_item": wrong_item,
        "rows": [(item, request.POST.get(item.key)) for item in asked_with.items],
    }
    return render(request, "desk/measures/paper.html", context, status=status)


def _measures(request: PageRequest, episode_id: UUID, form: AssignForm | None, status: int) -> HttpResponse:
    viewer, at = request.actor, request.at
    zone = practice_zone()
    instruments = all_instruments(viewer=viewer, at=at)
    context = {
        "case": case_header(request, episode_id),
        "series": [shown_series(one, zone) for one in scores(viewer=viewer, at=at, episode_id=episode_id)],
        "forms": shown_forms(administered(viewer=viewer, at=at, episode_id=episode_id), zone),
        "assignments": assignments(viewer=viewer, at=at, episode_id=episode_id),
        "questions": open_questions(viewer=viewer, at=at, episode_id=episode_id),
        "assign": form or AssignForm(instruments=instruments),
        "on_paper": [one for one in instruments if not one.total_only],
        "zone": zone,
    }
    return render(request, "desk/measures/measures.html", context, status=status)


def _instrument(request: PageRequest, instrument_id: str) -> Instrument:
    try:
        found = instrument(viewer=request.actor, at=request.at, instrument_id=instrument_id)
    except UnknownInstrument:
        found = None
    if found is None or found.total_only:
        raise not_found(request.actor, "assign", Thing("questionnaire"), at=request.at)
    return found


def _see_other(episode_id: UUID) -> HttpResponseBase:
    response = redirect("desk:measures", episode_id=episode_id)
    response.status_code = 303
    return response
