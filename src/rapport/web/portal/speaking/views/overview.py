"""Everything of the client's in one place, and how they are at ease."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rapport.practice.speaking import queries
from rapport.practice.speaking.actions import SpeakingRefused, set_comfort
from rapport.practice.speaking.choices import PageFacts
from rapport.web.doors.answers import see_other
from rapport.web.doors.page import PageRequest, page
from rapport.web.doors.speaking import COMFORT, KINDS, ComfortForm, chosen
from rapport.web.doors.typing import keeps_typing
from rapport.web.portal.speaking.views.showing import own_client, show

TODAY = timedelta(hours=24)
ICONS = {"written": "pen-line", "picture": "image", "somebody": "users", "timeline": "milestone"}


@page("own_page", "read")
@require_safe
def speaking(request: PageRequest) -> HttpResponseBase:
    """Ways to speak."""
    client_id = own_client(request, "own_page", "read")
    viewer, at = request.actor, request.at
    rungs = queries.rungs(viewer=viewer, at=at, client_id=client_id)
    comfort = queries.comfort(viewer=viewer, at=at, client_id=client_id)
    return show(
        request,
        "speaking.html",
        hour=queries.hour_to_prepare(viewer=viewer, at=at),
        today=chosen(rungs[0]) if rungs and rungs[0].said_at > at - TODAY else None,
        rungs=[chosen(each) for each in rungs],
        doors=[(kind, label, note, ICONS[kind]) for kind, (label, note) in KINDS.items()],
        pages=[(each, named(each)) for each in queries.own_pages(viewer=viewer, at=at)],
        comfort=comfort,
        lines=[(COMFORT[name][0], text) for name, text in asdict(comfort.comfort).items() if text and name in COMFORT],
    )


@page("comfort", "edit")
@keeps_typing
def comfort(request: PageRequest) -> HttpResponseBase:
    """So that I am at ease here."""
    client_id = own_client(request, "comfort", "edit")
    now = queries.comfort(viewer=request.actor, at=request.at, client_id=client_id)
    form = ComfortForm(request.POST or None, initial=asdict(now.comfort))
    if request.method == "POST" and form.is_valid():
        try:
            set_comfort(actor=request.actor, at=request.at, client_id=client_id, comfort=form.comfort)
        except SpeakingRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, _("Kept. Your therapist sees it before you meet."))
            return see_other("portal:speaking")
    return show(request, "comfort.html", 422 if form.errors else 200, form=form, now=now)


def named(facts: PageFacts) -> str:
    """What a page is called in a list."""
    own = facts.text.title if facts.text else ""
    return own or str(KINDS[facts.kind][0])
