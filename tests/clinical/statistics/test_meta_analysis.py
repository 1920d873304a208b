"""Meta-analysis against metafor."""

from typing import Any

import numpy as np
import pytest
from scipy.stats import chi2, t
from tests.clinical.readers import numbers, rows

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.statistics.meta_analysis.heterogeneity import Estimator, generalised_q, projection
from rapport.clinical.statistics.meta_analysis.pooling import (
    PredictionKind,
    Uncertainty,
    explained,
    inconsistency_from_q,
    pool,
    q_profile,
    studies,
)
from rapport.clinical.statistics.meta_analysis.small_studies import egger, trim_and_fill

CASES = numbers("meta_analysis")["cases"]
FITS = [(case, name) for case in CASES for name in case["fits"]]
METAPSY = numbers("metapsy")
LOOSE_ROOT, LOOSE_Q, LOOSE_STEP = 1e-4, 3e-4, 3e-5  # where the peer's own search stops (uniroot, Fisher scoring)
TESTS = {"z": Uncertainty.Z, "knha": Uncertainty.HKSJ}


def near(value: object, rel: float = 1e-6) -> Any:
    return pytest.approx(value, rel=rel, abs=1e-9)


@pytest.mark.parametrize(("case", "name"), FITS, ids=[f"{case['label']} {name}" for case, name in FITS])
def test_every_estimator_and_test(case: dict[str, Any], name: str) -> None:
    wanted = case["fits"][name]
    found = pool(case["yi"], case["vi"], estimator=Estimator(wanted["method"]), test=TESTS[wanted["test"]])
    rel = LOOSE_ROOT if wanted["method"] == "PM" else 1e-6
    assert found.k == wanted["k"]
    assert (found.estimate, float(found.se[0])) == (near(wanted["estimate"], rel), near(wanted["se"], rel))
    assert (float(found.statistics[0]), float(found.p[0])) == (near(wanted["stat"], rel), near(wanted["p"], 10 * rel))
    assert found.interval == near(tuple(wanted["ci"]), rel)
    assert found.tau2 == near(wanted["tau2"], 2 * rel)
    if wanted["se_tau2"] is not None:
        assert found.tau2_se == near(wanted["se_tau2"], 2 * rel)
    assert (found.i2, found.h2) == (near(wanted["I2"], rel), near(wanted["H2"], 2 * rel))
    assert (found.q, found.q_p) == (near(wanted["Q"]), near(wanted["Qp"]))
    if wanted.get("pi_metafor"):
        assert found.prediction(PredictionKind.METAFOR) == near(tuple(wanted["pi_metafor"]), rel)
        assert found.prediction() == near(tuple(wanted["pi_HTS_t_kminus2"]), rel)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_our_roots_are_nearer_than_the_peers(case: dict[str, Any]) -> None:
    """The definitions hold to ten digits where the peer's search stopped earlier."""
    data = studies(case["yi"], case["vi"])
    df = data.y.size - 1

    def q(tau2: float) -> float:
        return generalised_q(tau2, data.y, data.v, data.x)

    assert q(pool(case["yi"], case["vi"], estimator=Estimator.PAULE_MANDEL).tau2) == near(df, 1e-10)
    low, high = q_profile(case["yi"], case["vi"]).tau2
    assert (q(low), q(high)) == (near(float(chi2.ppf(0.975, df)), 1e-10), near(float(chi2.ppf(0.025, df)), 1e-10))
    p = projection(1 / (data.v + pool(case["yi"], case["vi"]).tau2), data.x)
    assert float((p @ data.y) @ (p @ data.y)) == near(float(np.trace(p)), 1e-9)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_the_interval_of_the_spread(case: dict[str, Any]) -> None:
    if "QP_ci_REML" not in case:
        return
    found = q_profile(case["yi"], case["vi"])
    assert found.tau2 == near(tuple(case["QP_ci_REML"]["tau2_ci"]), LOOSE_Q)
    assert found.i2 == near(tuple(case["QP_ci_REML"]["I2_ci"]), LOOSE_Q)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_small_studies(case: dict[str, Any]) -> None:
    if "egger" in case:
        found = egger(case["yi"], case["vi"], least=3)
        assert (found.t, found.df, found.p) == (
            near(case["egger"]["t"]), case["egger"]["df"], near(case["egger"]["p"]),
        )  # fmt: skip
    if "trimfill_DL" in case:
        filled, wanted = trim_and_fill(case["yi"], case["vi"]), case["trimfill_DL"]
        assert (filled.missing, filled.side.value) == (wanted["k0"], wanted["side"])
        assert (filled.filled.estimate, filled.filled.tau2) == (near(wanted["est"]), near(wanted["tau2"]))


