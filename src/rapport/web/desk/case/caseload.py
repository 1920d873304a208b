"""All courses in one's care, those first that need somebody, with the reason in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from rapport.practice.organisation.queries import practice_zone
from rapport.practice.outcomes import queries
from rapport.practice.outcomes.choices import CaseloadLine
from rapport.web.desk.case.reasons import Reason, reasons_for
from rapport.web.desk.outcomes.shown import ShownLineMeasure, show_counts, show_line_measure, state_word
from rapport.web.desk.sessions.frame import show
from rapport.web.doors.page import PageRequest, page

REASONS_SHOWN = 3
LAST = 99  # nothing needs anybody
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Line:
    """One course of the caseload."""

    line: CaseloadLine
    reasons: tuple[Reason, ...]
    more: int
    state: str
    measures: tuple[ShownLineMeasure, ...]


@page("course", "list")
@require_safe
def caseload(request: PageRequest) -> HttpResponse:
    """Every course. Sorted by what needs somebody, how long it has waited, and the name; never by a score."""
    facts = queries.caseload(viewer=request.actor, at=request.at)
    with timezone.override(practice_zone()):
        reasons = reasons_for(request, facts)
    lines = sorted(facts.lines, key=lambda line: _place(line, reasons.get(line.episode.id, ())))
    return show(
        request,
        "case/caseload.html",
        lines=[_line(line, reasons.get(line.episode.id, ())) for line in lines],
        need=sum(bool(found) for found in reasons.values()),
        counts=[show_counts(each) for each in facts.counts],
    )


def _place(line: CaseloadLine, reasons: Sequence[Reason]) -> tuple[bool, int, datetime, str]:
    first = reasons[0] if reasons else None
    since = first.since if first and first.since else NEVER
    is_over = first is None and not line.episode.is_open
    return is_over, first.rank if first else LAST, since, line.episode.client_name.casefold()


def _line(line: CaseloadLine, reasons: tuple[Reason, ...]) -> Line:
    return Line(
        line=line,
        reasons=reasons[:REASONS_SHOWN],
        more=max(0, len(reasons) - REASONS_SHOWN),
        state=state_word(line.episode.state),
        measures=tuple(show_line_measure(each) for each in line.measures),
    )
