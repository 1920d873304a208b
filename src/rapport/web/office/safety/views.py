"""How many alerts wait, with whom, and who else could take them. No client, no reason."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rapport.practice.organisation.queries import practice_zone
from rapport.practice.safety.actions import NotACarer, reassign_alert
from rapport.practice.safety.queries import count_of_alerts, open_alert_tiles
from rapport.web.doors.page import PageRequest, page


@page("alert", "assign")
@require_safe
def alerts(request: PageRequest) -> HttpResponse:
    """The manager's view."""
    context = {
        "count": count_of_alerts(viewer=request.actor, at=request.at),
        "tiles": open_alert_tiles(viewer=request.actor, at=request.at),
        "zone": practice_zone(),
    }
    return render(request, "office/safety/alerts.html", context)


@page("alert", "assign")
@require_POST
def reassign(request: PageRequest, alert_id: UUID) -> HttpResponseBase:
    """Give one alert to another therapist of the same client."""
    try:
        to = UUID(request.POST.get("to", ""))
    except ValueError:
        messages.error(request, _("Choose who takes it."))
        return _see_other()
    try:
        reassign_alert(actor=request.actor, at=request.at, alert_id=alert_id, to=to)
    except NotACarer:
        messages.error(request, _("This person does not care for the client. Give them access to the client first."))
    else:
        messages.success(request, _("It has a new owner, who was told."))
    return _see_other()


def _see_other() -> HttpResponseBase:
    response = redirect("office:alerts")
    response.status_code = 303
    return response
