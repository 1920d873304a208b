"""Time to an event, and dose and response, against R survival, lifelines and glm."""

from typing import Any

import numpy as np
import pytest
from tests.clinical.readers import numbers, rows

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.statistics.dose_response import Link, Separated, binary_regression, dose_response
from rapport.clinical.statistics.survival.aalen_johansen import cumulative_incidence
from rapport.clinical.statistics.survival.cox import cox
from rapport.clinical.statistics.survival.kaplan_meier import IntervalKind, kaplan_meier, restricted_mean
from rapport.clinical.statistics.survival.log_rank import log_rank

EXPECTED = numbers("survival")
ROWS = rows("dropout")
TIMES = np.array([int(row["sessions"]) for row in ROWS])
DROPOUT = np.array([int(row["dropout"]) for row in ROWS])
GROUP = np.array([row["modality"] for row in ROWS])


def near(value: object) -> Any:
    return pytest.approx(value, rel=1e-9, abs=1e-12, nan_ok=True)


def unknown(values: list[Any]) -> list[float]:
    return [float("nan") if one in (None, "NA") else one for one in values]


@pytest.mark.parametrize(("kind", "name"), [("log_log", "loglog"), ("log", "log"), ("plain", "plain")])
def test_kaplan_meier(kind: str, name: str) -> None:
    curve = kaplan_meier(TIMES, DROPOUT, interval=IntervalKind(kind))
    table = EXPECTED["km"]
    assert curve.counts.times.tolist() == [row["time"] for row in table]
    assert curve.counts.at_risk.tolist() == [row["n_risk"] for row in table]
    assert curve.counts.any_event.tolist() == [row["n_event"] for row in table]
    assert curve.counts.censored.tolist() == [row["n_censor"] for row in table]
    assert curve.survival == near([row["surv"] for row in table])
    assert curve.cumulative_hazard == near([row["nelson_aalen"] for row in table])
    alive = curve.survival > 0
    for ours, theirs in (("se", "greenwood_se"), ("low", f"lo_{name}"), ("high", f"hi_{name}")):
        expected = np.array(unknown([row[theirs] for row in table]), float)
        assert getattr(curve, ours)[alive] == near(expected[alive])
    assert curve.median == EXPECTED["median"]


def test_restricted_mean() -> None:
    found = restricted_mean(kaplan_meier(TIMES, DROPOUT), 12)
    assert (found.value, found.se) == (near(EXPECTED["rmst12"]), near(EXPECTED["rmst12_se"]))


def test_groups() -> None:
    for name, table in EXPECTED["by_modality"].items():
        here = name.partition("=")[2] == GROUP
        curve = kaplan_meier(TIMES[here], DROPOUT[here])
        assert curve.survival == near([row["surv"] for row in table])
        alive = curve.survival > 0
        assert curve.low[alive] == near(np.array(unknown([row["lo"] for row in table]))[alive])
        assert curve.high[alive] == near(np.array(unknown([row["hi"] for row in table]))[alive])
    found = log_rank(TIMES, DROPOUT, GROUP)
    assert (found.chi2, found.p) == (near(EXPECTED["logrank_chisq"]), near(EXPECTED["logrank_p"]))
    assert found.observed == near(EXPECTED["logrank_obs"])
    assert found.expected == near(EXPECTED["logrank_exp"])


def test_cox_with_efrons_ties() -> None:
    fit = cox(TIMES, DROPOUT, (GROUP == "individual").astype(float))
    assert fit.coefficients[0] == pytest.approx(EXPECTED["cox_efron_coef"], abs=1e-8)
    assert fit.se[0] == pytest.approx(EXPECTED["cox_se"], abs=1e-8)
    assert np.exp(fit.coefficients[0]) == pytest.approx(EXPECTED["cox_hr"], abs=1e-8)


def test_miller_1997_acute_myelogenous_leukaemia() -> None:
    times = {
        "x=Maintained": [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161],
        "x=Nonmaintained": [5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45],
    }
    events = {
        "x=Maintained": [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0],
        "x=Nonmaintained": [1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1],
    }
    aml, start = EXPECTED["aml"], 0
    for name, size in aml["strata"].items():
        curve, here = kaplan_meier(times[name], events[name]), slice(start, start + size)
        assert curve.counts.times.tolist() == aml["time"][here]
        assert curve.survival == near(aml["surv"][here])
        alive = curve.survival > 0
        assert curve.low[alive] == near(np.array(unknown(aml["lo"][here]))[alive])
        assert curve.high[alive] == near(np.array(unknown(aml["hi"][here]))[alive])
        start += size


def test_aalen_johansen() -> None:
    """Who did not drop out ended as planned, but for those still there at the longest time."""
    causes = np.where(DROPOUT == 1, 1, np.where(TIMES.max() > TIMES, 2, 0))
    found, table = cumulative_incidence(TIMES, causes, 2), EXPECTED["aalen_johansen"]
    assert found.counts.times.tolist() == [row["time"] for row in table]
    assert found.share[:, 0] == near([row["cif_dropout"] for row in table])
    assert found.share[:, 1] == near([row["cif_planned"] for row in table])
    assert found.still == near([row["p_state0"] for row in table])
    assert found.at(4, 1)[0] == near(0.383333333333333)


def test_when_everybody_left_rounding_leaves_no_warning() -> None:
    found = cumulative_incidence([2, 3, 5, 7, 11, 13, 17], [1] * 7, 1)
    assert found.share[-1, 0] == near(1.0)
    assert (found.low[-1, 0], found.high[-1, 0]) == (near(1.0), near(1.0))


