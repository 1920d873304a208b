"""The ladder in the client's hands, on the therapist's device."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.clinical.speaking.ladder import Rung
from rapport.practice.security.policy.access import not_found
from rapport.practice.security.policy.actor import Thing
from rapport.practice.sessions import queries
from rapport.web.desk.speaking.showing import show
from rapport.web.doors.answers import SeeOther, see_other
from rapport.web.doors.page import PageRequest, page
from rapport.web.doors.speaking import carries, rung_page, save_rung, steps


@page("room", "run")
def ladder(request: PageRequest, session_id: UUID) -> HttpResponseBase:
    """The client picks a step."""
    hour = queries.room(viewer=request.actor, at=request.at, session_id=session_id)
    if request.method != "POST":
        return show(request, "speaking/ladder.html", hour=hour, steps=steps(), is_given="given" in request.GET)
    rung = request.POST.get("rung", "")
    if rung not in set(Rung):
        refused = _("Choose one, or hand the device back.")
        return show(request, "speaking/ladder.html", 422, hour=hour, steps=steps(), refused=refused)
    if carries(Rung(rung)):
        return see_other("desk:room_rung", session_id, rung)
    save_rung(request.actor, request.at, hour.client_id, Rung(rung), request.POST)
    return _given(session_id)


@page("room", "run")
def rung(request: PageRequest, session_id: UUID, rung: str) -> HttpResponseBase:
    """The number, the cards or the sentence."""
    hour = queries.room(viewer=request.actor, at=request.at, session_id=session_id)
    if rung not in set(Rung):
        raise not_found(request.actor, "run", Thing("room", id=session_id), at=request.at)
    refused = ""
    if request.method == "POST":
        refused = save_rung(request.actor, request.at, hour.client_id, Rung(rung), request.POST)
        if not refused:
            return _given(session_id)
    context = rung_page(Rung(rung), request.POST, refused)
    return show(request, "speaking/rung.html", 422 if refused else 200, hour=hour, **context)


def _given(session_id: UUID) -> HttpResponseBase:
    return SeeOther(reverse("desk:room_ladder", args=[session_id]) + "?given")
