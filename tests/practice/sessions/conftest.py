"""A practice with a zone."""

from __future__ import annotations

import pytest


@pytest.fixture
def practice_in_london() -> None:
    pass
