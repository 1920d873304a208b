"""What the first action of a request does before anything else, in that action's own transaction.

A page hands it down (a form that was sent already stops there); it holds or is taken back together with the action.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_beginning: ContextVar[list[Callable[[], object]]] = ContextVar("beginning")


@contextmanager
def beginning_with(first: Callable[[], object]) -> Iterator[Callable[[], bool]]:
    """While this lasts, the first action begins with `first`. Yields whether one did, and was committed."""
    waiting = [first]
    token = _beginning.set(waiting)
    try:
        yield lambda: not waiting
    finally:
        _beginning.reset(token)


def begin() -> None:
    """An outermost action begins."""
    for first in _beginning.get([]):
        first()


def begun() -> None:
    """An outermost action was committed: the next one begins with nothing."""
    _beginning.get([]).clear()
