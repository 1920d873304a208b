"""Growth lines against lme4, nlme and statsmodels on the same 1,988 scores."""

from typing import Any

import numpy as np
import pytest
from tests.clinical.growth_rows import columns
from tests.clinical.readers import numbers

from rapport.clinical.statistics.growth import GrowthFit, GrowthStatistics, effects_of, fit, patterns_of, statistics_of

MODELS = {
    "random_intercept_slope": {},
    "with_baseline": {},
    "with_baseline_ML": {"reml": False},
    "random_intercept_only": {"slope": False},
}


def statistics(name: str) -> GrowthStatistics:
    ids, times, base, scores = columns("growth_courses", "id", "lt", "base", "y")
    return statistics_of(ids, times, scores, base if "baseline" in name else None)


def fitted(name: str) -> tuple[GrowthFit, Any]:
    return fit(statistics(name), **MODELS[name]), numbers("growth")[name]


@pytest.mark.parametrize("name", MODELS)
def test_criterion_line_and_variances_are_those_of_lme4(name: str) -> None:
    ours, theirs = fitted(name)
    assert (ours.n_scores, ours.n_clients) == (theirs["n"], theirs["n_clients"]) == (1988, 293)
    assert ours.converged
    assert not ours.singular
    assert ours.criterion == pytest.approx(theirs["minus2loglik"], abs=1e-5)
    assert ours.beta == pytest.approx(list(theirs["fixef"].values()), rel=1e-7)
    assert ours.beta_se == pytest.approx(list(theirs["fixef_se"].values()), rel=2e-5)
    assert ours.beta_cov == pytest.approx(np.array(theirs["fixef_vcov"]), rel=2e-5)
    assert ours.sigma2 == pytest.approx(theirs["sigma2"], rel=2e-5)
    entries = ours.d[[0, 1, 0], [0, 1, 1]][: len(theirs["varcorr"]) - 1]
    assert entries == pytest.approx([one["vcov"] for one in theirs["varcorr"][:-1]], rel=2e-5)


@pytest.mark.parametrize("name", MODELS)
def test_departures_of_each_client_are_those_of_lme4(name: str) -> None:
    ours, theirs = fitted(name)
    effects = effects_of(ours, statistics(name))
    for own, cov, row in zip(effects.mean, effects.cov, theirs["ranef_first10"], strict=False):
        assert own[0] == pytest.approx(row["(Intercept)"], rel=2e-5)
        assert own[1] == pytest.approx(row.get("lt", 0.0), rel=2e-5, abs=1e-6)
        assert np.allclose(cov, cov.T)
    for cov, expected in zip(effects.cov, theirs["ranef_postvar_first3"], strict=False):
        seen = cov if "only" not in name else cov[0, 0]
        assert seen == pytest.approx(np.array(expected), rel=2e-5)


def test_nlme_says_the_same() -> None:
    ours, theirs = fitted("with_baseline")[0], numbers("growth")["nlme_check"]
    assert ours.criterion == pytest.approx(theirs["minus2loglik"], abs=1e-5)
    assert ours.beta == pytest.approx(list(theirs["fixef"].values()), rel=1e-7)
    assert ours.sigma2 == pytest.approx(theirs["sigma2"], rel=2e-5)
    assert ours.d[[0, 1], [0, 1]] == pytest.approx([theirs["var_int"], theirs["var_lt"]], rel=2e-5)


@pytest.mark.parametrize(("name", "formula"), [("random_intercept_slope", "y~lt"), ("with_baseline", "y~lt*base")])
def test_statsmodels_comes_as_close_as_its_optimiser_does(name: str, formula: str) -> None:
    ours, theirs = fitted(name)[0], numbers("growth_statsmodels")["fits"][formula]
    assert ours.criterion == pytest.approx(theirs["minus2reml"], abs=1e-5)
    assert ours.criterion < theirs["default_minus2"]
    assert ours.d == pytest.approx(np.array(theirs["cov_re"]), rel=1e-4)
    assert ours.sigma2 == pytest.approx(theirs["scale"], rel=2e-5)


def test_regular_sessions_make_few_patterns() -> None:
    assert patterns_of(statistics("with_baseline")).zz.shape == (3, 22)
