"""The report as PDF: the same sections, the same pictures."""

from __future__ import annotations

from dataclasses import asdict

from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rapport.practice.organisation.queries import practice
from rapport.practice.outcomes.choices.service import ReportScope, ServiceFacts
from rapport.web.components.document import Section
from rapport.web.components.letters.document import DocumentPaper, document_pdf
from rapport.web.doors.page import PageRequest
from rapport.web.doors.results.sections import answer, document
from rapport.web.doors.results.words import HIDDEN, QUESTIONS, span_words


def report_answer(request: PageRequest, facts: ServiceFacts) -> HttpResponse:
    """The report as a file. One without conclusions says so."""
    here = practice(viewer=request.actor, at=request.at)
    on = request.at.astimezone(here.zone).date()
    whose = _("The whole practice") if facts.asked.scope is ReportScope.PRACTICE else request.actor.name
    paper = DocumentPaper(
        title=str(QUESTIONS[facts.asked.question]),
        lead=answer(facts, facts.report) if facts.report else "",
        head=[
            (_("Period"), span_words(facts.period)),
            (_("Whose courses"), whose),
            (_("Read by"), dict(facts.offer.readings).get(facts.asked.reading, "")),
        ],
        sender=here.name,
        on=on,
        sections=[*(document(facts, facts.report) if facts.report else [_hidden(facts)]), _concluded(facts)],
        footer=f"{here.name}  {date_format(on, 'j F Y')}",
    )
    response = HttpResponse(document_pdf(paper), content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="service-report.pdf"'
    return response


def _hidden(facts: ServiceFacts) -> Section:
    title, why = HIDDEN[facts.hidden] if facts.hidden else ("", "")
    return Section("hidden", str(title), [str(why)])


def _concluded(facts: ServiceFacts) -> Section:
    if facts.kept is None:
        said = [_("Nobody has drawn a conclusion yet: these are figures, not findings.")]
        return Section("conclusions", _("Conclusions"), said)
    titles = {
        "answer": _("Main answer"),
        "uncertainty": _("How sure it is"),
        "limits": _("Limits"),
        "changes": _("What changes, and what does not"),
        "wrong": _("What would prove it wrong"),
    }
    said = [f"{titles[name]}: {' · '.join(text.splitlines())}" for name, text in asdict(facts.kept.conclusions).items()]
    when = date_format(facts.kept.at, "j F Y")
    note = _("Written on %(when)s.") % {"when": when}
    if not facts.kept.are_current:
        note += " " + _("Since then the figures have changed.")
    return Section("conclusions", _("Conclusions"), said, note=note)
