"""What the day says of breaks ahead and of times that became free."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rapport.practice.sessions import queries
from rapport.practice.sessions.queries import SessionFacts
from rapport.web.desk.sessions.free.words import break_words
from rapport.web.doors.page import PageRequest

FREED_SHOWN = 3


def coming(request: PageRequest, hours: Sequence[SessionFacts]) -> dict[str, Any]:
    """Breaks to be named today, and freed times that fit somebody who waits."""
    viewer, at = request.actor, request.at
    called = {hour.episode_id: hour.client_name for hour in hours if not hour.is_off}
    since = min((hour.planned_start for hour in hours), default=at)
    found = queries.breaks_of(viewer=viewer, at=at, episode_ids=list(called), since=since) if called else {}
    freed = [each for each in queries.freed(viewer=viewer, at=at) if each.fits or each.offers]
    return {
        "breaks": [
            (called[episode_id], break_words(each))
            for episode_id, ahead in found.items()
            for each in ahead
            if each.is_named_now
        ],
        "freed": [
            {"count": len(each.fits), "session": each.free.session_id, "start": each.free.time.start}
            for each in freed[:FREED_SHOWN]
            if each.fits
        ],
    }
