"""The letter at the end, for its reader."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from rapport.practice.correspondence.queries import own_letters
from rapport.practice.endings import queries
from rapport.practice.organisation.queries import practice
from rapport.web.components.letters import LetterPaper, letter_pdf, paragraphs
from rapport.web.doors.correspondence import KINDS
from rapport.web.doors.page import PageRequest, page


@page("letter", "read")
def letters(request: PageRequest) -> HttpResponse:
    """The letters this client was given."""
    found = queries.own_letters(viewer=request.actor, at=request.at)
    shown = [(each, paragraphs(each.text)) for each in found]
    others = [(each, KINDS[each.kind]) for each in own_letters(viewer=request.actor, at=request.at)]
    return render(request, "portal/endings/letters.html", {"letters": shown, "others": others})


@page("letter", "read")
def letter_file(request: PageRequest, letter_id: UUID) -> HttpResponse:
    """A letter as PDF, to keep."""
    found = queries.own_letter(viewer=request.actor, at=request.at, letter_id=letter_id)
    here = practice(viewer=request.actor, at=request.at)
    on = (found.released_at or found.written_at).astimezone(here.zone).date()
    paper = LetterPaper(
        _("What we did together"), here.name, on, found.text, footer=f"{here.name}  {here.phone}".strip()
    )
    response = HttpResponse(letter_pdf(paper), content_type="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="letter.pdf"'
    return response
