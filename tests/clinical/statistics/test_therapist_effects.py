"""Therapist effects against lme4 on 780 closed cases of 30 invented therapists."""

from typing import Any

import numpy as np
import pytest
from tests.clinical.growth_rows import columns
from tests.clinical.readers import numbers

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.statistics.growth import fit_rows
from rapport.clinical.statistics.therapist_effects import TherapistEffects, recovery_share, therapist_effects
from rapport.clinical.statistics.therapist_effects.scores import PAIRWISE, VarianceShare, anova_icc

THERAPIST, PRE, POST, RECOVERED = columns("therapists", "therapist", "pre", "post", "rec")


@pytest.fixture(scope="module")
def found() -> TherapistEffects:
    return therapist_effects(THERAPIST, PRE, POST)


@pytest.fixture(scope="module")
def theirs() -> Any:
    return numbers("therapist_effects")


def test_model_and_share_are_those_of_lme4(found: TherapistEffects, theirs: Any) -> None:
    assert found.share
    model = found.share.model
    assert PRE.mean() == pytest.approx(theirs["pre_mean"])
    assert model.criterion == pytest.approx(theirs["REMLcrit"], abs=1e-5)
    assert model.beta == pytest.approx(list(theirs["fixef"].values()), rel=1e-7)
    assert model.d[0, 0] == pytest.approx(theirs["tau2"], rel=2e-5)
    assert model.sigma2 == pytest.approx(theirs["sigma2"], rel=2e-5)
    assert found.share.icc == pytest.approx(theirs["icc"], rel=2e-5)


def test_the_test_knows_that_a_variance_is_not_negative(found: TherapistEffects, theirs: Any) -> None:
    assert found.share
    assert found.share.lrt == pytest.approx(theirs["lrt_ML"], abs=1e-5)
    assert found.share.p == pytest.approx(theirs["p_lrt_half_chi2"], rel=1e-5)


def test_shares_without_intake_and_without_a_model(found: TherapistEffects, theirs: Any) -> None:
    assert found.share
    assert found.share.anova_icc == pytest.approx(theirs["anova_icc1"], rel=1e-9)
    unadjusted = fit_rows(THERAPIST, POST, np.ones(len(POST)))
    assert VarianceShare(unadjusted, 0.0, 0.0).icc == pytest.approx(theirs["icc_unadjusted"], rel=2e-5)


def test_each_therapist_with_both_intervals(found: TherapistEffects, theirs: Any) -> None:
    assert found.ids.tolist() == [row["therapist"] for row in theirs["eb"]]
    assert found.cases.tolist() == [row["n"] for row in theirs["eb"]]
    assert found.effect == pytest.approx([row["u"] for row in theirs["eb"]], rel=2e-5)
    assert found.sd == pytest.approx([row["cond_sd"] for row in theirs["eb"]], rel=2e-5)
    average = [(row["lo95"], row["hi95"]) for row in theirs["eb"]]
    pairwise = [(row["lo_pairwise"], row["hi_pairwise"]) for row in theirs["eb"]]
    assert found.interval() == pytest.approx(np.array(average), abs=5e-5)
    assert found.interval(PAIRWISE) == pytest.approx(np.array(pairwise), abs=5e-5)


def test_recovery_by_quadrature_on_25_points(theirs: Any) -> None:
    case, logistic = PRE >= 10, theirs["logistic"]
    share = recovery_share(THERAPIST[case], RECOVERED[case], (PRE - PRE.mean())[case])
    assert share.n == logistic["n"]
    assert share.deviance == pytest.approx(logistic["minus2ll"], abs=1e-5)
    assert share.beta == pytest.approx(list(logistic["fixef"].values()), rel=1e-4)
    assert share.tau2 == pytest.approx(logistic["tau2"], rel=1e-4)
    assert share.latent_icc == pytest.approx(logistic["latent_icc"], rel=1e-4)
    assert share.median_odds_ratio == pytest.approx(logistic["MOR"], rel=1e-4)


def test_case_mix_takes_what_is_its_own() -> None:
    hard = np.where(np.isin(THERAPIST, THERAPIST[:9]), 1.0, 0.0) + np.random.default_rng(1).normal(0, 0.1, len(PRE))
    with_mix = therapist_effects(THERAPIST, PRE, POST + 6 * hard, hard)
    without = therapist_effects(THERAPIST, PRE, POST + 6 * hard)
    assert with_mix.share
    assert without.share
    assert with_mix.share.icc < without.share.icc


def test_nothing_is_shown_below_ten_therapists_with_ten_cases() -> None:
    few = np.isin(THERAPIST, np.unique(THERAPIST)[:9])
    hidden = therapist_effects(THERAPIST[few], PRE[few], POST[few])
    assert hidden.share is None
    assert hidden.reason == "too_few_therapists_with_ten_closed_cases"
    assert hidden.effect.size == 0
    assert hidden.own(1).effect is None
    share = recovery_share(THERAPIST[few], RECOVERED[few], PRE[few])
    assert (share.tau2, share.latent_icc, share.median_odds_ratio) == (None, None, None)
    assert share.reason == hidden.reason


def test_ones_own_figure_needs_thirty_closed_cases(found: TherapistEffects) -> None:
    enough, too_few = found.own(1), found.own(2)
    assert enough.interval() == pytest.approx((-2.358286, 0.548486), abs=5e-5)
    assert (too_few.cases, too_few.effect, too_few.reason) == (8, None, "fewer_than_30_closed_cases")
    assert too_few.interval() is None
    assert found.own("nobody").cases == 0


@pytest.mark.parametrize(
    ("field", "call"),
    [
        ("therapists", lambda: therapist_effects([], [], [])),
        ("post", lambda: therapist_effects([1, 2], [10, 9], [8])),
        ("pre", lambda: therapist_effects([1, 2], [10, np.nan], [8, 9])),
        ("recovered", lambda: recovery_share([1, 2], [0, 2], [1.0, 2.0])),
        ("recovered", lambda: recovery_share(THERAPIST, np.ones(len(THERAPIST)), PRE)),
        ("fixed", lambda: recovery_share(THERAPIST, RECOVERED, RECOVERED - 0.5)),
        ("fixed", lambda: recovery_share(THERAPIST, RECOVERED, np.ones(len(THERAPIST)))),
        ("therapists", lambda: anova_icc([1, 1], [3.0, 4.0])),
    ],
)
def test_what_is_refused(field: str, call: Any) -> None:
    with pytest.raises(ClinicalError) as refused:
        call()
    assert refused.value.field == field
