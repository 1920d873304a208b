"""What stands above a note without being typed: times, attendance, the scores of the day, the task agreed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rapport.practice.exercises.queries import tasks_of
from rapport.practice.measures.queries import scores
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.sessions.queries import SessionFacts
from rapport.web.desk.sessions.words import ATTENDANCE, PLACES
from rapport.web.doors.page import PageRequest

SCORES_BEFORE, SCORES_AFTER = timedelta(hours=48), timedelta(hours=24)
Lines = tuple[tuple[str, str], ...]


def head_of(request: PageRequest, hour: SessionFacts) -> Lines:
    """The lines of an hour's note, each a label and its words; what is not known has no line."""
    return tuple(_lines(request, hour))


def _lines(request: PageRequest, hour: SessionFacts) -> Iterator[tuple[str, str]]:
    day = date_format(_local(hour.started_at or hour.planned_start), "l j F Y")
    start, end = hour.started_at or hour.planned_start, hour.ended_at or hour.planned_end
    said = {
        "day": day,
        "start": _clock(start),
        "end": _clock(end),
        "minutes": round((end - start) / timedelta(minutes=1)),
    }
    if hour.ended_at:
        yield _("Held"), _("%(day)s, %(start)s to %(end)s, %(minutes)s minutes") % said
    else:
        yield _("Planned"), _("%(day)s, %(start)s to %(end)s") % said
    if hour.number:
        yield _("Session"), str(hour.number)
    where = ", ".join(filter(None, (str(PLACES[hour.place]), hour.room_name)))
    yield _("Where"), where
    if hour.attendance:
        yield _("Client"), str(ATTENDANCE[hour.attendance])
    if hour.effect.before is not None or hour.effect.after is not None:
        before, after = ("–" if value is None else str(value) for value in (hour.effect.before, hour.effect.after))
        yield _("They said"), _("%(before)s before, %(after)s after, of 10") % {"before": before, "after": after}
    if found := _scores(request, hour):
        yield _("Scores"), found
    for task in tasks_of(viewer=request.actor, at=request.at, episode_id=hour.episode_id):
        if task.session_id == hour.id:
            yield _("Task agreed"), task.words.what


def _scores(request: PageRequest, hour: SessionFacts) -> str:
    """The newest score of each measure answered for this hour: up to two days before it, and on its day."""
    said = []
    for series in scores(viewer=request.actor, at=request.at, episode_id=hour.episode_id):
        near = [p for p in series.known if -SCORES_BEFORE <= p.at - hour.planned_start <= SCORES_AFTER]
        if near and near[-1].value is not None:
            said.append(f"{series.instrument.short_title} {near[-1].value:g}")
    return ", ".join(said)


def _local(at: datetime) -> datetime:
    return at.astimezone(practice_zone())


def _clock(at: datetime) -> str:
    return f"{_local(at):%H:%M}"
