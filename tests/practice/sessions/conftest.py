"""A practice whose clocks change."""

from __future__ import annotations

import pytest
from tests.factories.organisation import a_practice


@pytest.fixture
def practice_in_london() -> None:
    a_practice()
