"""The client's own course."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from rapport.clinical.outcomes.course import DatedScore
from rapport.practice.endings.queries import has_letter
from rapport.practice.organisation.queries import practice
from rapport.practice.outcomes.queries import own_course
from rapport.web.components.trend.of_course import picture_of
from rapport.web.doors.page import PageRequest, page
from rapport.web.portal.outcomes import wording


@page("course", "read_own")
def course(request: PageRequest) -> HttpResponse:
    """How things have gone for this client, in plain words."""
    facts = own_course(viewer=request.actor, at=request.at)
    zone = practice(viewer=request.actor, at=request.at).zone
    shown = []
    for each in facts.measures if facts else ():
        scores = [DatedScore(point.at.astimezone(zone).date(), point.value) for point in each.series.points]
        said = wording.sentence(each)
        picture = picture_of(each.instrument, scores, each.reading, sentence=said, with_lines=False)
        shown.append((wording.title(each), picture))
    goals = [goal for goal in (facts.goals if facts else ()) if goal.points]
    letter = has_letter(viewer=request.actor, at=request.at)
    return render(request, "portal/outcomes/course.html", {"measures": shown, "goals": goals, "letter": letter})
