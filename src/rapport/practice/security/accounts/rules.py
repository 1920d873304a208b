"""How long a sign-in lasts (ASVS 5.0, 7.3.1 idle and 7.3.2 absolute)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from rapport.practice.security.policy.actor import Role

IDLE = {Role.CLIENT: timedelta(minutes=15), Role.THERAPIST: timedelta(minutes=15), Role.MANAGER: timedelta(minutes=15)}
ABSOLUTE = {Role.CLIENT: timedelta(hours=4), Role.THERAPIST: timedelta(hours=12), Role.MANAGER: timedelta(hours=12)}


def is_alive(
    *,
    roles: Collection[Role],
    started_at: datetime,
    active_at: datetime,
    held_open_until: datetime | None,
    at: datetime,
) -> bool:
    """Whether a sign-in still counts. A running session of therapy outlasts the idle limit, never the absolute one."""
    if not roles or at >= started_at + min(ABSOLUTE[role] for role in roles):
        return False
    idle_ends = active_at + min(IDLE[role] for role in roles)
    return at < idle_ends or (held_open_until is not None and at < held_open_until)
