"""One session, before and after it: the prep card, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.clinical.sessions.attendance import CAME, Attendance, CancelledBy
from rapport.clinical.sessions.states import SessionState
from rapport.practice.measures.queries import scores
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.process_notes.queries import own_marks
from rapport.practice.safety.queries import open_alerts
from rapport.practice.sessions import actions, queries
from rapport.practice.sessions.queries import SessionFacts
from rapport.web.components.markdown import render_markdown
from rapport.web.desk.sessions.around import around
from rapport.web.desk.sessions.forms import CancelForm, TimesForm
from rapport.web.desk.sessions.frame import show
from rapport.web.desk.sessions.measures import lines_of
from rapport.web.desk.sessions.words import ATTENDANCE, STEPS, refusal
from rapport.web.doors.answers import see_other
from rapport.web.doors.page import PageRequest, page
from rapport.web.doors.typing import finds_typing


@page("room", "read")
@finds_typing("desk:session_charge")
def session(request: PageRequest, session_id: UUID) -> HttpResponseBase:
    """What to know in a minute before somebody comes."""
    return card(request, session_id)


@page("appointment", "edit")
def cancel(request: PageRequest, session_id: UUID) -> HttpResponse | HttpResponseRedirect:
    form = CancelForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return card(request, session_id, 422 if form.errors else 200, cancel_form=form)
    said = form.cleaned_data
    told = datetime.combine(said["told_on"], said["told_at"], practice_zone())
    return attempt(
        request,
        session_id,
        lambda: actions.cancel_session(
            actor=request.actor,
            at=request.at,
            session_id=session_id,
            by=CancelledBy(said["by"]),
            told_at=told,
            reason=said["reason"],
        ),
        _("Cancelled."),
    )


@page("appointment", "edit")
def missed(request: PageRequest, session_id: UUID) -> HttpResponse | HttpResponseRedirect:
    """The client did not come."""
    if request.method != "POST":
        return card(request, session_id)
    return attempt(
        request,
        session_id,
        lambda: actions.record_missed(actor=request.actor, at=request.at, session_id=session_id),
        _("Recorded: did not come. The same-day contact goes by the safe channel."),
    )


@page("appointment", "edit")
def skip(request: PageRequest, session_id: UUID) -> HttpResponse | HttpResponseRedirect:
    """This day of the series falls out."""
    if request.method != "POST":
        return card(request, session_id)
    return attempt(
        request,
        session_id,
        lambda: actions.skip_series_day(actor=request.actor, at=request.at, session_id=session_id),
        _("Left out of the series."),
    )


@page("appointment", "edit")
def times(request: PageRequest, session_id: UUID) -> HttpResponse | HttpResponseRedirect:
    """Enter what happened afterwards, or put it right."""
    form = TimesForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return card(request, session_id, 422 if form.errors else 200, times_form=form)
    hour = queries.session(viewer=request.actor, at=request.at, session_id=session_id)
    return attempt(request, session_id, lambda: _enter(request, hour, form), _("Recorded."))


def _enter(request: PageRequest, hour: SessionFacts, form: TimesForm) -> None:
    start, end = form.hours or (None, None)
    who: dict[str, Any] = {"actor": request.actor, "at": request.at, "session_id": hour.id}
    reason = form.cleaned_data["reason"]
    if hour.state is not SessionState.PLANNED:
        actions.correct_session(**who, attendance=form.code, started_at=start, ended_at=end, reason=reason)
    elif form.code in CAME and start and end:
        actions.record_session(**who, attendance=form.code, started_at=start, ended_at=end, reason=reason)
    elif form.code is Attendance.DID_NOT_ATTEND:
        actions.record_missed(**who, reason=reason)
    else:
        raise actions.ReasonMissing


def attempt(
    request: PageRequest, session_id: UUID, done: Callable[[], object], words: str
) -> HttpResponse | HttpResponseRedirect:
    """Do it and come back to the session, or show it again with why it could not be done."""
    try:
        done()
    except actions.DiaryRefusal as problem:
        return card(request, session_id, 422, refused=refusal(problem))
    messages.success(request, words)
    return see_other("desk:session", session_id)


def card(request: PageRequest, session_id: UUID, status: int = 200, **context: Any) -> HttpResponse:
    """The whole page of one session; `context` has the form that was sent."""
    viewer, at = request.actor, request.at
    hour = queries.session(viewer=viewer, at=at, session_id=session_id)
    steps = queries.steps(viewer=viewer, at=at, session_id=session_id)
    all_hours = queries.sessions_of(viewer=viewer, at=at, episode_id=hour.episode_id)
    marks = queries.note_marks(viewer=viewer, at=at, session_ids=[each.id for each in all_hours])
    alerts = [line for line in open_alerts(viewer=viewer, at=at) if line.client_id == hour.client_id]
    return show(
        request,
        "sessions/session.html",
        status,
        hour=hour,
        steps=[(step, STEPS[step.kind], _code(step.code)) for step in steps],
        notes=marks.get(session_id, ()),
        own_process=own_marks(viewer=viewer, at=at, session_ids=[session_id]).get(session_id),
        last=_last_note(request, hour, all_hours, marks),
        measures=lines_of(scores(viewer=viewer, at=at, episode_id=hour.episode_id)),
        alerts=[(line, reverse("desk:alert", args=[line.id])) for line in alerts],
        is_mine=hour.therapist_id == viewer.id,
        **(
            around(request, session_id, planned=hour.state is SessionState.PLANNED)
            | {"cancel_form": _cancel_form(at), "times_form": _times_form(hour)}
            | context
        ),
    )


def _last_note(request: PageRequest, hour: SessionFacts, hours: Any, marks: Any) -> dict[str, Any] | None:
    """The plan (or the whole) of the newest signed note from an earlier hour."""
    for earlier in reversed([each for each in hours if each.planned_start < hour.planned_start]):
        for mark in marks.get(earlier.id, ()):
            if mark.state == "signed":
                note = queries.note(viewer=request.actor, at=request.at, note_id=mark.note_id)
                words = note.sections.get("plan") or next((text for text in note.sections.values() if text), "")
                return {"hour": earlier, "html": render_markdown(words), "id": note.id}
    return None


def _code(code: str) -> str:
    return str(ATTENDANCE.get(Attendance(code), "")) if code in set(Attendance) else ""


def _cancel_form(at: datetime) -> CancelForm:
    local = at.astimezone(practice_zone())
    return CancelForm(initial={"told_on": local.date(), "told_at": local.time().replace(second=0, microsecond=0)})


def _times_form(hour: SessionFacts) -> TimesForm:
    start = (hour.started_at or hour.planned_start).astimezone(practice_zone())
    end = (hour.ended_at or hour.planned_end).astimezone(practice_zone())
    said = {"day": start.date(), "start": start.time(), "end": end.time(), "attendance": hour.attendance or "attended"}
    return TimesForm(initial=said)
