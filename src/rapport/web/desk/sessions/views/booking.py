"""Putting hours into the diary."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.clinical.kernel.errors import ClinicalError
from rapport.practice.episodes.queries import caseload, managed_courses, terms
from rapport.practice.organisation.queries import rooms
from rapport.practice.security.policy.actor import Role
from rapport.practice.sessions import actions, queries
from rapport.web.desk.sessions.forms import BookForm, SeriesForm
from rapport.web.desk.sessions.frame import show
from rapport.web.desk.sessions.grid.asked import as_day
from rapport.web.desk.sessions.words import refusal
from rapport.web.doors.forms import as_number
from rapport.web.doors.page import PageRequest, page


@page("appointment", "create")
def book(request: PageRequest) -> HttpResponse | HttpResponseRedirect:
    """Book one hour."""
    choices = _choices(request)
    form = BookForm(request.POST or None, initial=_initial(request, choices), **choices)
    if request.method == "POST" and form.is_valid():
        start, end = form.hours
        try:
            actions.book_session(actor=request.actor, at=request.at, start=start, end=end, **form.where)
        except actions.DiaryRefusal as problem:
            form.add_error("start", refusal(problem))
        else:
            messages.success(request, _("Booked."))
            return to_diary(form.cleaned_data["day"], form.cleaned_data.get("therapist", ""))
    return show(request, "sessions/book.html", 422 if form.errors else 200, form=form, said=request.GET.urlencode())


@page("series", "create")
def series(request: PageRequest) -> HttpResponse | HttpResponseRedirect:
    """Book a series. Days that are taken come back by name, to be left out in one step."""
    choices = _choices(request)
    form = SeriesForm(request.POST or None, initial=_initial(request, choices), **choices)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.book_series(
                actor=request.actor,
                at=request.at,
                first_day=said["first_day"],
                slots=form.slots,
                length_minutes=said["length"],
                count=said["count"],
                every_weeks=said["every_weeks"],
                leave_out=form.days_left_out,
                **form.where,
            )
        except actions.SeriesClashes as clashes:
            form = SeriesForm(request.POST, taken=clashes.days, **choices)
            form.add_error("leave_out", refusal(clashes))
        except (actions.DiaryRefusal, ClinicalError) as problem:
            form.add_error("start", refusal(problem))
        else:
            messages.success(request, _("The series is booked."))
            return to_diary(said["first_day"], said.get("therapist", ""))
    return show(request, "sessions/series.html", 422 if form.errors else 200, form=form, said=request.GET.urlencode())


def to_diary(day: date, therapist: str = "") -> HttpResponseRedirect:
    """Back to the week of a day, in the diary it happened in."""
    whose = f"&who={therapist}" if therapist else ""
    return HttpResponseRedirect(f"{reverse('desk:diary')}?on={day.isoformat()}{whose}", status=303)


def _choices(request: PageRequest) -> dict[str, Any]:
    """A therapist books their own clients; a manager everybody's, with whichever therapist."""
    viewer, at = request.actor, request.at
    own = [(str(each.id), each.client_name) for each in caseload(viewer=viewer, at=at)] if _treats(request) else []
    people: list[tuple[str, str]] = []
    if Role.MANAGER in viewer.roles:
        known = {key for key, _name in own}
        courses = managed_courses(viewer=viewer, at=at)
        own += [(str(each.episode_id), each.client_name) for each in courses if str(each.episode_id) not in known]
        people = [(str(key), name) for key, name in queries.diaries(viewer=viewer, at=at)]
    open_rooms = rooms(viewer=viewer, at=at)
    return {"episodes": own, "rooms": [(str(room.id), room.name) for room in open_rooms], "therapists": people}


def _treats(request: PageRequest) -> bool:
    return Role.THERAPIST in request.actor.roles


def _initial(request: PageRequest, choices: dict[str, Any]) -> dict[str, Any]:
    """What the address already says: a day and a time picked in the diary, a room, whose diary, for whom."""
    said = request.GET
    initial: dict[str, Any] = {"key": uuid.uuid4()}
    if day := as_day(said.get("day", "")):
        initial |= {"day": day, "first_day": day}
    if start := said.get("start"):
        initial["start"] = start
    if 0 < (length := as_number(said.get("length", "")) or 0) <= 600:
        initial["length"] = length
    if _treats(request) and choices["therapists"]:
        initial["therapist"] = str(request.actor.account)
    for name, field in (("room", "rooms"), ("therapist", "therapists"), ("episode", "episodes")):
        if said.get(name) in dict(choices[field]):
            initial[name] = said[name]
    if "episode" in initial and "length" not in initial:
        agreed = terms(viewer=request.actor, at=request.at, episode_id=UUID(initial["episode"]))
        initial["length"] = agreed.length_minutes
    return initial
