"""Where a course stands, which form is due, and how much is asked at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from rapport.clinical.measures.burden import Burden, burden
from rapport.clinical.measures.rhythm import Occasion
from rapport.clinical.measures.rhythm import Rhythm as Beat
from rapport.clinical.measures.rhythm import is_due as beats
from rapport.clinical.sessions.states import SessionState
from rapport.practice.episodes.choices import EpisodeState
from rapport.practice.episodes.models import Episode
from rapport.practice.measures.choices import Rhythm
from rapport.practice.measures.models import Administration, Assignment
from rapport.practice.measures.rules.instruments import Name, shelf
from rapport.practice.sessions.models import TherapySession

AHEAD = (SessionState.PLANNED, SessionState.RUNNING)
ENDING = (EpisodeState.ENDING, EpisodeState.FOLLOW_UP)
Asked = tuple[str, Rhythm]  # an instrument and how often
Place = tuple[UUID, str]  # a course and an instrument


def occasion(episode: Episode, at: datetime, reviews: tuple[int, ...] = (), *, may_end: bool = False) -> Occasion:
    """The sessions held and the next one; with `may_end` since when the work is ending."""
    hours = TherapySession.objects.filter(episode=episode, state__in=(*AHEAD, SessionState.ENDED))
    rows = hours.order_by("planned_start").values_list("planned_start", "planned_end", "state")
    times = [(start, end, SessionState(state)) for start, end, state in rows]
    return Occasion(
        held=tuple(start for start, _, state in times if state is SessionState.ENDED),
        ahead=next((start for start, end, state in times if state in AHEAD and end > at), None),
        reviews=reviews,
        ending_since=_ending_since(episode) if may_end else None,
    )


def _ending_since(episode: Episode) -> datetime | None:
    """Since when the last states of a course are those of its end."""
    since = None
    for state, moment in episode.states.order_by("number").values_list("state", "at"):
        since = (since or moment) if state in ENDING else None
    return since


def is_due(row: Assignment, last_done: datetime | None, now: Occasion, at: datetime) -> bool:
    """Whether the client should be asked now."""
    return beats(Beat(row.rhythm), row.every, last_done, now, at)


def burden_of(asked: Iterable[Asked], language: str) -> Burden:
    """How many questions these forms make together."""
    pairs = list(asked)
    names: set[Name] = {(name, language) for name, _ in pairs}
    known = shelf(names)
    return burden((Beat(rhythm), len(known[name, language].items)) for name, rhythm in pairs)


def still_asked(client_id: UUID) -> dict[Place, Rhythm]:
    """What a client is asked in all open courses; a form that was asked once and came back asks nothing any more."""
    rows = Assignment.objects.filter(client_id=client_id, ended_at=None, episode__closed_at=None)
    done = set(
        Administration.objects.filter(assignment__in=rows, completed_at__isnull=False).values_list(
            "assignment_id", flat=True
        )
    )
    return {
        (row.episode_id, row.instrument): Rhythm(row.rhythm)
        for row in rows
        if not (row.rhythm == Rhythm.ONCE and row.id in done)
    }
