"""The prep card: one page, read in a minute, before somebody comes."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from rapport.practice.episodes.queries import episode
from rapport.practice.measures.queries import scores
from rapport.practice.safety.queries import open_alerts
from rapport.practice.sessions.queries import before_the_hour, breaks_of
from rapport.web.desk.card.brought import from_client, from_duties
from rapport.web.desk.sessions.frame import show
from rapport.web.desk.sessions.measures import lines_of
from rapport.web.desk.sessions.room_words import MARKS
from rapport.web.doors.page import PageRequest, page

SPARKLINES = 4


@page("room", "read")
def prep(request: PageRequest, session_id: UUID) -> HttpResponse:
    """Everything one wants to have in mind, and nothing else."""
    viewer, at = request.actor, request.at
    card = before_the_hour(viewer=viewer, at=at, session_id=session_id)
    course = episode(viewer=viewer, at=at, episode_id=card.hour.episode_id)
    alerts = [line for line in open_alerts(viewer=viewer, at=at) if line.client_id == card.hour.client_id]
    ahead = breaks_of(viewer=viewer, at=at, episode_ids=[course.id], since=card.hour.planned_start).get(course.id, ())
    return show(
        request,
        "sessions/prep/prep.html",
        card=card,
        hour=card.hour,
        course=course,
        at_the_door=[(mark, MARKS[mark.kind].icon) for mark in card.at_the_door],
        is_mine=card.hour.therapist_id == viewer.id,
        pause=next((each for each in ahead if each.is_named_now), None),
        said=from_client(request, course),
        lines=from_duties(request, course),
        measures=lines_of(scores(viewer=viewer, at=at, episode_id=course.id))[:SPARKLINES],
        alerts=[(line, reverse("desk:alert", args=[line.id])) for line in alerts],
    )
