"""Many hands that begin together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections

AT_ONCE = 12  # a server of PostgreSQL lets some hundred in, and each hand holds two databases


def at_once(works: Sequence[Callable[[], object]], *refusals: type[Exception]) -> Counter[str]:
    """All of it, by threads that begin together: how often each answer was heard. Other refusals are errors."""
    together = Barrier(AT_ONCE)

    def hear(work: Callable[[], object]) -> str:
        try:
            work()
        except refusals as refusal:
            return type(refusal).__name__
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(AT_ONCE, initializer=together.wait) as hands:
        return Counter(hands.map(hear, works))
