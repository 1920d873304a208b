"""The course so far."""

from __future__ import annotations

from itertools import islice
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from rapport.practice.organisation.queries import practice
from rapport.practice.outcomes import queries
from rapport.practice.security.accounts.queries import staff_names
from rapport.web.desk.head import case_header
from rapport.web.desk.outcomes import wording
from rapport.web.desk.outcomes.shown import (
    show_goal,
    show_measure,
    show_moments,
)
from rapport.web.desk.outcomes.thread import show_thread
from rapport.web.doors.page import PageRequest, page

MOMENTS_SHOWN = 12


@page("course", "read")
def course(request: PageRequest, episode_id: UUID) -> HttpResponse:
    """One course, one page."""
    facts = queries.course(viewer=request.actor, at=request.at, episode_id=episode_id)
    zone = practice(viewer=request.actor, at=request.at).zone
    with timezone.override(zone):
        spun = show_thread(facts.thread, staff_names()) if facts.thread else None
    return render(
        request,
        "desk/outcomes/course.html",
        {
            "facts": facts,
            "case": case_header(request, facts.episode),
            "episode": facts.episode,
            "sentence": wording.course_sentence(facts),
            "thread": spun,
            "measures": [show_measure(each, facts, zone) for each in facts.measures],
            "goals": [show_goal(goal, zone) for goal in facts.goals],
            "moments": list(islice(show_moments(facts.timeline, zone), MOMENTS_SHOWN)),
        },
    )


@page("import", "create")
def bring(request: PageRequest) -> HttpResponse:
    """Bringing courses from a spreadsheet is one set of pages, for therapists and managers alike."""
    return redirect("office:import")
