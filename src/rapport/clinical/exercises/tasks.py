"""The states of a task agreed for the time between two sessions, and how much of it each of them means was done.

A task is an experiment: whatever comes of it teaches something. So what was not done has a reason and no blame, and
what was put down is a decision, not a failure.
"""

from __future__ import annotations

from enum import StrEnum

CONFIDENT_FROM = 7  # below it the step may be too big: the rule of thumb of action planning (Lorig & Holman 2003)


class TaskState(StrEnum):
    """Where a task stands, in the client's own judgement."""

    AGREED = "agreed"
    STARTED = "started"
    DONE = "done"
    PARTLY = "partly"
    NOT_DONE = "not_done"
    CHANGED = "changed"
    STOPPED = "stopped"


class WhyNot(StrEnum):
    """Why not, or not all of it. None of these is a fault."""

    NO_TIME = "no_time"
    FORGOT = "forgot"
    TOO_HARD = "too_hard"
    DID_NOT_FIT = "did_not_fit"
    OTHER = "other"


OPEN: frozenset[TaskState] = frozenset({TaskState.AGREED, TaskState.STARTED})
HAS_WHY: frozenset[TaskState] = frozenset({TaskState.PARTLY, TaskState.NOT_DONE, TaskState.STOPPED})
_SHARE: dict[TaskState, float] = {TaskState.DONE: 1.0, TaskState.PARTLY: 0.5, TaskState.NOT_DONE: 0.0}


def share_done(state: TaskState, reviewed: float | None = None) -> float | None:
    """How much of a task was done, 0 to 1: what client and therapist said together, or else what the word means.

    Somebody who did something else instead, or has said nothing yet, has no share until it was talked about: unknown
    is not zero.

    >>> [share_done(state) for state in (TaskState.DONE, TaskState.PARTLY, TaskState.NOT_DONE, TaskState.CHANGED)]
    [1.0, 0.5, 0.0, None]
    >>> share_done(TaskState.CHANGED, 0.75)
    0.75
    """
    return reviewed if reviewed is not None else _SHARE.get(state)


def may_be_smaller(confidence: int | None) -> bool:
    """Whether to ask, gently, if the step could be made smaller.

    >>> [may_be_smaller(value) for value in (None, 6, 7)]
    [False, True, False]
    """
    return confidence is not None and confidence < CONFIDENT_FROM


__all__ = ["CONFIDENT_FROM", "HAS_WHY", "OPEN", "TaskState", "WhyNot", "may_be_smaller", "share_done"]
