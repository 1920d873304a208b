"""Moving an hour asks first: to when, where, and for an hour of a series whether the following go with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from rapport.practice.organisation.queries import practice_zone, rooms
from rapport.practice.security.policy.actor import Role
from rapport.practice.sessions import actions, queries
from rapport.practice.sessions.queries import SessionFacts
from rapport.web.desk.sessions.frame import show, today_of
from rapport.web.desk.sessions.grid.asked import as_day
from rapport.web.desk.sessions.grid.reader import reader_of
from rapport.web.desk.sessions.moving import ElsewhereForm, MoveForm
from rapport.web.desk.sessions.views.booking import to_diary
from rapport.web.desk.sessions.words import refusal
from rapport.web.doors.page import PageRequest, page


@page("appointment", "edit")
def move(request: PageRequest, session_id: UUID) -> HttpResponse | HttpResponseRedirect:
    """Ask to when, then move: this hour, or this one and the following."""
    hour = queries.session(viewer=request.actor, at=request.at, session_id=session_id)
    of_series = hour.series_id is not None
    form = MoveForm(request.POST or None, initial=_dropped(request, hour), of_series=of_series)
    if request.method != "POST" or not form.is_valid():
        return _ask(request, hour, 422 if form.errors else 200, move_form=form)
    start, end = form.hours
    who: dict[str, Any] = {"actor": request.actor, "at": request.at, "session_id": session_id}

    def done() -> object:
        if form.is_following:
            return actions.move_following(**who, start=start, end=end, leave_out=form.days_left_out)
        return actions.move_session(**who, start=start, end=end)

    def again(problem: actions.DiaryRefusal) -> dict[str, Any]:
        if isinstance(problem, actions.SeriesClashes):
            named = MoveForm(request.POST, of_series=of_series, taken=problem.days)
            named.add_error("leave_out", refusal(problem))
            return {"move_form": named}
        form.add_error("start", refusal(problem))
        return {"move_form": form}

    return _try(request, hour, done, again, _("Moved."), form)


@page("appointment", "edit")
def elsewhere(request: PageRequest, session_id: UUID) -> HttpResponse | HttpResponseRedirect:
    """Hold this hour, or this one and the following, in another place."""
    hour = queries.session(viewer=request.actor, at=request.at, session_id=session_id)
    form = _place_form(request, hour, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _ask(request, hour, 422 if form.errors else 200, place_form=form)

    def done() -> object:
        return actions.change_place(
            actor=request.actor, at=request.at, session_id=session_id, following=form.is_following, **form.where
        )

    def again(problem: actions.DiaryRefusal) -> dict[str, Any]:
        form.add_error("room", _taken(problem))
        return {"place_form": form}

    return _try(request, hour, done, again, _("The place is changed."), None)


@page("series", "edit")
@require_POST
def end(request: PageRequest, series_id: UUID) -> HttpResponse | HttpResponseRedirect:
    """End a series: what is planned from now on falls out."""
    ended = actions.end_series(actor=request.actor, at=request.at, series_id=series_id)
    words = ngettext("The series ends; one hour falls out.", "The series ends; %(ended)d hours fall out.", ended)
    messages.success(request, words % {"ended": ended})
    return to_diary(today_of(request))


def _try(
    request: PageRequest,
    hour: SessionFacts,
    done: Callable[[], object],
    again: Callable[[actions.DiaryRefusal], dict[str, Any]],
    words: str,
    form: MoveForm | None,
) -> HttpResponse | HttpResponseRedirect:
    try:
        done()
    except actions.DiaryRefusal as problem:
        return _ask(request, hour, 422, **again(problem))
    messages.success(request, words)
    day = form.cleaned_data["day"] if form else hour.planned_start.astimezone(practice_zone()).date()
    whose = str(hour.therapist_id) if Role.MANAGER in request.actor.roles else ""
    return to_diary(day, whose)


def _ask(request: PageRequest, hour: SessionFacts, status: int = 200, **forms: Any) -> HttpResponse:
    of_series = hour.series_id is not None
    usual = {
        "move_form": MoveForm(initial=_dropped(request, hour), of_series=of_series),
        "place_form": _place_form(request, hour),
    }
    return show(
        request,
        "sessions/diary/move.html",
        status,
        hour=hour,
        name=reader_of(request, practice_zone()).called(hour.client_name),
        is_planned=hour.state == "planned",
        **{**usual, **forms},
    )


def _dropped(request: PageRequest, hour: SessionFacts) -> dict[str, Any]:
    """Where the hour was dropped in the diary; else where it stands."""
    local = hour.planned_start.astimezone(practice_zone())
    said = request.GET
    return {
        "day": as_day(said.get("day", "")) or local.date(),
        "start": said.get("start") or local.time(),
        "length": hour.minutes,
        "which": "one",
    }


def _place_form(request: PageRequest, hour: SessionFacts, said: Any = None) -> ElsewhereForm:
    open_rooms = [(str(room.id), room.name) for room in rooms(viewer=request.actor, at=request.at)]
    here = next((key for key, name in open_rooms if name == hour.room_name), "")
    initial = {"place": hour.place, "room": here, "words": hour.place_words, "which": "one"}
    is_series = hour.series_id is not None
    return ElsewhereForm(said, initial=initial, of_series=is_series, rooms=open_rooms, auto_id="place_%s")


def _taken(problem: actions.DiaryRefusal) -> str:
    if isinstance(problem, actions.SeriesClashes):
        days = ", ".join(date_format(day, "j F") for day in sorted(problem.days))
        return _("The room is taken on: %(days)s.") % {"days": days}
    return refusal(problem)
