"""Before an hour: three small questions, one at a time, each of which may be skipped."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rapport.practice.security.policy.access import not_found
from rapport.practice.security.policy.actor import Thing
from rapport.practice.speaking.actions import SpeakingRefused, prepare_hour
from rapport.practice.speaking.choices import Prepared
from rapport.practice.speaking.queries import own_preparation
from rapport.web.doors.answers import see_other
from rapport.web.doors.page import PageRequest, page
from rapport.web.doors.typing import keeps_typing
from rapport.web.portal.speaking.views.showing import show

STEPS = ("useful", "week", "ask")


@page("preparation", "read")
@require_safe
def prepare(request: PageRequest, session_id: UUID) -> HttpResponseBase:
    """What I said for this hour; before anything was said, the way to the first question."""
    hour = own_preparation(viewer=request.actor, at=request.at, session_id=session_id)
    return show(request, "prepared.html", hour=hour)


@page("preparation", "write")
@keeps_typing
def step(request: PageRequest, session_id: UUID, asked: str) -> HttpResponseBase:
    """One question; its answer is kept when one goes on."""
    hour = own_preparation(viewer=request.actor, at=request.at, session_id=session_id)
    if asked not in STEPS:
        raise not_found(request.actor, "write", Thing("preparation", id=session_id), at=request.at)
    said, refused = hour.said, ""
    if request.method == "POST":
        try:
            said = _with(hour.said, asked, request.POST.get("answer", ""))
            prepare_hour(actor=request.actor, at=request.at, session_id=session_id, said=said)
        except SpeakingRefused as problem:
            refused = str(problem)
        except ValueError:
            refused = _("Tap a number from 0 to 10.")
        else:
            return _onward(session_id, asked)
    place = STEPS.index(asked)
    return show(
        request,
        "prepare.html",
        422 if refused else 200,
        hour=hour,
        said=said,
        asked=asked,
        place=place + 1,
        steps=len(STEPS),
        after=STEPS[place + 1] if place + 1 < len(STEPS) else "",
        before=STEPS[place - 1] if place else "",
        refused=refused,
    )


def _with(said: Prepared, step: str, answer: str) -> Prepared:
    if step == "week":
        return replace(said, week=int(answer) if answer else None)
    return replace(said, useful=answer) if step == "useful" else replace(said, ask=answer)


def _onward(session_id: UUID, step: str) -> HttpResponseBase:
    place = STEPS.index(step) + 1
    if place < len(STEPS):
        return see_other("portal:prepare_step", session_id, STEPS[place])
    return see_other("portal:prepare", session_id)
