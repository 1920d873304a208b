"""When we meet, and how you are right now."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapport.clinical.kernel.errors import OutOfRange
from rapport.clinical.sessions.states import SessionState
from rapport.practice.sessions import actions, queries
from rapport.practice.sessions.choices import Side
from rapport.web.doors.answers import see_other
from rapport.web.doors.page import PageRequest, page


@page("session_moment", "read")
def sessions(request: PageRequest) -> HttpResponse:
    """The hours to come, the next one first, and the one tap around an hour."""
    hours = queries.own_sessions(viewer=request.actor, at=request.at)
    waiting = (SessionState.PLANNED, SessionState.RUNNING)
    coming = [hour for hour in hours if hour.state in waiting and hour.planned_end > request.at]
    asked = next((hour for hour in hours if _asks(hour)), None)
    return _show(
        request,
        "portal/sessions/sessions.html",
        200,
        coming=coming,
        next=coming[0] if coming else None,
        asked=asked,
        offers=queries.own_offers(viewer=request.actor, at=request.at),
        breaks=queries.own_breaks(viewer=request.actor, at=request.at),
    )


@require_POST
@page("slot_offer", "answer")
def offer_answer(request: PageRequest, offer_id: UUID) -> HttpResponseRedirect:
    """Yes or no to a time that has become free."""
    is_yes = request.POST.get("answer") == "yes"
    act = actions.accept_offer if is_yes else actions.decline_offer
    try:
        act(actor=request.actor, at=request.at, offer_id=offer_id)
    except actions.StateMoved:
        messages.warning(request, _("This offer was answered already, or taken back."))
    except actions.DiaryRefusal:
        messages.error(request, _("This time is gone: somebody else was faster. You stay on the list."))
    else:
        messages.success(request, _("It is yours. See you then.") if is_yes else _("Thank you for telling us."))
    return see_other("portal:sessions")


@page("session_moment", "record")
def moment(request: PageRequest, session_id: UUID) -> HttpResponse | HttpResponseRedirect:
    """One tap, 0 to 10, before or after the hour."""
    hour = queries.session(viewer=request.actor, at=request.at, session_id=session_id)
    if request.method == "POST":
        side = Side.AFTER if request.POST.get("side") == Side.AFTER else Side.BEFORE
        try:
            value = int(request.POST.get("value", ""))
            actions.say_how_it_is(actor=request.actor, at=request.at, session_id=session_id, side=side, value=value)
        except (ValueError, OutOfRange):
            words = _("Tap a number from 0 to 10.")
            return _show(request, "portal/sessions/moment.html", 422, hour=hour, side=side, refused=words)
        except actions.NotNow:
            words = _("We ask this only close to our hour. You can tell us when we meet.")
            return _show(request, "portal/sessions/moment.html", 422, hour=hour, side=None, refused=words)
        messages.success(request, _("Thank you. Your therapist sees it with your next session."))
        return see_other("portal:sessions")
    return _show(request, "portal/sessions/moment.html", 200, hour=hour, side=hour.open_side)


def _asks(hour: queries.SessionFacts) -> bool:
    said = {Side.BEFORE: hour.effect.before, Side.AFTER: hour.effect.after}
    return hour.open_side is not None and said[hour.open_side] is None


def _show(request: PageRequest, template: str, status: int, **context: Any) -> HttpResponse:
    return render(request, template, context, status=status)
