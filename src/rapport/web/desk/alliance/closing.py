"""Closing in ninety seconds: what the client says, the task, the next session. The device may go into their hands."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.clinical.alliance.sliders import Slider
from rapport.clinical.kernel.errors import OutOfRange
from rapport.practice.alliance import actions, queries
from rapport.practice.alliance.choices import (
    CLOSING_STEPS,
    QUESTIONS,
    THANKS,
    THANKS_FREELY,
    Way,
    part_of,
    step_after,
    words_from,
)
from rapport.practice.security.accounts import actions as accounts
from rapport.practice.security.policy.access import not_found
from rapport.practice.security.policy.actor import Thing
from rapport.practice.sessions import queries as sessions
from rapport.web.desk.sessions.frame import show
from rapport.web.doors.alliance import KINDS, keep_step, step_page
from rapport.web.doors.answers import see_other
from rapport.web.doors.forms import as_number
from rapport.web.doors.page import PageRequest, page


@page("room", "run")
def closing(request: PageRequest, session_id: UUID) -> HttpResponseBase:
    """The last minute and a half, in three steps; a POST keeps what was spoken."""
    sessions.room(viewer=request.actor, at=request.at, session_id=session_id)
    if request.method != "POST":
        return _closing(request, session_id)
    values, said = _numbers(request), words_from(request.POST, KINDS)
    if not values and not said:
        return _closing(request, session_id, 422, refused=_("Enter a number or a word, or leave it."))
    try:
        if values:
            actions.say_after_hour(
                actor=request.actor, at=request.at, session_id=session_id, answers=values, way=Way.SPOKEN
            )
        if said:
            actions.say_in_words(actor=request.actor, at=request.at, session_id=session_id, said=said, way=Way.SPOKEN)
    except (actions.NotOpen, actions.TooLong, OutOfRange) as problem:
        return _closing(request, session_id, 422, refused=refusal(problem))
    return see_other("desk:closing", session_id)


@page("room", "run")
def hand_over(request: PageRequest, session_id: UUID) -> HttpResponseBase:
    """From here on this device opens the client's questions and nothing else."""
    sessions.room(viewer=request.actor, at=request.at, session_id=session_id)
    if request.method != "POST":
        return redirect("desk:closing", session_id)
    accounts.hand_over(actor=request.actor, at=request.at, path=reverse("desk:closing_hand", args=[session_id]))
    return see_other("desk:closing_step", session_id, CLOSING_STEPS[0])


@page("room", "run")
def begin(request: PageRequest, session_id: UUID) -> HttpResponseBase:
    """The first question."""
    sessions.room(viewer=request.actor, at=request.at, session_id=session_id)
    return redirect("desk:closing_step", session_id, CLOSING_STEPS[0])


@page("room", "run")
def handed(request: PageRequest, session_id: UUID, step: str) -> HttpResponseBase:
    """One question, in the client's hands. No name, no navigation, no way into the record."""
    sessions.room(viewer=request.actor, at=request.at, session_id=session_id)
    if step in (THANKS, THANKS_FREELY):
        return _handed(request, session_id, step)
    if not part_of(step):
        raise not_found(request.actor, "run", Thing("room", id=session_id), at=request.at)
    if request.method != "POST":
        return _handed(request, session_id, step)
    try:
        keep_step(request.actor, request.at, session_id, step, request.POST, Way.HANDED)
    except (actions.NotOpen, actions.NothingSaid, actions.TooLong, OutOfRange, ValueError) as problem:
        return _handed(request, session_id, step, 422, refused=refusal(problem))
    return see_other("desk:closing_step", session_id, step_after(step))


def refusal(problem: Exception) -> str:
    """Why it was not kept, in words for the client too."""
    if isinstance(problem, actions.NotOpen):
        return _("This can be said when the hour ends, and for a while after it.")
    if isinstance(problem, actions.TooLong):
        return _("This is too long to keep. Shorten it a little; it is still here.")
    return _("Choose a number from 0 to 10, or leave it out.")


def _numbers(request: PageRequest) -> dict[str, int]:
    given = {slider: as_number(request.POST.get(slider, "")) for slider in Slider}
    return {slider: value for slider, value in given.items() if value is not None}


def _closing(request: PageRequest, session_id: UUID, status: int = 200, **context: Any) -> HttpResponse:
    hour = sessions.room(viewer=request.actor, at=request.at, session_id=session_id)
    facts = queries.closing(viewer=request.actor, at=request.at, session_id=session_id)
    coming = sessions.sessions_of(viewer=request.actor, at=request.at, episode_id=hour.episode_id)
    later = [one for one in coming if one.planned_start > hour.planned_start and not one.is_off]
    return show(
        request,
        "alliance/closing.html",
        status,
        hour=hour,
        facts=facts,
        said=facts.hour,
        next=later[0] if later else None,
        questions=[(slider, QUESTIONS[slider], request.POST.get(slider, "")) for slider in Slider],
        entered=request.POST,
        task=f"{reverse('desk:task_new', args=[hour.episode_id])}?session={session_id}",
        ways=[Way(way).label for way in sorted(facts.hour.ways)],
        **context,
    )


def _handed(request: PageRequest, session_id: UUID, step: str, status: int = 200, **context: Any) -> HttpResponse:
    facts = queries.closing(viewer=request.actor, at=request.at, session_id=session_id)
    shown = {**step_page(facts, step, request.POST), **context}
    return render(request, "desk/alliance/handed.html", shown, status=status)
