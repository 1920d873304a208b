"""The speaking ladder: how would I like to speak today?"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from rapport.clinical.speaking.ladder import Rung
from rapport.practice.security.policy.access import not_found
from rapport.practice.security.policy.actor import Thing
from rapport.web.doors.answers import see_other
from rapport.web.doors.page import PageRequest, page
from rapport.web.doors.speaking import carries, rung_page, save_rung, steps
from rapport.web.portal.speaking.views.showing import own_client, show


@page("rung", "choose")
def ladder(request: PageRequest) -> HttpResponseBase:
    """Pick a rung. Those that carry something lead on to it, the others are kept at once."""
    client_id = own_client(request, "rung", "choose")
    if request.method != "POST":
        return show(request, "ladder.html", steps=steps())
    rung = request.POST.get("rung", "")
    if rung not in set(Rung):
        return show(request, "ladder.html", 422, steps=steps(), refused=_("Choose one, or leave this page."))
    if carries(Rung(rung)):
        return see_other("portal:rung", rung)
    save_rung(request.actor, request.at, client_id, Rung(rung), request.POST)
    return _kept(request)


@page("rung", "choose")
def rung(request: PageRequest, rung: str) -> HttpResponseBase:
    """The number, the cards or the sentence of a rung."""
    client_id = own_client(request, "rung", "choose")
    if rung not in set(Rung):
        raise not_found(request.actor, "choose", Thing("rung"), at=request.at)
    refused = ""
    if request.method == "POST":
        refused = save_rung(request.actor, request.at, client_id, Rung(rung), request.POST)
        if not refused:
            return _kept(request)
    context = rung_page(Rung(rung), request.POST, refused)
    return show(request, "rung.html", 422 if refused else 200, **context)


def _kept(request: PageRequest) -> HttpResponseBase:
    messages.success(request, _("Good. Your therapist sees it when you meet. You may choose again at any time."))
    return see_other("portal:speaking")
