"""Letters about me: I read them first, and say whether they are right."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rapport.practice.correspondence import actions, queries
from rapport.practice.episodes.rules import EpisodeRefused
from rapport.web.components.letters import paragraphs
from rapport.web.doors import correspondence as shared
from rapport.web.doors.answers import see_other
from rapport.web.doors.page import PageRequest, page


@page("case_letter", "read")
@require_safe
def letter(request: PageRequest, case_letter_id: UUID) -> HttpResponseBase:
    """One letter, to read in peace."""
    return _letter(request, case_letter_id)


@page("case_letter", "answer")
@require_POST
def answer(request: PageRequest, case_letter_id: UUID) -> HttpResponseBase:
    """It is right, or something should be different."""
    said, agrees = request.POST.get("said", ""), request.POST.get("answer") == "agree"
    sent = request.POST.get("version", "")
    version = int(sent) if sent.isdecimal() and len(sent) < 9 else 0
    try:
        actions.answer_letter(
            actor=request.actor, at=request.at, letter_id=case_letter_id, version=version, agrees=agrees, said=said
        )
    except EpisodeRefused as problem:
        refused = _("Please say what should be different.") if problem.field == "said" else str(problem)
        return _letter(request, case_letter_id, 422, said=said, refused=refused)
    messages.success(request, _("Thank you. Your therapist sees what you said."))
    return see_other("portal:case_letter", case_letter_id)


@page("case_letter", "read")
@require_safe
def paper(request: PageRequest, case_letter_id: UUID) -> HttpResponseBase:
    """The letter as PDF, to keep."""
    found = queries.case_letter(viewer=request.actor, at=request.at, letter_id=case_letter_id)
    return shared.letter_answer(request, found)


def _letter(request: PageRequest, letter_id: UUID, status: int = 200, **context: object) -> HttpResponseBase:
    found = queries.case_letter(viewer=request.actor, at=request.at, letter_id=letter_id)
    shown = {
        "letter": found,
        "title": shared.KINDS[found.kind],
        "stands": shared.STEPS[found.stands],
        "parts": paragraphs(found.text),
        **context,
    }
    return render(request, "portal/correspondence/letter.html", shown, status=status)
