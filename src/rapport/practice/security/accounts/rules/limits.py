"""How often one may try (ASVS 5.0, 6.3.1). A delay that grows, never a lock: nobody can shut out somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)
LONGEST_WAIT = timedelta(minutes=15)
BUCKETS = 65_536


@dataclass(frozen=True, slots=True)
class Limit:
    """`free` tries in a window; each further one doubles the wait, up to `longest`.

    A window ends at its time; where `needs_quiet`, only after so long without any try.
    """

    name: str
    free: int
    window: timedelta = WINDOW
    first_wait: timedelta = timedelta(seconds=30)
    longest: timedelta = LONGEST_WAIT
    needs_quiet: bool = False

    def wait_after(self, tries: int) -> timedelta:
        """How long to wait after this many tries in one window."""
        over = tries - self.free
        if over < 0:
            return timedelta()
        return min(self.longest, self.first_wait * (1 << min(over, 16)))


ACCOUNT = Limit("sign_in_account", free=5, needs_quiet=True)
ADDRESS = Limit("sign_in_address", free=30)
EVERYBODY = Limit("sign_in_everybody", free=600, first_wait=timedelta(seconds=1), longest=timedelta(seconds=20))
SECOND_FACTOR = Limit(
    "second_factor", free=5, window=timedelta(minutes=5), first_wait=timedelta(minutes=5), needs_quiet=True
)
RESET_ACCOUNT = Limit("reset_account", free=3, window=timedelta(hours=1), first_wait=timedelta(minutes=20))
RESET_ADDRESS = Limit("reset_address", free=10, window=timedelta(hours=1))
LINKS = Limit("single_use_links", free=30)
CEREMONIES = Limit("passkey_ceremonies", free=60)


class TooManyTries(Exception):
    """Too many tries; `until` says when the next one counts."""

    def __init__(self, until: datetime, at: datetime) -> None:
        super().__init__("Too many tries.")
        self.until = until
        self.seconds = max(1, round((until - at).total_seconds()))
