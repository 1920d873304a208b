"""Marks and interventions: one press, one small request. With the script it answers with the trail alone."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from rapport.clinical.sessions.room.interventions import Mode, everything
from rapport.clinical.sessions.room.marks import MarkKind
from rapport.practice.sessions import actions, queries
from rapport.web.desk.sessions.frame import show
from rapport.web.desk.sessions.table_top import trail_of
from rapport.web.desk.sessions.views.room import back, room_page
from rapport.web.desk.sessions.words import refusal
from rapport.web.doors.forms import as_number
from rapport.web.doors.page import PageRequest, page

MOST_AGO = 3600


@page("room", "run")
def mark(request: PageRequest, session_id: UUID) -> HttpResponseBase:
    """This moment, marked."""

    def do() -> None:
        actions.set_mark(
            actor=request.actor,
            at=request.at,
            session_id=session_id,
            kind=MarkKind(request.POST.get("kind", "")),
            key=_key(request),
            ago=_ago(request),
        )

    return _noted(request, session_id, do)


@page("room", "run")
def did(request: PageRequest, session_id: UUID) -> HttpResponseBase:
    """What was done, and how: `code:mode`."""
    code, _sep, mode = request.POST.get("did", "").partition(":")

    def do() -> None:
        actions.note_intervention(
            actor=request.actor, at=request.at, session_id=session_id, code=code, mode=Mode(mode), key=_key(request),
            ago=_ago(request),
        )  # fmt: skip

    return _noted(request, session_id, do)


@page("room", "run")
def earlier(request: PageRequest, session_id: UUID) -> HttpResponseBase:
    """After an hour with pen and paper: a mark or an intervention with the minute it belongs to."""
    what = request.POST.get("what", "")

    def do() -> None:
        when: dict[str, Any] = {
            "actor": request.actor, "at": request.at, "session_id": session_id, "key": _key(request),
            "minute": int(request.POST.get("minute") or 0),
        }  # fmt: skip
        if what in everything():
            actions.note_intervention(**when, code=what, mode=Mode(request.POST.get("mode") or everything()[what].mode))
        else:
            actions.set_mark(**when, kind=MarkKind(what), words=request.POST.get("words", ""))

    return _noted(request, session_id, do)


@page("room", "run")
def words(request: PageRequest, session_id: UUID) -> HttpResponseBase:
    """A few words to a mark."""

    def do() -> None:
        actions.put_in_words(
            actor=request.actor,
            at=request.at,
            session_id=session_id,
            mark_id=UUID(request.POST.get("mark", "")),
            words=request.POST.get("words", ""),
        )

    return _noted(request, session_id, do)


@page("room", "run")
def undo(request: PageRequest, session_id: UUID) -> HttpResponseBase:
    """Take back one thing, or the last."""

    def do() -> None:
        noted = request.POST.get("noted")
        actions.take_back(
            actor=request.actor, at=request.at, session_id=session_id, noted_id=UUID(noted) if noted else None
        )

    return _noted(request, session_id, do)


def _noted(request: PageRequest, session_id: UUID, do: Callable[[], None]) -> HttpResponseBase:
    if request.method != "POST":
        return back(session_id)
    try:
        do()
    except actions.DiaryRefusal as problem:
        return _refused(request, session_id, refusal(problem))
    except ValueError:
        return _refused(request, session_id, _("This was not understood. Load the page again."))
    return _trail(request, session_id) if request.htmx else back(session_id)


def _trail(request: PageRequest, session_id: UUID, status: int = 200, **context: str) -> HttpResponse:
    hour = queries.room(viewer=request.actor, at=request.at, session_id=session_id)
    noted = queries.noted(viewer=request.actor, at=request.at, session_id=session_id)
    return show(request, "sessions/room/trail.html", status, hour=hour, trail=trail_of(*noted), **context)


def _refused(request: PageRequest, session_id: UUID, why: str) -> HttpResponse:
    if request.htmx:
        return _trail(request, session_id, 422, refused=why)
    return room_page(request, session_id, 422, refused=why)


def _key(request: PageRequest) -> UUID:
    """The page's key; a request without one stands for itself."""
    given = request.POST.get("key")
    return UUID(given) if given else uuid.uuid4()


def _ago(request: PageRequest) -> timedelta:
    """How long ago it was pressed, when the connection was away meanwhile."""
    return timedelta(seconds=min(as_number(request.POST.get("ago", "")) or 0, MOST_AGO))
