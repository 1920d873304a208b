"""The week, and putting hours into it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from rapport.clinical.kernel.errors import ClinicalError
from rapport.practice.episodes.queries import caseload, episode, terms
from rapport.practice.organisation.queries import rooms
from rapport.practice.sessions import actions, queries
from rapport.web.desk.sessions.forms import BookForm, SeriesForm
from rapport.web.desk.sessions.frame import address, show, today_of, week_of
from rapport.web.desk.sessions.words import refusal
from rapport.web.doors.page import PageRequest, page

DAYS_SHOWN = 7


@page("appointment", "list")
def week(request: PageRequest) -> HttpResponse:
    """The viewer's week, day by day."""
    monday = week_of(_day(request.GET.get("week", "")) or today_of(request))
    days = [(day, queries.day(viewer=request.actor, at=request.at, day=day)) for day in _days(monday)]
    return show(
        request,
        "sessions/week.html",
        days=days,
        monday=monday,
        today=today_of(request),
        before=monday - timedelta(days=7),
        after=monday + timedelta(days=7),
        count=sum(not hour.is_off for _, hours in days for hour in hours),
    )


@page("appointment", "create")
def book(request: PageRequest) -> HttpResponse | HttpResponseRedirect:
    """Book one hour."""
    form = BookForm(request.POST or None, initial=_initial(request), **_choices(request))
    if request.method == "POST" and form.is_valid():
        start, end = form.hours
        try:
            actions.book_session(actor=request.actor, at=request.at, start=start, end=end, **form.where)
        except actions.DiaryRefusal as problem:
            form.add_error("start", refusal(problem))
        else:
            messages.success(request, _("Booked."))
            return _to_week(form.cleaned_data["day"])
    return show(request, "sessions/book.html", 422 if form.errors else 200, form=form)


@page("series", "create")
def series(request: PageRequest) -> HttpResponse | HttpResponseRedirect:
    """Book a series. Days that are taken come back by name, to be left out in one step."""
    form = SeriesForm(request.POST or None, initial=_initial(request), **_choices(request))
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
            form = SeriesForm(request.POST, taken=clashes.days, **_choices(request))
            form.add_error("leave_out", refusal(clashes))
        except (actions.DiaryRefusal, ClinicalError) as problem:
            form.add_error("start", refusal(problem))
        else:
            messages.success(request, _("The series is booked."))
            return _to_week(said["first_day"])
    return show(request, "sessions/series.html", 422 if form.errors else 200, form=form)


@page("appointment", "read")
def sessions(request: PageRequest, episode_id: UUID) -> HttpResponse:
    """Every hour of an episode, with what the hours come to."""
    facts = episode(viewer=request.actor, at=request.at, episode_id=episode_id)
    course = queries.course_of_hours(viewer=request.actor, at=request.at, episode_id=episode_id)
    marks = queries.note_marks(viewer=request.actor, at=request.at, session_ids=[h.id for h in course.sessions])
    rows = [(hour, marks.get(hour.id, ())) for hour in reversed(course.sessions)]
    return show(
        request,
        "sessions/sessions.html",
        episode=facts,
        course=course,
        rows=rows,
        coming=queries.next_session(viewer=request.actor, at=request.at, episode_id=episode_id),
    )


def _choices(request: PageRequest) -> dict[str, Any]:
    own = caseload(viewer=request.actor, at=request.at)
    open_rooms = rooms(viewer=request.actor, at=request.at)
    return {
        "episodes": [(str(each.id), each.client_name) for each in own],
        "rooms": [(str(room.id), room.name) for room in open_rooms],
    }


def _initial(request: PageRequest) -> dict[str, Any]:
    initial: dict[str, Any] = {"key": uuid.uuid4()}
    if day := _day(request.GET.get("day", "")):
        initial |= {"day": day, "first_day": day}
    chosen = request.GET.get("episode", "")
    own = {str(each.id): each for each in caseload(viewer=request.actor, at=request.at)} if chosen else {}
    if chosen in own:
        agreed = terms(viewer=request.actor, at=request.at, episode_id=own[chosen].id)
        initial |= {"episode": chosen, "length": agreed.length_minutes}
    return initial


def _to_week(day: date) -> HttpResponseRedirect:
    response = redirect(f"{address('desk:diary')}?week={week_of(day).isoformat()}")
    response.status_code = 303
    return response


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _days(monday: date) -> Iterator[date]:
    return (monday + timedelta(days=number) for number in range(DAYS_SHOWN))
