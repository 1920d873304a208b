"""Agenda, threads, the line for next time, the place of a client one does not see, and how the room is liked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from rapport.clinical.kernel.errors import OutOfRange
from rapport.clinical.sessions.room.threads import ThreadStatus
from rapport.practice.sessions import actions, queries
from rapport.web.desk.sessions.views.room import back, room_page
from rapport.web.desk.sessions.words import refusal
from rapport.web.doors.answers import see_other
from rapport.web.doors.page import PageRequest, page


@page("room", "run")
def agenda(request: PageRequest, session_id: UUID) -> HttpResponseBase:
    """Add, order, tick or leave out."""
    said, who = request.POST, _who(request, session_id)

    def do() -> None:
        if said.get("item"):
            _change_item(request, session_id, UUID(said["item"]), said.get("do", ""))
        else:
            actions.add_to_agenda(**who, words=said.get("words", ""), of_client=said.get("of_client") == "on")

    return _done(request, session_id, "agenda", do)


@page("room", "run")
def thread(request: PageRequest, session_id: UUID) -> HttpResponseBase:
    """Open a thread in one line; touch, park, resolve, reopen or weigh one with one tap."""
    said = request.POST
    hour = queries.room(viewer=request.actor, at=request.at, session_id=session_id)
    who: dict[str, Any] = {"actor": request.actor, "at": request.at, "session_id": session_id}

    def do() -> None:
        if not said.get("thread"):
            mark = said.get("mark")
            actions.open_thread(
                **who, episode_id=hour.episode_id, title=said.get("title", ""), mark_id=UUID(mark) if mark else None,
                importance=3 if mark else 2,
            )  # fmt: skip
            return
        thread_id, what = UUID(said["thread"]), said.get("do", "")
        if what == "touch":
            actions.touch_thread(**who, thread_id=thread_id)
        elif what.isdigit():
            actions.weigh_thread(**who, thread_id=thread_id, importance=int(what))
        else:
            actions.move_thread(**who, thread_id=thread_id, to=ThreadStatus(what))

    after = "desk:prep" if said.get("from") == "prep" else "desk:room"
    return _done(request, session_id, "threads", do, after)


@page("room", "run")
def remember(request: PageRequest, session_id: UUID) -> HttpResponseBase:
    """One line for the next hour; or the line of last time, put aside."""
    said, aside = request.POST, request.POST.get("aside")

    def do() -> None:
        if aside:
            actions.put_aside(actor=request.actor, at=request.at, remembered_id=UUID(aside))
        else:
            actions.remember(**_who(request, session_id), words=said.get("words", ""))
            messages.success(request, _("Kept for next time."))

    return _done(request, session_id, "remember", do, "desk:prep" if aside else "desk:room")


@page("room", "run")
def located(request: PageRequest, session_id: UUID) -> HttpResponseBase:
    """The client said where they are."""
    return _done(request, session_id, "", lambda: actions.confirm_location(**_who(request, session_id)))


@page("room", "run")
def switches(request: PageRequest, session_id: UUID) -> HttpResponseBase:
    """The glow and the keys, for every room of this therapist."""
    said = request.POST
    queries.room(viewer=request.actor, at=request.at, session_id=session_id)
    if request.method == "POST":
        actions.set_room_switches(
            actor=request.actor, at=request.at, glow=said.get("glow") == "on", keys_on=said.get("keys") == "on"
        )
    return back(session_id)


def _change_item(request: PageRequest, session_id: UUID, item_id: UUID, what: str) -> None:
    who = _who(request, session_id)
    if what in ("cover", "uncover"):
        actions.cover_agenda(**who, item_id=item_id, covered=what == "cover")
    elif what == "drop":
        actions.drop_from_agenda(**who, item_id=item_id)
    else:
        actions.order_agenda(**who, item_id=item_id, before=_before(request, session_id, item_id, what))


def _before(request: PageRequest, session_id: UUID, item_id: UUID, what: str) -> UUID | None:
    """Which item it shall stand before: one up, one down, or where it was dropped."""
    if what not in ("up", "down"):
        return UUID(what) if what else None
    shown = [item.id for item in queries.board(viewer=request.actor, at=request.at, session_id=session_id).agenda]
    if item_id not in shown:
        raise actions.ThingGone
    place = shown.index(item_id)
    wanted = place - 1 if what == "up" else place + 2
    return shown[max(0, wanted)] if wanted < len(shown) else None


def _who(request: PageRequest, session_id: UUID) -> dict[str, Any]:
    return {"actor": request.actor, "at": request.at, "session_id": session_id}


def _done(
    request: PageRequest, session_id: UUID, panel: str, do: Callable[[], None], after: str = "desk:room"
) -> HttpResponseBase:
    if request.method != "POST":
        return back(session_id)
    try:
        do()
    except actions.DiaryRefusal as problem:
        return room_page(request, session_id, 422, refused=refusal(problem), panel=panel)
    except (ValueError, OutOfRange):
        why = _("This was not understood. Load the page again.")
        return room_page(request, session_id, 422, refused=why, panel=panel)
    return see_other(after, session_id)
