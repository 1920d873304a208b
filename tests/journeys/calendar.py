"""A calendar that moves on when a journey says so. It begins on a Monday in March, at nine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import monotonic

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Calendar:
    """What the house's clock shows; between two moves it runs as any clock does."""

    def __init__(self) -> None:
        self._since, self._moment = monotonic(), MONDAY

    def now(self) -> datetime:
        return self._moment + timedelta(seconds=monotonic() - self._since)

    def moves_on(self, **by: float) -> datetime:
        """Time passes."""
        self._since, self._moment = monotonic(), self.now() + timedelta(**by)
        return self._moment

    def turns_to(self, moment: datetime) -> None:
        self._since, self._moment = monotonic(), moment
