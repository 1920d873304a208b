"""The client's first page: when they next meet, what is to do, where help is."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from rapport.practice.episodes.queries import agreement_waits, own_episode
from rapport.practice.measures.choices import FormState
from rapport.practice.measures.queries import own_forms
from rapport.practice.safety.choices import SafeNow
from rapport.practice.safety.queries import said_last
from rapport.practice.security.policy.access import not_found
from rapport.practice.security.policy.actor import Thing
from rapport.practice.sessions.queries import SessionFacts, own_sessions
from rapport.web.doors.page import PageRequest, page


@page("portal", "read")
def home(request: PageRequest) -> HttpResponse:
    """Good morning. Whoever said that they may not be safe sees the help page first."""
    viewer, at = request.actor, request.at
    if viewer.client_id is None:
        raise not_found(viewer, "read", Thing("portal"), at=at)
    if said_last(viewer=viewer, at=at, client_id=viewer.client_id) in (SafeNow.NO, SafeNow.NOT_SURE):
        return redirect("portal:help")
    meeting = next_meeting(request)
    forms = own_forms(viewer=viewer, at=at)
    mine = own_episode(viewer=viewer, at=at)
    return render(
        request,
        "portal/home/home.html",
        {
            "meeting": meeting,
            "to_agree": mine is not None and agreement_waits(viewer=viewer, at=at, episode_id=mine.id),
            "zone": timezone.get_current_timezone(),
            "hour": timezone.localtime(at).hour,
            "forms": [line for line in forms if line.state != FormState.DONE],
        },
    )


def next_meeting(request: PageRequest) -> SessionFacts | None:
    """The hour that runs or comes next."""
    hours = own_sessions(viewer=request.actor, at=request.at)
    return next((hour for hour in hours if not hour.is_off and hour.planned_end > request.at), None)
