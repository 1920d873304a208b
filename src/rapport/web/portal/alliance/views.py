"""One question at a time after the hour, and one's own past answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from rapport.clinical.alliance.sliders import HIGH, LOW
from rapport.clinical.alliance.speaking_freely import Compared, Freely, compared
from rapport.clinical.kernel.errors import OutOfRange
from rapport.practice.alliance import actions, queries
from rapport.practice.alliance.choices import (
    CLOSING_STEPS,
    QUESTIONS,
    THANKS,
    THANKS_FREELY,
    HourTogether,
    Way,
    WordsKind,
    part_of,
    step_after,
)
from rapport.practice.security.policy.access import not_found
from rapport.practice.security.policy.actor import Thing
from rapport.web.components.trend.of_course import short_day
from rapport.web.components.trend.picture import TrendPicture, TrendPoint
from rapport.web.doors.alliance import keep_step, step_page
from rapport.web.doors.answers import see_other
from rapport.web.doors.page import PageRequest, page
from rapport.web.doors.typing import keeps_typing


@page("alliance", "say_own")
def begin(request: PageRequest, session_id: UUID) -> HttpResponseBase:
    """To the first question."""
    queries.closing(viewer=request.actor, at=request.at, session_id=session_id)
    return redirect("portal:closing_step", session_id, CLOSING_STEPS[0])


@page("alliance", "say_own")
@keeps_typing
def step(request: PageRequest, session_id: UUID, step: str) -> HttpResponseBase:
    """One question. Every answer is kept as it is given; any may be skipped."""
    facts = queries.closing(viewer=request.actor, at=request.at, session_id=session_id)
    if step in (THANKS, THANKS_FREELY):
        return _show(request, facts, step)
    if not part_of(step):
        raise not_found(request.actor, "say_own", Thing("alliance", id=session_id), at=request.at)
    if request.method != "POST":
        return _show(request, facts, step)
    try:
        keep_step(request.actor, request.at, session_id, step, request.POST, Way.PORTAL)
    except actions.NotOpen:
        return _show(request, facts, step, 422)
    except actions.TooLong:
        words = _("This is a little too long to keep. Make it shorter; it is still here.")
        return _show(request, facts, step, 422, refused=words)
    except (actions.NothingSaid, OutOfRange, ValueError):
        return _show(request, facts, step, 422, refused=_("Tap a number from 0 to 10, or skip this."))
    return see_other("portal:closing_step", session_id, step_after(step))


@page("alliance", "read_own")
def freely(request: PageRequest) -> HttpResponse:
    """How freely one could speak, hour by hour: one's own past, without marks."""
    hours = [hour for hour in queries.own_hours(viewer=request.actor, at=request.at) if hour.spoke_freely]
    own_words = [
        (hour.held_at, hour.words[WordsKind.FREELY].text) for hour in reversed(hours) if WordsKind.FREELY in hour.words
    ]
    context = {"pictures": [_picture(part, hours) for part in Freely if _has(hours, part)], "own_words": own_words}
    return render(request, "portal/alliance/freely.html", context)


def _show(
    request: PageRequest, facts: queries.ClosingFacts, step: str, status: int = 200, **context: Any
) -> HttpResponse:
    shown = {**step_page(facts, step, request.POST), **context}
    return render(request, "portal/alliance/step.html", shown, status=status)


def _has(hours: list[HourTogether], part: Freely) -> bool:
    return any(part in hour.values for hour in hours)


def _picture(part: Freely, hours: list[HourTogether]) -> TrendPicture:
    years = {hour.held_at.year for hour in hours}
    points = [
        TrendPoint(
            (hour.held_at - hours[0].held_at).days / 7, short_day(hour.held_at.date(), years), hour.values.get(part)
        )
        for hour in hours
    ]
    sentence = _sentence(compared([hour.values.get(part) for hour in hours]))
    return TrendPicture(str(QUESTIONS[part].name), points, LOW, HIGH, "", sentence=sentence)


def _sentence(found: Compared) -> str:
    """One sentence before the picture, with neither praise nor blame."""
    return {
        Compared.NOTHING: _("No answer yet."),
        Compared.FIRST: _("This is your first answer."),
        Compared.MORE: _("Last time you could say more than you usually do."),
        Compared.LESS: _("Last time you could say less than you usually do. That happens when something matters."),
        Compared.SIMILAR: _("Last time was much as usual for you."),
    }[found]
