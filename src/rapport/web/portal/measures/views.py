"""One question per screen. Every answer is kept as it is given; nothing here needs a script."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rapport.clinical.measures.instrument import Item
from rapport.clinical.measures.scoring import BadAnswer
from rapport.practice.measures.actions import FormClosed, answer_item, open_form, submit_form
from rapport.practice.measures.choices import IN_PERSON, FormState
from rapport.practice.measures.queries import FormFacts, own_forms
from rapport.practice.measures.queries import form as form_facts
from rapport.practice.organisation.queries import practice
from rapport.practice.safety.queries import crisis_card, public_crisis_card
from rapport.practice.security.policy.access import not_found
from rapport.practice.security.policy.actor import Thing
from rapport.web.doors.page import PageRequest, page

SCALE_POINTS = 11


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
    if facts.first_open > len(facts.items):
        return redirect("portal:hand_in", form_id=form_id)
    return redirect("portal:question", form_id=form_id, place=facts.first_open)


@page("questionnaire", "answer")
def question(request: PageRequest, form_id: UUID, place: int) -> HttpResponseBase:
    """Ask one question; keep its answer; if it needs a person, the same response says whom to call."""
    facts = own_form(request, form_id)
    if facts.done:
        return redirect("portal:thanks", form_id=form_id)
    if not 1 <= place <= len(facts.items):
        raise not_found(request.actor, "answer", Thing("questionnaire", id=form_id), at=request.at)
    item = facts.items[place - 1]
    if request.method != "POST":
        return _ask(request, facts, place, item)
    try:
        value = facts.read(item.key, request.POST.getlist(item.key), request.POST.keys())
        kept = answer_item(actor=request.actor, at=request.at, administration_id=form_id, item=item.key, value=value)
    except BadAnswer as bad:
        return _ask(request, facts, place, item, problem=bad.item)
    except FormClosed:
        return redirect("portal:thanks", form_id=form_id)
    onward = _after(facts, place)
    if kept.alert_id is None:
        return _see_other(onward, form_id, place + 1)
    card = crisis_card(viewer=request.actor, at=request.at, client_id=facts.client_id, episode_id=facts.episode_id)
    context = {"card": card, "onward": onward, "form_id": form_id, "place": place + 1, "after_answer": True}
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
    open_places = [place for place, item in enumerate(facts.items, 1) if item.key not in facts.answers]
    return render(request, "portal/measures/hand_in.html", {"form": facts, "open_places": open_places})


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


def _ask(request: PageRequest, facts: FormFacts, place: int, item: Item, problem: str = "") -> HttpResponse:
    given = facts.answers.get(item.key, "")
    return render(
        request,
        "portal/measures/question.html",
        {
            "form": facts,
            "item": item,
            "place": place,
            "given": given,
            "in_person": IN_PERSON,
            "chose_in_person": item.key in facts.answers and given is None,
            "on_a_scale": len(item.options) == SCALE_POINTS,
            "problem": _("Please choose one of these answers (question %(item)s).") % {"item": problem}
            if problem
            else "",
        },
        status=400 if problem else 200,
    )


def _after(facts: FormFacts, place: int) -> str:
    return "portal:hand_in" if place == len(facts.items) else "portal:question"


def _see_other(name: str, form_id: UUID, place: int | None = None) -> HttpResponseBase:
    if name == "portal:question":
        response = redirect(name, form_id=form_id, place=place)
    else:
        response = redirect(name, form_id=form_id)
    response.status_code = 303
    return response