def test_latitude_explains_much_of_the_spread_of_bcg_trials() -> None:
    case = next(one for one in CASES if "metareg_ablat_REML_knha" in one)
    wanted = case["metareg_ablat_REML_knha"]
    ablat = np.array([[row["ablat"]] for row in case["counts"]], float)
    found = pool(case["yi"], case["vi"], covariates=ablat, test=Uncertainty.HKSJ)
    assert found.coefficients == near(wanted["beta"], LOOSE_STEP)
    assert found.se == near(wanted["se"], LOOSE_STEP)
    assert found.p == near(wanted["p"], 10 * LOOSE_STEP)
    assert found.tau2 == near(wanted["tau2"], 10 * LOOSE_STEP)
    assert explained(found, pool(case["yi"], case["vi"])) == near(wanted["R2"], LOOSE_STEP)
    assert float(found.statistics[1]) ** 2 == near(wanted["QM"], 2 * LOOSE_STEP)


def test_interpersonal_therapy_against_usual_care_in_metapsy() -> None:
    case = METAPSY["small_case"]
    found = pool(case["yi"], np.square(case["sei"]), test=Uncertainty.HKSJ)
    assert found.k == case["k"]
    assert (found.estimate, float(found.se[0])) == (near(case["est"]), near(case["se"]))
    assert found.interval == near(tuple(case["ci"]))
    assert (found.tau2, found.i2) == (near(case["tau2"]), near(case["I2"]))


@pytest.mark.parametrize("row", rows("metapsy_benchmarks"), ids=lambda row: f"{row['disorder']} {row['subset']}")
def test_prediction_intervals_of_metapsy_follow_from_its_means(row: dict[str, str]) -> None:
    g, low, high, tau2 = (float(row[name]) for name in ("g", "lo", "hi", "tau2"))
    quantile = float(t.ppf(0.975, int(row["k_studies"]) - 1))
    half = quantile * (tau2 + ((high - low) / 2 / quantile) ** 2) ** 0.5
    assert (g - half, g + half) == near((float(row["pi_lo"]), float(row["pi_hi"])))


def test_the_file_of_metapsy_benchmarks_and_the_json_agree() -> None:
    for row, other in zip(rows("metapsy_benchmarks"), METAPSY["results"], strict=True):
        assert (row["disorder"], row["subset"]) == (other["disorder"], other["subset"])
        assert float(row["g"]) == near(other["g"])


def test_truncated_inflation_never_narrows() -> None:
    y, v = [0.31, 0.30, 0.29, 0.30], [0.04, 0.05, 0.03, 0.06]
    narrow = pool(y, v, test=Uncertainty.HKSJ)
    wide = pool(y, v, test=Uncertainty.HKSJ_AD_HOC)
    assert narrow.tau2 == 0
    assert wide.se[0] == near(pool(y, v, test=Uncertainty.Z).se[0])
    assert narrow.se[0] < wide.se[0]
    assert inconsistency_from_q(narrow) == 0


def test_scaling_the_estimates_scales_the_answer() -> None:
    case = CASES[0]
    one = pool(case["yi"], case["vi"])
    other = pool(10 * np.array(case["yi"]), 100 * np.array(case["vi"]))
    assert (other.estimate, other.tau2, other.i2) == (near(10 * one.estimate), near(100 * one.tau2), near(one.i2))


