"""Pages on which typing is never lost: what is typed is kept beside the page, found again on it, and gone once sent."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, cast
from uuid import UUID

from django.http import HttpResponseBase, JsonResponse
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.practice.unsent.actions import TypingRefused, forget_typing, keep_typing
from rapport.practice.unsent.queries import kept_typing
from rapport.web.doors.page import PageRequest, View

P = ParamSpec("P")
# What a form holds for the machine; it is made anew with every page.
OF_THE_MACHINE = frozenset({"csrfmiddlewaretoken", "client_tab", "client_seq", "key", "typed_at", "forget"})


def keeps_typing(view: View[P]) -> View[P]:
    """Find again what was typed here and not sent; forget it once the form was taken. Stands below `@page`."""

    @functools.wraps(view)
    def enter(request: PageRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method != "POST":
            request.kept_typing = kept_typing(viewer=request.actor, at=request.at, place=request.path)
            return view(request, *args, **kwargs)
        response = view(request, *args, **kwargs)
        if response.status_code < 400:
            tab, seq = _window(request)
            forget_typing(actor=request.actor, at=request.at, place=request.path, tab=tab, seq=seq)
        return response

    marked: Any = enter
    marked.__keeps_typing__ = True
    return cast("View[P]", marked)


def finds_typing(name: str) -> Callable[[View[P]], View[P]]:
    """On a page that shows the form of another one (`name`, with the same ids): find again what was typed into it."""

    def mark(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def enter(request: PageRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            place = reverse(name, args=args, kwargs=kwargs)
            request.kept_typing = kept_typing(viewer=request.actor, at=request.at, place=place)
            return view(request, *args, **kwargs)

        return cast("View[P]", enter)

    return mark


def keep(request: PageRequest, client_id: UUID | None) -> JsonResponse:
    """One save of a page that keeps what is typed, or its wish to forget it."""
    place = request.POST.get("typed_at", "")
    tab, seq = _window(request)
    who: dict[str, Any] = {"actor": request.actor, "at": request.at, "place": place, "tab": tab, "seq": seq}
    if tab is None or not _is_ours(place):
        return refused(_("This save was incomplete."))
    try:
        if "forget" in request.POST:
            forget_typing(**who)
        else:
            keep_typing(**who, client_id=client_id, fields=_fields(request))
    except TypingRefused as problem:
        return refused(str(problem))
    return JsonResponse({"words": _("Kept %(time)s") % {"time": f"{timezone.localtime(request.at):%H:%M}"}})


def refused(words: str) -> JsonResponse:
    """What is typed cannot be kept, and why."""
    return JsonResponse({"words": words}, status=422)


def _fields(request: PageRequest) -> list[tuple[str, str]]:
    return [
        (name, str(text)) for name, said in request.POST.lists() if name not in OF_THE_MACHINE for text in said
    ]  # fmt: skip


def _window(request: PageRequest) -> tuple[UUID | None, int]:
    seq = request.POST.get("client_seq", "")
    try:
        return UUID(request.POST.get("client_tab", "")), int(seq) if seq.isdecimal() and len(seq) < 16 else 0
    except ValueError:
        return None, 0


def _is_ours(place: str) -> bool:
    try:
        return bool(getattr(resolve(place).func, "__keeps_typing__", False))
    except Resolver404:
        return False
