"""The clock. Read at the edges only (pages, commands, the worker); everything below is handed the moment."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)