def test_without_censoring_the_interval_is_that_of_a_plain_share() -> None:
    causes = np.where(DROPOUT == 1, 1, 2)
    found = cumulative_incidence(TIMES, causes, 2)
    p = found.share[:, 0]
    inside = (p > 0) & (p < 1)
    width = 1.959963984540054 * np.sqrt(p * (1 - p) / TIMES.size) / (p * np.abs(np.log(p)))
    assert found.low[:, 0][inside] == near((p ** np.exp(width))[inside])
    assert found.high[:, 0][inside] == near((p ** np.exp(-width))[inside])


def test_competing_endings_add_up_to_everybody() -> None:
    causes = np.where(DROPOUT == 1, 1, 2)
    found = cumulative_incidence(TIMES, causes, 2)
    assert found.share.sum(axis=1) + found.still == near(np.ones(found.still.size))
    alone = kaplan_meier(TIMES, DROPOUT)
    assert (found.share[:, 0] <= 1 - alone.survival + 1e-12).all(), "censoring a competitor overstates dropout"


def test_dose_and_response() -> None:
    table, expected = rows("dose"), EXPECTED["dose"]
    sessions = np.array([float(row["sessions"]) for row in table])
    recovered = np.array([float(row["recovered"]) for row in table])
    found = dose_response(sessions, recovered)
    assert found.fit.coefficients == near(expected["logit_log"]["coef"])
    assert found.fit.covariance == pytest.approx(np.array(expected["logit_log"]["vcov"]), rel=1e-6)
    assert (found.fit.deviance, found.fit.aic) == (
        near(expected["logit_log"]["deviance"]),
        near(expected["logit_log"]["aic"]),
    )
    assert found.ed50 == near(expected["logit_log"]["ED50"])
    assert found.log_se == pytest.approx(expected["logit_log"]["log_ED50_se"], rel=1e-6)
    assert found.interval == pytest.approx(tuple(expected["logit_log"]["ED50_ci"]), rel=1e-6)
    probit = dose_response(sessions, recovered, link=Link.PROBIT)
    assert probit.fit.coefficients == pytest.approx(expected["probit_log"]["coef"], rel=1e-6)
    assert probit.fit.aic == near(expected["probit_log"]["aic"])
    design = np.column_stack([np.ones_like(sessions), sessions, sessions**2])
    quadratic = binary_regression(design, recovered, np.ones_like(sessions))
    assert quadratic.coefficients == pytest.approx(expected["logit_quadratic"]["coef"], rel=1e-6)
    assert quadratic.aic == near(expected["logit_quadratic"]["aic"])


def test_a_result_decided_by_the_number_alone() -> None:
    with pytest.raises(Separated):
        dose_response([1, 2, 3, 4, 5, 6], [0, 0, 0, 1, 1, 1])


@pytest.mark.parametrize(
    ("sessions", "recovered", "field"),
    [([], [], "sessions"), ([4, 4, 4], [0, 1, 0], "sessions"), ([0, 2, 4], [0, 1, 0], "sessions"),
     ([1, 2, 4], [0, 0, 0], "successes"), ([1, 2, float("nan")], [0, 1, 0], "sessions")],
)  # fmt: skip
def test_input_that_gives_no_curve(sessions: Any, recovered: Any, field: str) -> None:
    with pytest.raises(ClinicalError) as refused:
        dose_response(sessions, recovered)
    assert refused.value.field == field


def test_a_time_before_the_start_is_refused() -> None:
    with pytest.raises(ClinicalError, match="times"):
        kaplan_meier([-1, 2], [1, 0])
    with pytest.raises(ClinicalError, match="causes"):
        cumulative_incidence([1, 2], [1, 3], 2)
    with pytest.raises(ClinicalError, match="groups"):
        log_rank([1, 2], [1, 0], ["a", "a"])


TIME, EVENT, ARM = [1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 0, 1], [1, 0, 1, 1, 0, 0]


@pytest.mark.parametrize(("times", "events", "covariates", "field", "code"), [
    ([], [], [], "times", "too_few"),
    (["soon", *TIME[1:]], EVENT, ARM, "times", "not_a_number"),
    ([float("nan"), *TIME[1:]], EVENT, ARM, "times", "not_a_number"),
    ([-1, *TIME[1:]], EVENT, ARM, "times", "out_of_range"),
    (TIME, EVENT[1:], ARM, "events", "lengths_differ"),
    (TIME, [0] * 6, ARM, "events", "no_spread"),
    (TIME, EVENT, ARM[1:], "covariates", "lengths_differ"),
    (TIME, EVENT, [[1], [0, 1], [1], [1], [0], [0]], "covariates", "not_a_number"),
    (TIME, EVENT, ["x", *ARM[1:]], "covariates", "not_a_number"),
    (TIME, EVENT, [float("nan"), *ARM[1:]], "covariates", "not_a_number"),
    (TIME, EVENT, np.zeros((6, 0)), "covariates", "too_few"),
    (TIME, EVENT, [1] * 6, "covariates", "no_spread"),
    (TIME, EVENT, [[one, 1 - one] for one in ARM], "covariates", "no_spread"),
    (TIME, EVENT, [1, 1, 1, 0, 0, 0], "covariates", "not_converged"),
    (TIME, [1, 1, 1, 0, 0, 0], [1e3, 1e3, 1e3, 0, 0, 0], "covariates", "not_converged"),
    ([1], [1], [1], "covariates", "no_spread"),
])  # fmt: skip
def test_hazards_that_cannot_be_estimated(times: Any, events: Any, covariates: Any, field: str, code: str) -> None:
    with pytest.raises(ClinicalError) as refused:
        cox(times, events, covariates)
    assert (refused.value.field, refused.value.code) == (field, code)
    assert refused.value.remedy
