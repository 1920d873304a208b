"""How long a sign-in lasts (ASVS 5.0, 7.3.1 idle and 7.3.2 absolute)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from rapport.practice.security.accounts.choices import Standing
from rapport.practice.security.policy.actor import Role

IDLE = {Role.CLIENT: timedelta(minutes=15), Role.THERAPIST: timedelta(minutes=15), Role.MANAGER: timedelta(minutes=15)}
ABSOLUTE = {Role.CLIENT: timedelta(hours=4), Role.THERAPIST: timedelta(hours=12), Role.MANAGER: timedelta(hours=12)}
STAFF = frozenset({Role.MANAGER, Role.THERAPIST})
STAGE_LASTS = timedelta(minutes=15)  # from the right password to the second factor
HOLD_GRACE = timedelta(minutes=15)
LONGEST_HOLD = timedelta(hours=4)
MOST_SIGN_INS = 10


def lies_within(path: str, place: str) -> bool:
    """Whether an address is a place, or below it."""
    return path == place or path.startswith(place.rstrip("/") + "/")


@dataclass(frozen=True, slots=True)
class Hold:
    """One room kept open while its session of therapy runs."""

    until: datetime
    path: str

    def covers(self, path: str, at: datetime) -> bool:
        """Whether a request belongs to the held room."""
        return at < self.until and lies_within(path, self.path)


def standing(
    *,
    roles: Collection[Role],
    started_at: datetime,
    active_at: datetime,
    hold: Hold | None,
    path: str,
    at: datetime,
    handed: str = "",
) -> Standing:
    """What a sign-in is worth to a request. A running session outlasts the idle limit, never the absolute one.

    `handed`: the device is in somebody else's hands, and every other place is locked.
    """
    if not roles or at >= started_at + min(ABSOLUTE[role] for role in roles):
        return Standing.OVER
    if handed and not lies_within(path, handed):
        return Standing.LOCKED
    if at < active_at + min(IDLE[role] for role in roles):
        return Standing.OPEN
    return Standing.HELD if hold is not None and hold.covers(path, at) else Standing.LOCKED
