"""When the client can say how they are."""

from __future__ import annotations

from datetime import datetime, timedelta

from rapport.clinical.sessions.states import SessionState
from rapport.practice.sessions.choices import Side
from rapport.practice.sessions.models import TherapySession

SAID_BEFORE = timedelta(hours=2)
SAID_AFTER = timedelta(hours=24)
TAKES_TIME = (SessionState.PLANNED, SessionState.RUNNING, SessionState.ENDED)


def open_side(
    planned_start: datetime, planned_end: datetime, started_at: datetime | None, ended_at: datetime | None, at: datetime
) -> Side | None:
    """Which of the two moments is now: before the hour has really begun, or after it has ended."""
    if ended_at is not None:
        return Side.AFTER if ended_at <= at <= ended_at + SAID_AFTER else None
    if started_at is not None:
        return Side.AFTER if at >= planned_end else Side.BEFORE
    return Side.BEFORE if planned_start - SAID_BEFORE <= at < planned_end else None


def may_say(side: Side, session: TherapySession, at: datetime) -> bool:
    """Whether the client can still say this: how they came until a day after, how they go once the hour runs."""
    if session.state not in TAKES_TIME:
        return False
    latest = (session.ended_at or session.planned_end) + SAID_AFTER
    if side is Side.BEFORE:
        return session.planned_start - SAID_BEFORE <= at <= latest and session.ended_at is None
    return (session.started_at or session.planned_start) <= at <= latest
