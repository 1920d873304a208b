"""The service report of the whole practice, nobody in it to be recognised."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.views.decorators.http import require_safe

from rapport.practice.outcomes.choices.service import ReportScope
from rapport.web.doors.page import PageRequest, page
from rapport.web.doors.results import views as shared
from rapport.web.doors.typing import keeps_typing

SCOPE = ReportScope.PRACTICE


@page("service_report", "read")
@require_safe
def choose(request: PageRequest) -> HttpResponseBase:
    """Choose a period, a question and a reading."""
    return shared.choose(request, SCOPE)


@page("service_report", "write")
@keeps_typing
def report(request: PageRequest, period: str, question: str, reading: str) -> HttpResponseBase:
    """The report and its conclusions."""
    return shared.show(request, shared.asked(request, SCOPE, period=period, question=question, reading=reading))


@page("service_report", "read")
@require_safe
def paper(request: PageRequest, period: str, question: str, reading: str) -> HttpResponseBase:
    """The report as PDF."""
    return shared.paper(request, shared.asked(request, SCOPE, period=period, question=question, reading=reading))
