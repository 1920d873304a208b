"""Threads that run from hour to hour, and which of them come first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

SHOWN_BEFORE_THE_HOUR = 5
OFTEN, OF = 3, 5
LONG_MINUTES = 5.0


class ThreadStatus(StrEnum):
    """Where a thread stands."""

    OPEN = "open"
    PARKED = "parked"
    RESOLVED = "resolved"


class Ordered(Protocol):
    """What the order of threads is made from."""

    @property
    def status(self) -> ThreadStatus: ...
    @property
    def importance(self) -> int: ...
    @property
    def opened_at(self) -> datetime: ...


T = TypeVar("T", bound=Ordered)


def in_order(threads: Iterable[T]) -> tuple[T, ...]:
    """Open before parked before resolved; among the open, the most important and of these the oldest first."""
    rank = list(ThreadStatus)
    return tuple(sorted(threads, key=lambda thread: (rank.index(thread.status), -thread.importance, thread.opened_at)))


def for_the_next_hour(threads: Iterable[T]) -> tuple[T, ...]:
    """At most five open threads: one cannot take up more."""
    return tuple(thread for thread in in_order(threads) if thread.status is ThreadStatus.OPEN)[:SHOWN_BEFORE_THE_HOUR]


def runs_over(end_drifts: Iterable[float]) -> int | None:
    """How many of the last five hours ran over by five minutes or more, if it was at least three; house rule.

    ``end_drifts`` are minutes past the agreed length, newest first.

    >>> runs_over([6, 0, 7, 5, 1, 30]), runs_over([6, 0, 7, 1, 1]), runs_over([9, 9])
    (3, None, None)
    """
    last = list(end_drifts)[:OF]
    over = sum(drift >= LONG_MINUTES for drift in last)
    return over if len(last) == OF and over >= OFTEN else None
