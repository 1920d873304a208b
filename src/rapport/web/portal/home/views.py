"""The client's first page: when they next meet, one thing to try, one question, and where help is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapport.clinical.episodes.contract import MissedCharge
from rapport.practice.correspondence.queries import answer_waits, letters_asking
from rapport.practice.episodes.queries import agreement_waits, own_episode, terms
from rapport.practice.exercises.queries import tasks_of, the_one
from rapport.practice.measures.choices import FormState
from rapport.practice.measures.queries import own_forms
from rapport.practice.safety.choices import SafeNow
from rapport.practice.safety.queries import said_last
from rapport.practice.security.policy.access import not_found
from rapport.practice.security.policy.actor import Thing
from rapport.practice.sessions.actions import NotNow, say_i_come
from rapport.practice.sessions.queries import SessionFacts, own_hour_confirmed, own_sessions
from rapport.web.doors.answers import see_other
from rapport.web.doors.page import PageRequest, page
from rapport.web.portal.home.questions import the_question


@page("portal", "read")
def home(request: PageRequest) -> HttpResponse:
    """Good morning. Whoever said that they may not be safe sees the help page first."""
    viewer, at = request.actor, request.at
    if viewer.client_id is None:
        raise not_found(viewer, "read", Thing("portal"), at=at)
    if said_last(viewer=viewer, at=at, client_id=viewer.client_id) in (SafeNow.NO, SafeNow.NOT_SURE):
        return redirect("portal:help")
    forms = [line for line in own_forms(viewer=viewer, at=at) if line.state != FormState.DONE]
    meeting = next_meeting(request)
    question = the_question(request, forms_wait=bool(forms))
    context = {
        "meeting": meeting,
        "is_coming": meeting is not None and own_hour_confirmed(viewer=viewer, at=at, session_id=meeting.id),
        "may_say": meeting is not None and meeting.planned_start > at,
        "hour": timezone.localtime(at).hour,
        "question": question,
        "forms": [] if question else forms[:1],
        "forms_later": len(forms) if question else len(forms) - 1,
        "letters_asking": letters_asking(viewer=viewer, at=at),
        "answer_waits": answer_waits(viewer=viewer, at=at),
        **_of_the_course(request),
    }
    return render(request, "portal/home/home.html", context)


@page("appointment", "answer")
@require_POST
def coming(request: PageRequest, session_id: UUID) -> HttpResponseBase:
    """I say that I come."""
    try:
        say_i_come(actor=request.actor, at=request.at, session_id=session_id)
    except NotNow:
        messages.warning(request, _("This hour has begun, or was changed. Look at the times again."))
    else:
        messages.success(request, _("Thank you. We know that you are coming."))
    return see_other("portal:home")


def next_meeting(request: PageRequest) -> SessionFacts | None:
    """The hour that runs or comes next."""
    hours = own_sessions(viewer=request.actor, at=request.at)
    return next((hour for hour in hours if not hour.is_off and hour.planned_end > request.at), None)


def _of_the_course(request: PageRequest) -> dict[str, Any]:
    """What hangs on an open course: an agreement that waits, the one task, the terms of an hour."""
    who: dict[str, Any] = {"viewer": request.actor, "at": request.at}
    mine = own_episode(**who)
    if mine is None:
        return {}
    agreed = terms(**who, episode_id=mine.id)
    return {
        "to_agree": agreement_waits(**who, episode_id=mine.id),
        "task": the_one(**who, tasks=tasks_of(**who, episode_id=mine.id)),
        "terms": agreed,
        "is_free_of_charge": agreed.charge is MissedCharge.NONE,
    }
