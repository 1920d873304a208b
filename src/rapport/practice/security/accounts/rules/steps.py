"""Actions of several transactions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def steps(function: Callable[P, T]) -> Callable[P, T]:
    """Mark an action whose steps commit one by one.

    A failed try must be remembered although nothing else happens, and hashing a password must not hold the
    database's write lock for a tenth of a second. Each step is an `@action` of its own.
    """
    marked: Any = function
    marked.__action__ = True
    return function
