"""Counting tries, in the database: a restart forgets nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from rapport.practice.security.accounts.models import TryCounter
from rapport.practice.security.accounts.rules.limits import BUCKETS, Limit, TooManyTries
from rapport.practice.security.accounts.rules.steps import steps
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action
from rapport.practice.security.policy.actor import Actor


@action
def _count(*, actor: Actor, at: datetime, limit: Limit, key: str) -> datetime | None:
    counter, _ = TryCounter.objects.select_for_update(no_key=True).get_or_create(
        limit=limit.name, bucket=_bucket(limit, key), defaults={"window_at": at, "tries": 0}
    )
    if counter.wait_until is not None and at < counter.wait_until:
        return counter.wait_until  # a try that is not let through does not lengthen the wait
    if at >= counter.window_at + limit.window:
        counter.tries, counter.window_at = 0, at
    counter.tries += 1
    wait = limit.wait_after(counter.tries)
    counter.wait_until = at + wait if wait else None
    if limit.needs_quiet:
        counter.window_at = at + wait
    counter.save(update_fields=["tries", "window_at", "wait_until"])
    return None


@steps
def take(*, actor: Actor, at: datetime, limit: Limit, key: str) -> None:
    """Count one try before it is made, so that a hundred at once are a hundred; refuse while a wait runs."""
    until = _count(actor=actor, at=at, limit=limit, key=key)
    if until is not None:
        raise TooManyTries(until, at)


@action
def forgive(*, actor: Actor, at: datetime, limit: Limit, key: str, only_one: bool = False) -> None:
    """The try was right: forget the others, or (where many share a counter) only this one."""
    counter = (
        TryCounter.objects.select_for_update(no_key=True).filter(limit=limit.name, bucket=_bucket(limit, key)).first()
    )
    if counter is None:
        return
    counter.tries = max(0, counter.tries - 1) if only_one else 0
    if limit.wait_after(counter.tries) == timedelta():
        counter.wait_until = None
    counter.save(update_fields=["tries", "wait_until"])


def _bucket(limit: Limit, key: str) -> int:
    return int.from_bytes(keys.keyed_hash(f"tries {limit.name}", key)[:4]) % BUCKETS
