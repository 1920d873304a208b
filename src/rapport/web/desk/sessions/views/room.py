"""The session room: the quietest page. Everything it needs answers below its own address, which stays open with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.clinical.kernel.errors import OutOfRange
from rapport.clinical.sessions.attendance import Attendance
from rapport.clinical.sessions.notes import NoteState
from rapport.clinical.sessions.states import SessionState
from rapport.practice.security.accounts.actions import hand_over, hold_open
from rapport.practice.sessions import actions, queries
from rapport.practice.sessions.choices import Side
from rapport.web.desk.sessions.editor import boxes, parts_of
from rapport.web.desk.sessions.forms import EndForm
from rapport.web.desk.sessions.frame import show
from rapport.web.desk.sessions.room_words import MARKS
from rapport.web.desk.sessions.table_top import clock_of, lay_out
from rapport.web.desk.sessions.views.notes import keep, own_note
from rapport.web.desk.sessions.words import refusal
from rapport.web.doors.answers import SeeOther, see_other
from rapport.web.doors.page import PageRequest, page

# What the client may do on the therapist's device: the place it opens, and what is asked there.
HANDED: dict[str, tuple[str, str]] = {
    "before": ("desk:room_say", "?side=before"),
    "after": ("desk:room_say", "?side=after"),
    "ladder": ("desk:room_ladder", ""),
}


@page("room", "run")
def room(request: PageRequest, session_id: UUID) -> HttpResponse:
    """The hour; `?screen=time` or `?screen=off` leaves the time, or nothing."""
    screen = request.GET.get("screen", "")
    if screen in ("time", "off"):
        hour = queries.room(viewer=request.actor, at=request.at, session_id=session_id)
        settings = queries.board(viewer=request.actor, at=request.at, session_id=session_id).settings
        dimmed: dict[str, Any] = {"hour": hour, "screen": screen, "settings": settings, "marks": list(MARKS.values())}
        return show(request, "sessions/room/dimmed.html", **dimmed, **clock_of(hour, request.at))
    return room_page(request, session_id)


@page("room", "run")
def start(request: PageRequest, session_id: UUID) -> HttpResponse | HttpResponseRedirect:
    """The hour begins; from now on its room stays open."""
    if request.method == "POST":
        try:
            actions.start_session(actor=request.actor, at=request.at, session_id=session_id)
        except actions.DiaryRefusal as problem:
            return room_page(request, session_id, 422, refused=refusal(problem))
        hour = queries.room(viewer=request.actor, at=request.at, session_id=session_id)
        _hold(request, hour.planned_end, session_id)
    return back(session_id)


@page("room", "run")
def end(request: PageRequest, session_id: UUID) -> HttpResponse | HttpResponseRedirect:
    """The hour ends; its room stays open a little longer, for the note."""
    if request.method != "POST":
        return back(session_id)
    form = EndForm(request.POST)
    if not form.is_valid():
        return room_page(request, session_id, 422, end_form=form)
    try:
        actions.end_session(
            actor=request.actor,
            at=request.at,
            session_id=session_id,
            attendance=Attendance(form.cleaned_data["attendance"] or Attendance.ATTENDED),
            reason=form.cleaned_data["reason"],
        )
    except actions.DiaryRefusal as problem:
        return room_page(request, session_id, 422, refused=refusal(problem), end_form=form)
    _hold(request, request.at, session_id)
    return back(session_id)


@page("room", "run")
def over(request: PageRequest, session_id: UUID) -> HttpResponse | HttpResponseRedirect:
    """The device goes into the client's hands: it opens one question and nothing else, until it is unlocked."""
    hour = queries.room(viewer=request.actor, at=request.at, session_id=session_id)
    what = request.POST.get("what", "")
    if what not in HANDED:
        return back(session_id)
    name, asks = HANDED[what]
    place = reverse(name, args=[hour.id])
    hand_over(actor=request.actor, at=request.at, path=place)
    return SeeOther(place + asks)


@page("session_moment", "record")
def say(request: PageRequest, session_id: UUID) -> HttpResponse | HttpResponseRedirect:
    """In the client's hands: they say in one tap how they are."""
    said = request.POST or request.GET
    side, status, refused = Side.AFTER if said.get("side") == Side.AFTER else Side.BEFORE, 200, ""
    if request.method == "POST":
        try:
            value = int(request.POST.get("value", ""))
            actions.say_how_it_is(actor=request.actor, at=request.at, session_id=session_id, side=side, value=value)
        except actions.DiaryRefusal as problem:
            status, refused = 422, refusal(problem)
        except (ValueError, OutOfRange):
            status, refused = 422, _("Choose a number from 0 to 10.")
        else:
            return SeeOther(reverse("desk:room_say", args=[session_id]) + "?given")
    hour = queries.room(viewer=request.actor, at=request.at, session_id=session_id)
    context = {"hour": hour, "side": side, "is_given": "given" in request.GET, "refused": refused}
    return show(request, "sessions/handed_over.html", status, **context)


@page("room", "run")
def write(request: PageRequest, session_id: UUID) -> HttpResponseBase:
    """Keep what is typed in the room's note; the note itself begins with the first words."""
    if request.method != "POST":
        return back(session_id)
    note_id = actions.begin_note(actor=request.actor, at=request.at, session_id=session_id)
    return keep(request, note_id, after=reverse("desk:room", args=[session_id]))


def _hold(request: PageRequest, until: datetime, session_id: UUID) -> None:
    """The accounts add a quarter of an hour for the note."""
    hold_open(actor=request.actor, at=request.at, until=until, path=reverse("desk:room", args=[session_id]))


def room_page(request: PageRequest, session_id: UUID, status: int = 200, **context: Any) -> HttpResponse:
    """The whole room, as it stands."""
    hour = queries.room(viewer=request.actor, at=request.at, session_id=session_id)
    is_open = hour.state in (SessionState.RUNNING, SessionState.ENDED)
    note, sections = own_note(request, session_id) if is_open else (None, {})
    form, method = (note.format, note.method) if note else queries.usual_form(viewer=request.actor, at=request.at)
    return show(
        request,
        "sessions/room.html",
        status,
        hour=hour,
        note=note,
        editing=is_open and (note is None or note.state is NoteState.DRAFT),
        boxes=boxes(parts_of(form, sections), sections, method),
        **({"end_form": EndForm(), "panel": ""} | lay_out(request, hour) | context),
    )


def back(session_id: UUID) -> HttpResponseRedirect:
    """To the room, after something was done in it."""
    return see_other("desk:room", session_id)
