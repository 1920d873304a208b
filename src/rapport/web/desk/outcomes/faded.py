"""A signal that faded while somebody thought it through: nothing asks any more, and what was typed is shown again."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.clinical.outcomes.five_fields import Decision, Field, FieldThought, Look
from rapport.practice.organisation.queries import practice_zone
from rapport.web.desk.head import case_header
from rapport.web.desk.outcomes.thread_words import DECISIONS, FIELDS, LOOKS
from rapport.web.doors.answers import see_other
from rapport.web.doors.page import PageRequest


def faded(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """Back to the course; with something typed, first a page that shows it."""
    typed = list(_typed(request.POST))
    if not typed:
        messages.info(request, _("Nothing asks for a decision: no score is off the expected course."))
        return see_other("desk:course", episode_id)
    with timezone.override(practice_zone()):
        context = {
            "case": case_header(request, episode_id, _("Thinking it through")),
            "typed": typed,
            "episode_id": episode_id,
        }
        return render(request, "desk/outcomes/faded.html", context, status=409)


def thought_words(said: FieldThought) -> str:
    """What was said of one field."""
    return f"{LOOKS[said.look]}: {said.words}" if said.words else str(LOOKS[said.look])


def _typed(sent: QueryDict) -> Iterator[tuple[str, str]]:
    """What a person said, with the name of its field; what stood there untouched is nothing."""
    for field in Field:
        words, look = sent.get(f"words_{field}", "").strip(), sent.get(f"look_{field}", "")
        known = Look(look) if look in set(Look) else Look.NOT_YET
        if words or known is not Look.NOT_YET:
            yield str(FIELDS[field]), words if known is Look.NOT_YET else thought_words(FieldThought(known, words))
    decision, why = sent.get("decision", ""), sent.get("words", "").strip()
    if decision in set(Decision):
        yield _("What you chose"), str(DECISIONS[Decision(decision)])
    if why:
        yield _("Why, and what exactly"), why
