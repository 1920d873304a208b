"""The states of a session and the steps between them."""

from __future__ import annotations

from enum import StrEnum


class SessionState(StrEnum):
    """Where a session stands; the four exits are final."""

    PLANNED = "planned"
    RUNNING = "running"
    ENDED = "ended"
    CANCELLED = "cancelled"
    DID_NOT_ATTEND = "did_not_attend"
    RESCHEDULED = "rescheduled"


FOLLOWS: dict[SessionState, frozenset[SessionState]] = {
    SessionState.PLANNED: frozenset(
        {SessionState.RUNNING, SessionState.CANCELLED, SessionState.DID_NOT_ATTEND, SessionState.RESCHEDULED}
    ),
    SessionState.RUNNING: frozenset({SessionState.ENDED}),
    SessionState.ENDED: frozenset(),
    SessionState.CANCELLED: frozenset(),
    SessionState.DID_NOT_ATTEND: frozenset(),
    SessionState.RESCHEDULED: frozenset(),
}


def may_follow(now: SessionState, then: SessionState) -> bool:
    """Whether a session in state ``now`` may pass to ``then``.

    >>> may_follow(SessionState.PLANNED, SessionState.RUNNING), may_follow(SessionState.ENDED, SessionState.RUNNING)
    (True, False)
    """
    return then in FOLLOWS[now]


class Place(StrEnum):
    """Where the two meet."""

    ROOM = "room"
    VIDEO = "video"
    PHONE = "phone"
    WALK = "walk"
    OTHER = "other"
