"""Weekly Hamilton scores of 66 depressed inpatients (Reisby et al. 1977).

Hedeker & Gibbons 2006, Longitudinal Data Analysis, chapter 4, and the teaching material to it.
"""

import pytest
from tests.clinical.growth_rows import columns

from rapport.clinical.statistics.growth import GrowthStatistics, fit, statistics_of


@pytest.fixture(scope="module")
def ward() -> GrowthStatistics:
    return statistics_of(*columns("riesby", "id", "week", "hamd"))


def test_the_sample(ward: GrowthStatistics) -> None:
    assert (ward.n_clients, ward.n_scores) == (66, 375)


def test_patients_differ_in_level_restricted_likelihood(ward: GrowthStatistics) -> None:
    found = fit(ward, slope=False)
    assert found.beta == pytest.approx([23.55, -2.38], abs=0.005)
    assert found.beta_se == pytest.approx([0.64, 0.14], abs=0.005)
    assert found.aic == pytest.approx(2294.73, abs=0.005)


def test_patients_differ_in_level_and_slope_full_likelihood(ward: GrowthStatistics) -> None:
    found = fit(ward, reml=False)
    assert found.beta == pytest.approx([23.57695, -2.37707], abs=5e-6)
    assert found.criterion == pytest.approx(2219.038, abs=0.0005)
