"""When an act may go ahead."""

from __future__ import annotations

from datetime import datetime, timedelta

DELAY = timedelta(hours=72)


def ready_at(*, managers: int, requested_at: datetime) -> datetime | None:
    """With nobody else to ask, an act is ready after 72 hours; with a second manager, only when they approve."""
    return requested_at + DELAY if managers < 2 else None
