"""Submissions while everything fails: nobody who says yes is overlooked (H02 to H07; many more in `make faults`)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.emptying import guard_steps_aside
from tests.faults.hardship.alerts import SEED, bring_up, campaign

COUNT = 250


@pytest.fixture(autouse=True, scope="module")
def _guard_steps_aside() -> Iterator[None]:
    """Commits are among what fails here, so the database is emptied afterwards instead of rolled back."""
    with guard_steps_aside():
        yield


@pytest.mark.fault
@pytest.mark.django_db(transaction=True)
def test_no_yes_without_an_alert_no_alert_without_an_owner_and_each_in_time() -> None:
    done = campaign(bring_up(), COUNT, SEED)
    assert done["found"] == []
    assert done["said"]["failed"] > COUNT / 10
    assert all(done["noticed"].values()), done["noticed"]  # the controls: faults put in on purpose
