"""`@page` ties a view to a cell of the permission matrix. A view without it is not reachable."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any, Concatenate, ParamSpec

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBase

from rapport.practice.security.accounts.queries import SignIn
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import Forbidden, ever, require_step_up
from rapport.practice.security.policy.actor import Actor, Role, Thing
from rapport.practice.unsent.choices import KeptTyping
from rapport.web.components.context import Place
from rapport.web.doors.once import done_once

P = ParamSpec("P")
# Who has business in a room at all. A function that both have (a message, a goal) does not open the other's pages.
READERS = {
    "desk": frozenset({Role.THERAPIST, Role.MANAGER}),
    "office": frozenset({Role.MANAGER, Role.THERAPIST}),  # therapists bring in courses there
    "portal": frozenset({Role.CLIENT}),
}


class PageRequest(HttpRequest):
    """A request that came through the doorkeeper."""

    actor: Actor
    at: datetime
    sign_in: SignIn | None
    places: list[Place]
    htmx: Any
    elsewhere: str  # the place whose time a client's pages show, if it is not the practice's
    trouble: DatabaseError | None  # why nobody could be recognised
    kept_typing: KeptTyping | None  # on pages that keep typing
    unopened: set[str]  # labels of what was left out, because it was changed past the practice


View = Callable[Concatenate[PageRequest, P], HttpResponseBase]


def page(
    resource: str, action: str, *, step_up: bool = False, background: bool = False
) -> Callable[[View[P]], View[P]]:
    """Let in only roles that have this function at all; commit what was read before the page is sent.

    `step_up`: the person must have proved who they are within five minutes. `background`: a request a page makes by
    itself, which does not count as somebody being there.
    """

    def tie(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def enter(request: PageRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            thing = Thing(resource)
            if not ever(request.actor, action, resource):
                raise Forbidden(request.actor, action, thing, request.at, "role has no such function")
            if not is_reader(request):
                raise Forbidden(request.actor, action, thing, request.at, "not a reader of this room")
            if step_up:
                require_step_up(request.actor, action, thing, at=request.at)
            at_the_door = set(request.unopened)
            with trail.gathered_readings():
                answer = functools.partial(view, request, *args, **kwargs)
                response = done_once(request, answer, actor=request.actor, at=request.at)
                if request.unopened - at_the_door and response.headers.get("Content-Type") == "application/pdf":
                    raise keys.SealBroken("No document is made without what belongs in it.")
                if request.unopened:
                    _keep_noticed(request)
                return response

        marked: Any = enter
        marked.__page__ = (resource, action)
        marked.__background__ = background
        tied: View[P] = marked
        return tied

    return tie


def _keep_noticed(request: PageRequest) -> None:
    """The page goes out without what did not open, and the trail keeps that."""
    trail.write_denial(
        actor=request.actor,
        at=request.at,
        action="open",
        object_type="seal",
        object_id=None,
        reason="seal broken: " + ", ".join(sorted(request.unopened)),
    )


def is_reader(request: PageRequest) -> bool:
    """Whether this person has business in the room their request goes to. What is in no room is for everybody."""
    readers = READERS.get(request.path.strip("/").partition("/")[0])
    return readers is None or bool(readers & request.actor.roles)


__all__ = ["PageRequest", "View", "page"]
