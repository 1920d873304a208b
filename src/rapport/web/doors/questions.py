"""One question of a form per screen, the same in the portal and on the device handed over in the room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.clinical.measures.scoring import BadAnswer
from rapport.practice.measures.actions import answer_item
from rapport.practice.measures.choices import IN_PERSON
from rapport.practice.measures.queries import FormFacts
from rapport.practice.security.policy.access import not_found
from rapport.practice.security.policy.actor import Thing
from rapport.web.doors.page import PageRequest

SCALE_POINTS = 11


@dataclass(frozen=True, slots=True)
class Kept:
    """What an answer led to: the question that follows (None at the end), and the alert if a person must look.

    A refusal may be told to a person as well; the client is not shown a page for somebody who said yes.
    """

    onward: int | None
    alert_id: UUID | None


def check_place(request: PageRequest, facts: FormFacts, place: int) -> None:
    """A question that the form has."""
    if not 1 <= place <= len(facts.items):
        raise not_found(request.actor, "answer", Thing("questionnaire", id=facts.id), at=request.at)


def keep_answer(request: PageRequest, facts: FormFacts, place: int) -> Kept:
    """Keep the answer a page sent; BadAnswer if it is none, FormClosed if the form was handed in."""
    item = facts.items[place - 1]
    value = facts.read(item.key, request.POST.getlist(item.key), request.POST.keys())
    kept = answer_item(actor=request.actor, at=request.at, administration_id=facts.id, item=item.key, value=value)
    return Kept(facts.after(place, value), None if value is None else kept.alert_id)


def question_context(facts: FormFacts, place: int, bad: BadAnswer | None = None) -> Mapping[str, Any]:
    """What `components/parts/question.html` shows."""
    item = facts.items[place - 1]
    given = facts.answers.get(item.key, "")
    return {
        "form": facts,
        "item": item,
        "place": place,
        "given": given,
        "in_person": IN_PERSON,
        "chose_in_person": item.key in facts.answers and given is None,
        "on_a_scale": len(item.options) == SCALE_POINTS,
        "problem": _("Please choose one of these answers (question %(item)s).") % {"item": bad.item} if bad else "",
    }
