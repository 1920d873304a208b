"""The question this duty has for the first page: how near are the goals, when four weeks have gone by."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.clinical.episodes.goal_change import is_due_again
from rapport.practice.episodes.queries import goal_series, own_episode
from rapport.web.doors.page import PageRequest
from rapport.web.portal.asked import Asked, Timeliness


def asked(request: PageRequest) -> Asked | None:
    """Goals that were last looked at more than four weeks ago."""
    mine = own_episode(viewer=request.actor, at=request.at)
    found = goal_series(viewer=request.actor, at=request.at, episode_id=mine.id) if mine else ()
    looked = [goal.latest.at if goal.latest else goal.added_at for goal in found if goal.is_active]
    if not any(is_due_again(last, request.at) for last in looked):
        return None
    return Asked(
        words=_("How near are you to what you want?"),
        href=reverse("portal:goals"),
        when=Timeliness.BETWEEN,
        note=_("You last said it more than four weeks ago. It takes one tap."),
    )
