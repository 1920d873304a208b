"""The session room's clock: elapsed and remaining time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from rapport.clinical.kernel.errors import OutOfRange
from rapport.clinical.kernel.periods import instant


class Signal(StrEnum):
    """What the edge of the session room shows; silent."""

    QUIET = "quiet"
    TEN_LEFT = "ten_left"
    FIVE_LEFT = "five_left"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Clock:
    """Minutes gone and left; ``remaining`` turns negative when the hour runs over."""

    elapsed: float
    remaining: float
    signal: Signal


def read_clock(started_at: datetime, length_minutes: int, at: datetime, ended_at: datetime | None = None) -> Clock:
    """Minutes since the start (up to the end, if it has ended) and minutes left of the agreed length.

    >>> from datetime import UTC
    >>> start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> read_clock(start, 50, start + timedelta(minutes=41))
    Clock(elapsed=41.0, remaining=9.0, signal=<Signal.TEN_LEFT: 'ten_left'>)
    """
    if length_minutes < 1:
        raise OutOfRange("length_minutes", "A session lasts at least a minute.", "Give the agreed length.")
    until = instant("at", at) if ended_at is None else instant("ended_at", ended_at)
    elapsed = max(0.0, (until - instant("started_at", started_at)) / timedelta(minutes=1))
    remaining = length_minutes - elapsed
    if remaining < 0:
        signal = Signal.OVER
    elif remaining <= 5:
        signal = Signal.FIVE_LEFT
    elif remaining <= 10:
        signal = Signal.TEN_LEFT
    else:
        signal = Signal.QUIET
    return Clock(elapsed, remaining, signal)
