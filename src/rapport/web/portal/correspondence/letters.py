"""Letters about me: I read them first, and say whether they are right."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rapport.practice.correspondence import actions, queries
from rapport.practice.episodes.rules import EpisodeRefused
from rapport.web.components.letters import paragraphs
from rapport.web.doors import correspondence as shared
from rapport.web.doors.answers import see_other
from rapport.web.doors.forms import as_number
from rapport.web.doors.page import PageRequest, page
from rapport.web.doors.typing import keeps_typing


@page("case_letter", "answer")
@keeps_typing
def letter(request: PageRequest, case_letter_id: UUID) -> HttpResponseBase:
    """One letter, to read in peace; then it is right, or something should be different."""
    said, agrees, is_answer = request.POST.get("said", ""), "agree" in request.POST, request.method == "POST"
    if queries.is_rewritten(viewer=request.actor, at=request.at, letter_id=case_letter_id):
        return render(request, "portal/correspondence/rewritten.html", {"said": said}, status=422 if is_answer else 200)
    if not is_answer:
        return _letter(request, case_letter_id)
    try:
        actions.answer_letter(
            actor=request.actor, at=request.at, letter_id=case_letter_id, said=said, agrees=agrees,
            version=as_number(request.POST.get("agree" if agrees else "change", "")) or 0,
        )  # fmt: skip
    except EpisodeRefused as problem:
        return _letter(request, case_letter_id, 422, said=said, refused=str(problem))
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
