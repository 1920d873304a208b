"""The three pages of a report. Each room has its own addresses for them; what they do is the same."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.practice.outcomes import actions, queries
from rapport.practice.outcomes.actions.reporting import ConclusionsMoved
from rapport.practice.outcomes.choices.service import (
    Conclusions,
    ReportAsked,
    ReportScope,
    ServiceFacts,
    ServiceQuestion,
)
from rapport.practice.security.policy.access import not_found
from rapport.practice.security.policy.actor import Thing
from rapport.web.doors.answers import see_other
from rapport.web.doors.page import PageRequest
from rapport.web.doors.results.conclusions import ConclusionsForm
from rapport.web.doors.results.paper import report_answer
from rapport.web.doors.results.sections import answer, document
from rapport.web.doors.results.words import HIDDEN, QUESTIONS, period_words, span_words

ROOM = {ReportScope.OWN: "desk", ReportScope.PRACTICE: "office"}
NOTHING = "none"
NAME = re.compile(r"[\w.:-]{1,64}")


def choose(request: PageRequest, scope: ReportScope) -> HttpResponseBase:
    """Go to the report that was chosen; at first to the broadest one."""
    offer = queries.report_offer(viewer=request.actor, at=request.at, scope=scope)
    chosen = {
        "period": request.GET.get("period", offer.periods[0].code),
        "question": request.GET.get("question", ServiceQuestion.CHANGED),
        "reading": request.GET.get("reading", offer.readings[0][0] if offer.readings else NOTHING),
    }
    asked(request, scope, **chosen)
    return redirect(f"{ROOM[scope]}:report", chosen["period"], chosen["question"], chosen["reading"])


def asked(request: PageRequest, scope: ReportScope, *, period: str, question: str, reading: str) -> ReportAsked:
    """What an address asks for; one that asks for nothing we know leads nowhere."""
    if question not in set(ServiceQuestion) or not NAME.fullmatch(period) or not NAME.fullmatch(reading):
        raise not_found(request.actor, "read", Thing("service_report"), at=request.at)
    return ReportAsked(scope, period, ServiceQuestion(question), reading)


def show(request: PageRequest, one: ReportAsked) -> HttpResponseBase:
    """The report, and its conclusions: written, refused with better sentences, kept."""
    facts = queries.service_facts(viewer=request.actor, at=request.at, asked=one)
    if request.method != "POST":
        return _page(request, facts, ConclusionsForm.of(facts))
    form = ConclusionsForm(request.POST)
    if facts.report is not None and not form.is_valid():
        return _page(request, facts, form, status=422)
    if facts.report is not None and _conclude(request, one, form):
        messages.success(request, _("Kept. What was written before stays in the record."))
        return see_other(f"{ROOM[one.scope]}:report", one.period, one.question, one.reading)
    facts = queries.service_facts(viewer=request.actor, at=request.at, asked=one)
    return _page(request, facts, ConclusionsForm.again(request.POST, facts), status=409)


def paper(request: PageRequest, one: ReportAsked) -> HttpResponse:
    """The report as PDF."""
    return report_answer(request, queries.service_facts(viewer=request.actor, at=request.at, asked=one))


def _conclude(request: PageRequest, one: ReportAsked, form: ConclusionsForm) -> bool:
    """Whether it was kept; not where something moved between the page and now."""
    seen = {name: form.cleaned_data[name] for name in ("version", "figures")}
    try:
        actions.conclude(actor=request.actor, at=request.at, asked=one, said=form.said, **seen)
    except ConclusionsMoved:
        return False
    return True


def _page(request: PageRequest, facts: ServiceFacts, form: ConclusionsForm, status: int = 200) -> HttpResponse:
    one, report = facts.asked, facts.report
    context: dict[str, Any] = {
        "facts": facts,
        "asked": one,
        "title": QUESTIONS[one.question],
        "span": span_words(facts.period),
        "periods": [(each.code, period_words(each)) for each in facts.offer.periods],
        "questions": [(str(code), words) for code, words in QUESTIONS.items()],
        "answer": answer(facts, report) if report else "",
        "sections": document(facts, report) if report else [],
        "hidden": HIDDEN[facts.hidden] if facts.hidden else None,
        "form": form,
        "fields": form.beside(_meanwhile(request, facts)),
        "choose": reverse(f"{ROOM[one.scope]}:results"),
    }
    return render(request, f"{ROOM[one.scope]}/results/report.html", context, status=status)


def _meanwhile(request: PageRequest, facts: ServiceFacts) -> Conclusions | None:
    """What was kept since this page was opened."""
    moved = facts.kept is not None and request.POST.get("version", str(facts.version)) != str(facts.version)
    return facts.kept.conclusions if facts.kept is not None and moved else None
