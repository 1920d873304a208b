"""A practice with a zone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.factories.people import AT, a_manager

from rapport.practice.organisation import actions
from rapport.practice.organisation.choices import Jurisdiction


@pytest.fixture
def practice_in_london() -> None:
    pass
