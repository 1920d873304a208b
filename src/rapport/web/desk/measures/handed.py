"""The device in the client's hands: their forms, one question at a time, and nothing else."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from rapport.clinical.measures.scoring import BadAnswer
from rapport.practice.measures.actions import FormClosed, open_form, submit_form
from rapport.practice.measures.choices import FormState
from rapport.practice.measures.queries import FormFacts, forms_on_device
from rapport.practice.measures.queries import form as form_facts
from rapport.practice.safety.queries import public_crisis_card
from rapport.practice.security.accounts.actions import hand_over
from rapport.practice.security.policy.access import not_found
from rapport.practice.security.policy.actor import Thing
from rapport.web.doors.answers import see_other
from rapport.web.doors.page import PageRequest, page
from rapport.web.doors.questions import check_place, keep_answer, question_context


@page("questionnaire", "answer")
@require_POST
def hand(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """From here on this device opens the client's forms and nothing else."""
    forms_on_device(viewer=request.actor, at=request.at, episode_id=episode_id)
    hand_over(actor=request.actor, at=request.at, path=reverse("desk:handed_forms", args=[episode_id]))
    return see_other("desk:handed_forms", episode_id)


@page("questionnaire", "answer")
@require_safe
def forms(request: PageRequest, episode_id: UUID) -> HttpResponse:
    """What there is to answer; when nothing is left, thank you."""
    lines = forms_on_device(viewer=request.actor, at=request.at, episode_id=episode_id)
    context = {"episode_id": episode_id, "forms": [line for line in lines if line.state != FormState.DONE]}
    return render(request, "desk/measures/handed.html", context)


@page("questionnaire", "answer")
@require_POST
def begin(request: PageRequest, episode_id: UUID, assignment_id: UUID) -> HttpResponseBase:
    """Begin a form or go on with it."""
    lines = forms_on_device(viewer=request.actor, at=request.at, episode_id=episode_id)
    if assignment_id not in {line.assignment_id for line in lines}:
        raise not_found(request.actor, "answer", Thing("questionnaire", id=assignment_id), at=request.at)
    form_id = open_form(actor=request.actor, at=request.at, assignment_id=assignment_id)
    facts = _form(request, episode_id, form_id)
    return _to(facts, facts.first_open)


@page("questionnaire", "answer")
def question(request: PageRequest, episode_id: UUID, form_id: UUID, place: int) -> HttpResponseBase:
    """Ask one question; keep its answer; if it needs a person, the same response says so, here in the room."""
    facts = _form(request, episode_id, form_id)
    if facts.done:
        return redirect("desk:handed_forms", episode_id)
    check_place(request, facts, place)
    if request.method != "POST":
        return _ask(request, facts, place)
    try:
        kept = keep_answer(request, facts, place)
    except BadAnswer as bad:
        return _ask(request, facts, place, bad)
    except FormClosed:
        return see_other("desk:handed_forms", episode_id)
    if kept.alert_id is None:
        return _to(facts, kept.onward)
    card = public_crisis_card(viewer=request.actor, at=request.at)
    return render(request, "desk/measures/handed_help.html", {"form": facts, "card": card, "onward": kept.onward})


@page("questionnaire", "answer")
def hand_in(request: PageRequest, episode_id: UUID, form_id: UUID) -> HttpResponseBase:
    """The end of a form."""
    facts = _form(request, episode_id, form_id)
    if request.method == "POST":
        submit_form(actor=request.actor, at=request.at, administration_id=form_id)
        return see_other("desk:handed_forms", episode_id)
    if facts.done:
        return redirect("desk:handed_forms", episode_id)
    return render(request, "desk/measures/handed_end.html", {"form": facts})


def _form(request: PageRequest, episode_id: UUID, form_id: UUID) -> FormFacts:
    """A form of this course: the device was handed over for no other."""
    facts = form_facts(viewer=request.actor, at=request.at, administration_id=form_id)
    if facts.episode_id != episode_id:
        raise not_found(request.actor, "answer", Thing("questionnaire", id=form_id), at=request.at)
    return facts


def _to(facts: FormFacts, place: int | None) -> HttpResponseBase:
    if place is None:
        return see_other("desk:handed_end", facts.episode_id, facts.id)
    return see_other("desk:handed_question", facts.episode_id, facts.id, place)


def _ask(request: PageRequest, facts: FormFacts, place: int, bad: BadAnswer | None = None) -> HttpResponse:
    context = question_context(facts, place, bad)
    return render(request, "desk/measures/handed_question.html", context, status=400 if bad else 200)
