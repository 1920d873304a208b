"""The data of R's suddengains (Wiedemann et al. 2020): 43 simulated clients, BDI, sessions 1 to 12, cut-off 7."""

import pytest
from tests.clinical.readers import rows

from rapport.clinical.outcomes.patterns.sudden_gains import sudden_changes


@pytest.mark.parametrize(("adjusted", "gains", "clients"), [(True, 24, 15), (False, 26, 17)])
def test_gains_and_clients_with_gains(adjusted: bool, gains: int, clients: int) -> None:
    found = []
    for row in rows("sudden_gains"):
        scores = [row[f"bdi_s{session}"] for session in range(1, 13)]
        known = [None if score == "NA" else float(score) for score in scores]
        found.append(len(sudden_changes(known, least_change=7, adjusted=adjusted)))
    assert (sum(found), sum(one > 0 for one in found)) == (gains, clients)