@pytest.mark.parametrize(("y", "v", "covariates", "field"), [
    ([], [], None, "estimates"), ([0.4], [0.1], None, "estimates"), ([0.4, 0.5], [0.1, 0.0], None, "variances"),
    ([0.4, 0.5], [0.1], None, "estimates"), ([0.4, float("nan")], [0.1, 0.1], None, "estimates"),
    ([0.4, 0.5, 0.6], [0.1, 0.1, 0.1], [[1], [1], [1]], "covariates"),
    ([0.4, 0.5, 0.6], [0.1, 0.1, 0.1], [[1], [2]], "covariates"),
])  # fmt: skip
def test_studies_that_cannot_be_pooled(y: Any, v: Any, covariates: Any, field: str) -> None:
    with pytest.raises(ClinicalError) as refused:
        pool(y, v, covariates=covariates)
    assert refused.value.field == field


def test_few_studies() -> None:
    with pytest.raises(ClinicalError, match="k:"):
        pool([0.4, 0.5], [0.1, 0.1]).prediction()
    with pytest.raises(ClinicalError, match="estimates"):
        egger([0.4, 0.5, 0.6], [0.1, 0.1, 0.1])


@pytest.mark.parametrize("estimator", list(Estimator))
@pytest.mark.parametrize("test", list(Uncertainty))
def test_studies_that_agree_wholly_give_no_warning(estimator: Estimator, test: Uncertainty) -> None:
    found = pool([0.3, 0.3, 0.3], [0.1, 0.1, 0.2], estimator=estimator, test=test)
    assert found.estimate == near(0.3)
    assert found.tau2 == near(0)
    assert not np.isnan(found.interval).any()


@pytest.mark.parametrize(("estimates", "variances", "field", "code"), [
    ([], [], "estimates", "too_few"),
    ([0.3], [0.1], "estimates", "too_few"),
    ([0.3, float("nan")], [0.1, 0.1], "estimates", "not_a_number"),
    ([0.3, float("inf")], [0.1, 0.1], "estimates", "not_a_number"),
    ([0.3, "high"], [0.1, 0.1], "estimates", "not_a_number"),
    ([0.3, 0.4], [0.1, float("nan")], "variances", "not_a_number"),
    ([0.3, 0.4], [0.1, -0.1], "variances", "out_of_range"),
    ([0.3, 0.4], [0.1, 0], "variances", "out_of_range"),
    ([0.3, 0.4], [0.1], "estimates", "lengths_differ"),
])  # fmt: skip
def test_columns_of_studies_that_cannot_be_read(
    estimates: list[Any], variances: list[float], field: str, code: str
) -> None:
    for ask in (pool, q_profile, egger, trim_and_fill):
        with pytest.raises(ClinicalError) as refused:
            ask(estimates, variances)
        assert (refused.value.field, refused.value.code) == (field, code)
        assert refused.value.remedy


Y, V = [0.1, 0.3, 0.5, 0.2], [0.1, 0.2, 0.1, 0.2]


@pytest.mark.parametrize(("covariates", "code"), [
    (3.0, "lengths_differ"), ([1, 2], "lengths_differ"), (np.zeros((4, 1, 1)), "lengths_differ"),
    (np.zeros((4, 0)), "too_few"), (["a", "b", "c", "d"], "not_a_number"), ([1, 2, 3, float("nan")], "not_a_number"),
    ([1, 1, 1, 1], "no_spread"),
])  # fmt: skip
def test_covariates_of_studies_that_cannot_be_used(covariates: Any, code: str) -> None:
    with pytest.raises(ClinicalError) as refused:
        pool(Y, V, covariates=covariates)
    assert (refused.value.field, refused.value.code) == ("covariates", code)


def test_studies_of_one_size_say_nothing_about_small_ones() -> None:
    for ask in (lambda: egger(Y * 3, [0.1] * 12), lambda: trim_and_fill(Y, [0.1] * 4)):
        with pytest.raises(ClinicalError, match="variances: Every study is of the same size"):
            ask()
    with pytest.raises(ClinicalError, match="estimates: 2 studies"):
        trim_and_fill(Y[:2], V[:2])
    with pytest.raises(ClinicalError, match="confidence"):
        pool(Y, V, confidence=1.0)
