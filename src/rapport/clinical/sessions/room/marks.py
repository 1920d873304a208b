"""Marks set in the hour with one key or one tap, and the doorknob: what was marked as somebody was leaving."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class MarkKind(StrEnum):
    """What a moment of the hour was."""

    IMPORTANT = "important"
    RETURN = "return"
    FEELING = "feeling"  # a shift in feeling
    RUPTURE = "rupture"
    DREAM = "dream"
    TASK = "task"
    SAFETY = "safety"
    QUOTE = "quote"


DOORKNOB = timedelta(minutes=5)
OF_THE_ENDING = frozenset({MarkKind.TASK})  # agreed at the end of every hour, and kept elsewhere
UNDO_WITHIN = timedelta(hours=1)
ENTERED_UNTIL = timedelta(hours=72)  # after the end: as long as a note may still be written


@dataclass(frozen=True, slots=True)
class Moment:
    """A mark as far as its time goes."""

    kind: MarkKind
    at: datetime


def at_the_door(marks: Iterable[Moment], ended_at: datetime) -> tuple[Moment, ...]:
    """What was marked in the last five minutes before the end: people often say it with a hand on the door.

    >>> from datetime import UTC
    >>> end = datetime(2026, 3, 2, 9, 50, tzinfo=UTC)
    >>> said = [Moment(MarkKind.IMPORTANT, end - timedelta(minutes=m)) for m in (20, 5, 1)]
    >>> [(end - mark.at).seconds // 60 for mark in at_the_door(said, end)]
    [5, 1]
    """
    late = (mark for mark in marks if ended_at - DOORKNOB <= mark.at <= ended_at)
    return tuple(sorted((mark for mark in late if mark.kind not in OF_THE_ENDING), key=lambda mark: mark.at))


def minute_of(started_at: datetime, at: datetime) -> int:
    """Which whole minute of the hour a moment lies in; nothing lies before the start."""
    return max(0, (at - started_at) // timedelta(minutes=1))


def can_be_taken_back(recorded_at: datetime, at: datetime) -> bool:
    """Whether a mark can still be voided without more ado."""
    return recorded_at <= at <= recorded_at + UNDO_WITHIN
