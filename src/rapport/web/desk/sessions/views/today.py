"""The desk's front page: the day, and what needs its therapist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from rapport.clinical.sessions.notes import NoteState
from rapport.clinical.sessions.states import SessionState
from rapport.practice.episodes.queries import referral_inbox
from rapport.practice.outcomes.choices import CaseloadLine, NeedsMe
from rapport.practice.outcomes.queries import worth_a_look
from rapport.practice.safety.queries import open_alerts
from rapport.practice.sessions import queries
from rapport.practice.sessions.queries import NoteMark, SessionFacts
from rapport.web.desk.outcomes.thread import open_end_words
from rapport.web.desk.outcomes.wording import is_worse, needs_words
from rapport.web.desk.sessions.coming import coming
from rapport.web.desk.sessions.frame import show, today_of
from rapport.web.desk.sessions.missed import message_asks, missed_asks
from rapport.web.desk.sessions.words import hours_today
from rapport.web.doors.page import PageRequest, page

SHORTEST_GAP = timedelta(minutes=30)
LONG_GAP = timedelta(minutes=75)


@dataclass(frozen=True, slots=True)
class Row:
    """One hour of the day, the free time before it, and what its note stands at."""

    hour: SessionFacts
    gap_minutes: int | None
    is_long_gap: bool
    is_next: bool
    note: NoteState | None
    confirmed: bool


@page("appointment", "list")
def today(request: PageRequest) -> HttpResponse:
    viewer, at = request.actor, request.at
    hours = queries.day(viewer=viewer, at=at, day=today_of(request))
    marks = queries.note_marks(viewer=viewer, at=at, session_ids=[hour.id for hour in hours])
    confirmed = queries.confirmed_hours(viewer=viewer, at=at, session_ids=[hour.id for hour in hours])
    rows = list(_rows(hours, marks, confirmed, request))
    off_course = worth_a_look(viewer=viewer, at=at)
    worse = {line.episode.id for line in off_course if is_worse(line)}
    upcoming = next((row.hour for row in rows if row.is_next), None)
    alerts = [(line, reverse("desk:alert", args=[line.id])) for line in open_alerts(viewer=viewer, at=at)]
    return show(
        request,
        "sessions/today.html",
        sentence=hours_today(sum(not hour.is_off for hour in hours)),
        rows=rows,
        upcoming=upcoming,
        alerts=alerts,
        unsigned=queries.unsigned(viewer=viewer, at=at),
        off_course=[(line, _why(line)) for line in off_course],
        missed=[*missed_asks(request, worse), *message_asks(request)],
        cancelled=queries.cancelled_by_link(viewer=viewer, at=at),
        referrals=referral_inbox(viewer=viewer, at=at),
        **coming(request, hours),
    )


def _why(line: CaseloadLine) -> str:
    """Why a course is worth a look: what waits in its thread, else what its scores say; and what does not open."""
    of_thread = open_end_words(line)
    said = "" if of_thread and line.needs is not NeedsMe.DOES_NOT_OPEN else needs_words(line.needs)
    return " · ".join(words for words in (said, of_thread) if words)


def _rows(
    hours: Sequence[SessionFacts],
    marks: dict[UUID, tuple[NoteMark, ...]],
    confirmed: set[UUID],
    request: PageRequest,
) -> Iterator[Row]:
    waiting = (SessionState.PLANNED, SessionState.RUNNING)
    next_id = next((h.id for h in hours if h.state in waiting and h.planned_end > request.at), None)
    before = None
    for hour in hours:
        gap = hour.planned_start - before if before and not hour.is_off else timedelta()
        own = [mark.state for mark in marks.get(hour.id, ()) if mark.author_id == request.actor.id]
        shown = round(gap / timedelta(minutes=1)) if gap >= SHORTEST_GAP else None
        yield Row(hour, shown, gap >= LONG_GAP, hour.id == next_id, own[0] if own else None, hour.id in confirmed)
        if not hour.is_off:
            before = hour.planned_end
