"""What the prep card says of the two: what is worth asking about, and which rupture is not repaired."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse

from rapport.clinical.alliance.ruptures import RuptureState
from rapport.clinical.alliance.sliders import Why, worth_asking
from rapport.practice.alliance.choices import RuptureFacts, WordsKind
from rapport.practice.alliance.queries import last_hours, unrepaired
from rapport.practice.episodes.choices import EpisodeFacts
from rapport.web.desk.alliance import words
from rapport.web.desk.prep import PrepLine
from rapport.web.doors.page import PageRequest

MOST_RUPTURES = 2
AHEAD = timedelta(days=7)  # the next hour after this one may come too late


def prep_lines(request: PageRequest, episode: EpisodeFacts) -> list[PrepLine]:
    """The lines of this duty, for the therapist of the course."""
    return [*_worth_asking(request, episode), *_ruptures(request, episode)]


def _worth_asking(request: PageRequest, episode: EpisodeFacts) -> list[PrepLine]:
    hours = last_hours(viewer=request.actor, at=request.at, episode_id=episode.id)
    found = worth_asking([hour.said for hour in hours])
    if not found.reasons:
        return []
    comment = hours[-1].words.get(WordsKind.COMMENT)
    numbers = " ".join(words.reason(one) for one in found.reasons if one.why is not Why.COMMENT)
    return [
        PrepLine(
            words=numbers or words.reasons(found),
            said=comment.text if comment else "",
            href=reverse("desk:together", args=[episode.id]),
            tone="look",
            asks=str(words.HOUSE_RULE),
        )
    ]


def _ruptures(request: PageRequest, episode: EpisodeFacts) -> list[PrepLine]:
    open_ones = unrepaired(viewer=request.actor, at=request.at, episode_id=episode.id)
    return [
        PrepLine(
            words=words.rupture(facts),
            href=reverse("desk:rupture", args=[facts.id]),
            tone="look" if facts.state is RuptureState.OPEN or _is_promised(facts, request.at) else "plain",
            asks=str(words.COMES_BACK),
        )
        for facts in open_ones[:MOST_RUPTURES]
    ]


def _is_promised(facts: RuptureFacts, at: datetime) -> bool:
    """Whether the day by which one wanted to come back to it is here, or will be before the next hour."""
    due = facts.memo.follow_up_due
    return due is not None and due <= (at + AHEAD).date()
