"""Submissions while everything fails: nobody who says yes is overlooked (H02 to H07; many more in `make faults`)."""

from __future__ import annotations

import pytest
from tests.faults.hardship.alerts import SEED, bring_up, campaign

COUNT = 2_000


@pytest.mark.fault
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("guard_away")
def test_no_yes_without_an_alert_no_alert_without_an_owner_and_each_in_time() -> None:
    done = campaign(bring_up(), COUNT, SEED)
    assert done["found"] == []
    assert done["said"]["failed"] > COUNT / 10
    assert all(done["noticed"].values()), done["noticed"]  # the controls: faults put in on purpose
