"""The calendar on one's telephone, and busy time from calendars kept elsewhere."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapport.practice.sessions import actions, queries
from rapport.practice.sessions.choices import FeedTitles
from rapport.web.desk.sessions.frame import show
from rapport.web.desk.sessions.free.forms import BusyForm, FeedForm
from rapport.web.desk.sessions.free.words import trouble
from rapport.web.doors.page import PageRequest, page


@page("calendar_feed", "edit")
def calendars(request: PageRequest) -> HttpResponse:
    return _show(request)


@require_POST
@page("calendar_feed", "edit")
def make(request: PageRequest) -> HttpResponse:
    """A new address, shown this once."""
    form = FeedForm(request.POST)
    if not form.is_valid():
        return _show(request, 422, feed_form=form)
    titles = FeedTitles(form.cleaned_data["titles"])
    token = actions.make_feed(actor=request.actor, at=request.at, titles=titles)
    address = settings.INSTALLATION.origin.rstrip("/") + reverse("entrance:feed", args=[token])
    return _show(request, feed_form=form, address=address)


@require_POST
@page("calendar_feed", "edit")
def end(request: PageRequest) -> HttpResponse:
    actions.revoke_feed(actor=request.actor, at=request.at)
    messages.success(request, _("The address leads nowhere any more."))
    return redirect("desk:calendars")


@require_POST
@page("calendar_feed", "edit")
def read(request: PageRequest) -> HttpResponse:
    """Read in a calendar file. A file that cannot be read leaves nothing."""
    form = BusyForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, 422, busy_form=form)
    said = form.cleaned_data
    content = said["file"].read(actions.LARGEST + 1)
    try:
        reading = actions.read_busy_calendar(
            actor=request.actor, at=request.at, content=content, name=said["name"], keep_titles=said["keep_titles"],
            source_id=said["source"],
        )  # fmt: skip
    except actions.CalendarUnreadable as problem:
        form.add_error("file", trouble(problem))
        return _show(request, 422, busy_form=form)
    hours = queries.hours_named(viewer=request.actor, at=request.at, session_ids=reading.conflicts)
    return _show(request, reading=reading, conflicts=hours)


@require_POST
@page("calendar_feed", "edit")
def let_go(request: PageRequest, source_id: UUID) -> HttpResponse:
    actions.close_busy_calendar(actor=request.actor, at=request.at, source_id=source_id)
    messages.success(request, _("Its times are free again."))
    return redirect("desk:calendars")


def _show(request: PageRequest, status: int = 200, **context: Any) -> HttpResponse:
    feed = queries.own_feed(viewer=request.actor, at=request.at)
    forms = {"feed_form": FeedForm(initial={"titles": feed.titles} if feed else None), "busy_form": BusyForm()}
    sources = queries.busy_calendars(viewer=request.actor, at=request.at)
    return show(
        request, "sessions/free/calendars.html", status, feed=feed, sources=sources, **(forms | context)
    )  # fmt: skip
