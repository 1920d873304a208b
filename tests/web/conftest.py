"""Pages read the clock; the tests of pages say what time it is."""

from __future__ import annotations

import pytest

from rapport.practice.foundation import clock

STARTED = clock.now()
UNTIL_NOON = STARTED.replace(hour=12, minute=0) - STARTED


@pytest.fixture(autouse=True)
def _around_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is about noon whenever the tests run: an hour from now is still today."""
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + UNTIL_NOON)
