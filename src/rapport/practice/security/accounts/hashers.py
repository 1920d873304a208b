"""Password hashing: argon2id, memory-hard (ASVS 5.0 appendix C asks for at least 46 MiB)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password

from rapport.practice.security.accounts.rules.passwords import folded

AT_ONCE = 4
PATIENCE = 3.0  # seconds in the queue before somebody is asked to come back


class MemoryHardHasher(Argon2PasswordHasher):
    """64 MiB, two passes, one lane: about a tenth of a second, and a small server survives several at once."""

    memory_cost = 65_536
    time_cost = 2
    parallelism = 1


class Busy(Exception):
    """Too many people sign in at this moment; come back shortly."""


_places = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def _a_place() -> Iterator[None]:
    if not _places.acquire(timeout=PATIENCE):
        raise Busy("Too many sign-ins at once.")
    try:
        yield
    finally:
        _places.release()


def hashed(password: str) -> str:
    """What is kept of a password."""
    with _a_place():
        return make_password(folded(password))


def matches(password: str, kept: str | None) -> bool:
    """Whether a password is the one that was kept. Without an account the same work, one hash, is done for nothing."""
    usable = kept if kept and not kept.startswith("!") else None
    with _a_place():
        if usable is not None:
            return check_password(folded(password), usable)
        make_password(folded(password))
    return False
