"""Not asking for a charge, or asking for it again."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from rapport.practice.sessions import actions
from rapport.web.desk.sessions.forms import WaiverForm
from rapport.web.desk.sessions.views.session import attempt, card
from rapport.web.doors.page import PageRequest, page
from rapport.web.doors.typing import keeps_typing


@page("charge", "waive")
@keeps_typing
def waive(request: PageRequest, session_id: UUID) -> HttpResponseBase:
    """A person decides, and says why. Nothing is ever waived or charged by itself."""
    form = WaiverForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return card(request, session_id, 422 if form.errors else 200, waiver_form=form)
    is_asked = request.POST.get("decision") == "ask"
    decide = actions.ask_charge_again if is_asked else actions.waive_charge
    done = partial(decide, actor=request.actor, at=request.at, session_id=session_id, reason=form.cleaned_data["why"])
    return attempt(request, session_id, done, _("Kept: it is asked for.") if is_asked else _("Kept: not asked for."))
