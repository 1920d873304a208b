"""Threads that run from hour to hour, and which of them come first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

SHOWN_BEFORE_THE_HOUR = 5


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
