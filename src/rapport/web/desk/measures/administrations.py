"""One form at the desk: item by item, typed in from a paper, or taken from a file."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.measures.instrument import Instrument
from rapport.clinical.measures.registry import UnknownInstrument
from rapport.clinical.measures.scoring import BadAnswer
from rapport.practice.episodes.queries import episode
from rapport.practice.measures import queries
from rapport.practice.measures.actions import bring_response, enter_paper
from rapport.practice.measures.choices import IN_PERSON, BadPaperDate, Mode
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.security.policy.access import not_found
from rapport.practice.security.policy.actor import Thing
from rapport.web.desk.head import case_header
from rapport.web.desk.measures.forms import PaperForm, ResponseForm
from rapport.web.desk.measures.one import shown_administration
from rapport.web.doors.answers import see_other
from rapport.web.doors.page import PageRequest, page

NOT_ANSWERS = {"csrfmiddlewaretoken", "answered_on", "mode"}


@page("questionnaire", "read")
@require_safe
def administration(request: PageRequest, episode_id: UUID, administration_id: UUID) -> HttpResponse:
    """Every item and its answer, what changed since the last time, and which scoring made the scores."""
    case = case_header(request, episode_id)
    facts = queries.administration(
        viewer=request.actor, at=request.at, episode_id=episode_id, administration_id=administration_id
    )
    context = {"case": case, "form": shown_administration(facts, practice_zone())}
    return render(request, "desk/measures/administration.html", context)


@page("questionnaire", "read")
@require_safe
def as_fhir(request: PageRequest, episode_id: UUID, administration_id: UUID) -> HttpResponse:
    """The answers as a FHIR QuestionnaireResponse, without a name in it."""
    found = queries.as_response(
        viewer=request.actor, at=request.at, episode_id=episode_id, administration_id=administration_id
    )
    response = JsonResponse(found, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Type"] = "application/fhir+json"
    response["Content-Disposition"] = f'attachment; filename="{administration_id}.json"'
    return response


@page("questionnaire", "assign")
def paper(request: PageRequest, episode_id: UUID, instrument_id: str) -> HttpResponseBase:
    """Type in a form that was filled in on paper or asked in the session."""
    course = episode(viewer=request.actor, at=request.at, episode_id=episode_id)
    asked_with = _instrument(request, instrument_id)
    form = PaperForm(request.POST if request.method == "POST" else None)
    wrong_item, status = "", 200
    if request.method == "POST":
        pairs = [(key, raw) for key in request.POST if key not in NOT_ANSWERS for raw in request.POST.getlist(key)]
        status = 422
        try:
            answers = queries.typed_answers(
                viewer=request.actor, at=request.at, instrument_id=instrument_id, pairs=pairs
            )
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
                return see_other("desk:measures", episode_id)
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


@page("questionnaire", "assign")
def response(request: PageRequest, episode_id: UUID, instrument_id: str) -> HttpResponseBase:
    """Take a FHIR QuestionnaireResponse; a total that its answers do not come to is said at once."""
    course = episode(viewer=request.actor, at=request.at, episode_id=episode_id)
    asked_with = _instrument(request, instrument_id)
    form = ResponseForm(request.POST if request.method == "POST" else None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            form_id = bring_response(
                actor=request.actor,
                at=request.at,
                episode_id=episode_id,
                instrument_id=instrument_id,
                answered_on=form.cleaned_data["answered_on"],
                raw=form.raw,
            )
        except BadPaperDate:
            form.add_error("answered_on", _("This day lies in the future or too far back."))
        except ClinicalError as bad:
            form.add_error("file", f"{bad.field}: {bad.message} {bad.remedy}")
        else:
            return see_other("desk:administration", episode_id, form_id)
    context = {"episode": course, "instrument": asked_with, "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/measures/response.html", context, status=status)


def _instrument(request: PageRequest, instrument_id: str) -> Instrument:
    """An instrument with items: its words, or only their numbers."""
    try:
        found = queries.instrument(viewer=request.actor, at=request.at, instrument_id=instrument_id)
    except UnknownInstrument:
        found = None
    if found is None or not found.items:
        raise not_found(request.actor, "assign", Thing("questionnaire"), at=request.at)
    return found
