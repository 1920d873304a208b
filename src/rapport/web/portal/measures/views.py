"""One question per screen. Every answer is kept as it is given; nothing here needs a script."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from rapport.clinical.measures.scoring import BadAnswer
from rapport.practice.measures.actions import FormClosed, open_form, submit_form
from rapport.practice.measures.choices import FormState
from rapport.practice.measures.queries import FormFacts, own_forms
from rapport.practice.measures.queries import form as form_facts
from rapport.practice.organisation.queries import practice
from rapport.practice.safety.queries import crisis_card, public_crisis_card
from rapport.practice.security.policy.access import not_found
from rapport.practice.security.policy.actor import Thing
from rapport.web.doors.page import PageRequest, page
from rapport.web.doors.questions import check_place, keep_answer, question_context


@page("questionnaire", "answer")
@require_safe
def forms(request: PageRequest) -> HttpResponse:
    """What is to do and what is done."""
    lines = own_forms(viewer=request.actor, at=request.at)
    return render(
        request,
        "portal/measures/forms.html",
        {
            "forms": [line for line in lines if line.state != FormState.DONE],
            "done": [line for line in lines if line.state == FormState.DONE],
        },
    )


@page("questionnaire", "answer")
@require_POST
def begin(request: PageRequest, assignment_id: UUID) -> HttpResponseBase:
    """Begin a form or go on with it."""
    form_id = open_form(actor=request.actor, at=request.at, assignment_id=assignment_id)
    return _see_other("portal:form", form_id)


@page("questionnaire", "answer")
@require_safe
def form(request: PageRequest, form_id: UUID) -> HttpResponseBase:
    """The first question that is still open."""
    facts = own_form(request, form_id)
    if facts.done:
        return redirect("portal:thanks", form_id=form_id)
    return _onward(form_id, facts.first_open, status=302)


@page("questionnaire", "answer")
def question(request: PageRequest, form_id: UUID, place: int) -> HttpResponseBase:
    """Ask one question; keep its answer; if it needs a person, the same response says whom to call."""
    facts = own_form(request, form_id)
    if facts.done:
        return redirect("portal:thanks", form_id=form_id)
    check_place(request, facts, place)
    if request.method != "POST":
        return render(request, "portal/measures/question.html", question_context(facts, place))
    try:
        kept = keep_answer(request, facts, place)
    except BadAnswer as bad:
        return render(request, "portal/measures/question.html", question_context(facts, place, bad), status=400)
    except FormClosed:
        return redirect("portal:thanks", form_id=form_id)
    if kept.alert_id is None:
        return _onward(form_id, kept.onward)
    card = crisis_card(viewer=request.actor, at=request.at, client_id=facts.client_id, episode_id=facts.episode_id)
    context = {
        "card": card,
        "onward": "portal:question" if kept.onward else "portal:hand_in",
        "form_id": form_id,
        "place": kept.onward,
        "after_answer": True,
    }
    return render(request, "portal/safety/help.html", context)


@page("questionnaire", "answer")
def hand_in(request: PageRequest, form_id: UUID) -> HttpResponseBase:
    """The end of a form: look over what was left open, hand it in."""
    facts = own_form(request, form_id)
    if request.method == "POST":
        submit_form(actor=request.actor, at=request.at, administration_id=form_id)
        return _see_other("portal:thanks", form_id)
    if facts.done:
        return redirect("portal:thanks", form_id=form_id)
    return render(request, "portal/measures/hand_in.html", {"form": facts})


@page("questionnaire", "answer")
@require_safe
def thanks(request: PageRequest, form_id: UUID) -> HttpResponse:
    """Thank you, and for everybody alike where help is: so the page itself says nothing about an answer."""
    facts = own_form(request, form_id)
    left = [line for line in own_forms(viewer=request.actor, at=request.at) if line.state != FormState.DONE]
    card = public_crisis_card(viewer=request.actor, at=request.at)
    zone = practice(viewer=request.actor, at=request.at).zone
    context = {"form": facts, "forms": left, "card": card, "zone": zone}
    return render(request, "portal/measures/thanks.html", context)


def own_form(request: PageRequest, form_id: UUID) -> FormFacts:
    """The client's own form; the portal shows nobody else's."""
    facts = form_facts(viewer=request.actor, at=request.at, administration_id=form_id)
    if facts.client_id != request.actor.client_id:
        raise not_found(request.actor, "answer", Thing("questionnaire", id=form_id), at=request.at)
    return facts


def _onward(form_id: UUID, place: int | None, status: int = 303) -> HttpResponseBase:
    """The question at this place, or the end of the form."""
    if place is None:
        return _see_other("portal:hand_in", form_id, status)
    response = redirect("portal:question", form_id=form_id, place=place)
    response.status_code = status
    return response


def _see_other(name: str, form_id: UUID, status: int = 303) -> HttpResponseBase:
    response = redirect(name, form_id=form_id)
    response.status_code = status
    return response
