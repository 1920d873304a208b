"""The audit trail, and checking that nobody changed it."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from rapport.practice.security.accounts.queries.trail import PAGE, trail_lines
from rapport.practice.security.audit.checkpoints import anchor_file, newest_root
from rapport.practice.security.audit.verify import Finding, Tampering
from rapport.practice.security.audit.verify import verify as read_again
from rapport.web.doors.page import PageRequest, page

KINDS = {
    Tampering.EDITED: gettext_lazy("edited"),
    Tampering.DELETED: gettext_lazy("deleted"),
    Tampering.INSERTED: gettext_lazy("inserted"),
    Tampering.REORDERED: gettext_lazy("reordered"),
    Tampering.TRUNCATED: gettext_lazy("cut off, with all that followed"),
    Tampering.FORKED: gettext_lazy("replaced by another history"),
    Tampering.REPLACED: gettext_lazy("replaced by an older copy"),
    Tampering.CLOCK: gettext_lazy("stamped before what was signed before it"),
    Tampering.CHECKPOINT: gettext_lazy("missing or changed"),
    Tampering.UNSIGNED: gettext_lazy("not signed by this practice"),
}


@page("audit", "list")
def trail(request: PageRequest) -> HttpResponse:
    before = _moment(request.GET.get("before", ""))
    denied = request.GET.get("denied") == "1"
    lines = trail_lines(viewer=request.actor, at=request.at, before=before, denied=denied)
    older = lines[-1].at.isoformat() if len(lines) == PAGE else ""
    context = {"lines": lines, "older": older, "denied": denied, "root": newest_root()}
    return render(request, "office/audit/trail.html", context)


@page("audit", "verify")
@require_POST
def verify(request: PageRequest) -> HttpResponse:
    anchor = anchor_file()
    result = read_again(anchor.read_text(encoding="utf-8") if anchor.exists() else None)
    if result.finding:
        messages.error(request, found_words(result.finding))
    else:
        whole = _("The trail is whole: %(events)s entries, held against %(checkpoints)s signed checkpoints.")
        messages.success(request, whole % {"events": result.events, "checkpoints": result.checkpoints})
    return redirect("office:audit")


def found_words(finding: Finding) -> str:
    """The first bad entry and what was done to it."""
    if finding.chain < 0:
        return _("Tampered with: checkpoint %(number)s: %(kind)s.") % {
            "number": finding.checkpoint,
            "kind": KINDS[finding.kind],
        }
    return _("Tampered with: entry %(entry)s of chain %(chain)s was %(kind)s.") % {
        "entry": finding.seq,
        "chain": finding.chain,
        "kind": KINDS[finding.kind],
    }


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
