"""The audit trail, and checking that nobody changed it."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapport.practice.security.accounts.queries.trail import PAGE, trail_lines
from rapport.practice.security.audit.checkpoints import anchor_file
from rapport.practice.security.audit.verify import verify as read_again
from rapport.web.doors.page import PageRequest, page


@page("audit", "list")
def trail(request: PageRequest) -> HttpResponse:
    before = _moment(request.GET.get("before", ""))
    denied = request.GET.get("denied") == "1"
    lines = trail_lines(viewer=request.actor, at=request.at, before=before, denied=denied)
    older = lines[-1].at.isoformat() if len(lines) == PAGE else ""
    return render(request, "office/audit/trail.html", {"lines": lines, "older": older, "denied": denied})


@page("audit", "verify")
@require_POST
def verify(request: PageRequest) -> HttpResponse:
    anchor = anchor_file()
    result = read_again(anchor.read_text(encoding="utf-8") if anchor.exists() else None)
    if result.finding:
        problem = _("Tampered with: entry %(entry)s of chain %(chain)s was %(kind)s.") % {
            "entry": result.finding.seq,
            "chain": result.finding.chain,
            "kind": result.finding.kind,
        }
        messages.error(request, problem)
    else:
        whole = _("The trail is whole: %(events)s entries, held against %(checkpoints)s signed checkpoints.")
        messages.success(request, whole % {"events": result.events, "checkpoints": result.checkpoints})
    return redirect("office:audit")


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
