"""Ask once: while one page is read, the same question has the same answer.

A page asks for the practice's zone, for care and for names in many places. Inside `one_reading` each answer is kept
until the page is made, or until anything is written. Outside it (actions, workers, commands) nothing is kept at all.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_kept: ContextVar[dict[Hashable, Any] | None] = ContextVar("answers_of_one_reading", default=None)


@contextmanager
def one_reading() -> Iterator[None]:
    """Keep answers for as long as this lasts."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def forget() -> None:
    """Something is about to be written: ask again from here on."""
    if (kept := _kept.get()) is not None:
        kept.clear()


def is_one_reading() -> bool:
    """Whether a page is being read, so that what is asked now is worth keeping."""
    return _kept.get() is not None


def once(function: Callable[P, T]) -> Callable[P, T]:
    """Keep the answers of a question whose arguments can be compared."""

    @functools.wraps(function)
    def ask(*args: P.args, **kwargs: P.kwargs) -> T:
        kept = _kept.get()
        if kept is None:
            return function(*args, **kwargs)
        question = (function, args, tuple(kwargs.items()))
        if question not in kept:
            kept[question] = function(*args, **kwargs)
        answer: T = kept[question]
        return answer

    return ask


def known(what: str) -> dict[Any, Any]:
    """What was already found of a kind (by its id, say); an empty dictionary of the caller's own outside a reading."""
    kept = _kept.get()
    found: dict[Any, Any] = {} if kept is None else kept.setdefault(what, {})
    return found
