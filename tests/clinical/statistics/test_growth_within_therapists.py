"""Clients within therapists against lme4: the reference courses dealt to 20 therapists with a level of their own."""

from typing import Any

import numpy as np
import pytest
from tests.clinical.growth_rows import columns
from tests.clinical.readers import numbers

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.statistics.growth import GrowthStatistics, TherapistFit, fit, fit_within_therapists, statistics_of

MODELS: dict[str, dict[str, bool]] = {"level_reml": {}, "level_ml": {"reml": False}, "intercepts": {"slope": False}}


def statistics(name: str) -> GrowthStatistics:
    ids, times, base, scores = columns("growth_courses", "id", "lt", "base", "y")
    added = np.array(numbers("growth_therapists")["added"])
    return statistics_of(ids, times, scores + added[ids.astype(int) % 20], base if name == "level_ml" else None)


@pytest.fixture(scope="module", params=MODELS)
def both(request: pytest.FixtureRequest) -> tuple[TherapistFit, Any, GrowthStatistics]:
    sums = statistics(request.param)
    found = fit_within_therapists(sums, sums.ids.astype(int) % 20, **MODELS[request.param])
    return found, numbers("growth_therapists")[request.param], sums


def test_criterion_line_and_variances(both: tuple[TherapistFit, Any, GrowthStatistics]) -> None:
    found, theirs, _ = both
    assert found.line.converged
    assert found.line.criterion == pytest.approx(theirs["criterion"], abs=1e-5)
    assert found.line.beta == pytest.approx(theirs["fixef"], rel=1e-6)
    assert found.line.beta_cov == pytest.approx(np.array(theirs["fixef_vcov"]), rel=2e-5)
    *of_clients, of_therapists, error = [row["vcov"] for row in theirs["varcorr"]]
    assert found.line.d[[0, 1, 0], [0, 1, 1]][: len(of_clients)] == pytest.approx(of_clients, rel=2e-5)
    assert found.tau2 == pytest.approx(of_therapists, rel=2e-5)
    assert found.line.sigma2 == pytest.approx(error, rel=2e-5)


def test_therapists_and_clients(both: tuple[TherapistFit, Any, GrowthStatistics]) -> None:
    found, theirs, sums = both
    assert found.therapists.tolist() == list(map(int, theirs["therapists"]))
    assert found.level == pytest.approx(theirs["u"], rel=2e-5)
    assert found.sd**2 == pytest.approx(theirs["u_var"], rel=2e-5)
    clients, size = found.client_effects(sums), 2 if found.line.slope else 1
    expected = np.array(theirs["b"]).reshape(10, size)
    assert clients.mean[:10, :size] == pytest.approx(expected, rel=1e-4, abs=2e-5)
    for place in range(3):
        cov = np.array(theirs["b_var"])[..., place].reshape(size, size)
        assert clients.cov[place, :size, :size] == pytest.approx(cov, rel=2e-5)


def test_therapists_who_differ_in_nothing() -> None:
    ids, times, scores = columns("growth_courses", "id", "lt", "y")
    sums = statistics_of(ids, times, scores)
    found = fit_within_therapists(sums, sums.ids.astype(int) % 7)
    alone = fit(sums)
    assert found.line.criterion <= alone.criterion + 1e-6
    if found.line.singular:
        assert found.line.beta == pytest.approx(alone.beta, rel=1e-5)


def test_each_client_has_one_therapist() -> None:
    sums = statistics("level_reml")
    with pytest.raises(ClinicalError, match="per client"):
        fit_within_therapists(sums, [1, 2])
    with pytest.raises(ClinicalError, match="nothing to compare"):
        fit_within_therapists(sums, np.zeros(sums.n_clients))
