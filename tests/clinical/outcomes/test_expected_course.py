"""The growth line against lme4 and base R."""

from collections.abc import Callable
from dataclasses import replace
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from tests.clinical.readers import numbers, rows

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.outcomes.expected_course import (
    K80_ONE_SIDED,
    Forecast,
    GrowthModel,
    course_band,
    draw_course,
    forecast,
    log_likelihood,
    update,
)
from rapport.clinical.outcomes.growth_prior import (
    GAD7_MOMENTS,
    PHQ9_MOMENTS,
    ClientScores,
    Moments,
    learn_beta,
    learned_line,
    pool_variances,
    prior_from_moments,
)

EXPECTED = numbers("expected_course")
PARAMS = EXPECTED["params"]


def pairs(matrix: list[list[float]]) -> tuple[tuple[float, float], tuple[float, float]]:
    (a, b), (c, d) = matrix
    return (a, b), (c, d)


MODEL = GrowthModel(
    tuple(PARAMS["beta"].values()),
    pairs(PARAMS["D"]),
    PARAMS["sigma2"],
    tuple(tuple(row) for row in PARAMS["beta_vcov"]),
)


@pytest.mark.parametrize("band", EXPECTED["bands"], ids=lambda band: f"{band['base']} at {band['session']}")
def test_bands(band: dict[str, float]) -> None:
    found = course_band(MODEL, band["session"], band["base"])
    assert found.expected == pytest.approx(band["expected"])
    assert found.sd == pytest.approx(band["sd_individual_with_beta_uncertainty"])
    assert (found.low80, found.high80) == pytest.approx((band["lower80_two_sided"], band["upper80_two_sided"]))
    assert found.high68 == pytest.approx(band["upper68_two_sided"])
    assert found.bound(K80_ONE_SIDED) == pytest.approx(band["upper_one_sided80"])
    plug_in = course_band(replace(MODEL, beta_cov=None), band["session"], band["base"])
    assert plug_in.sd == pytest.approx(band["sd_individual_plugin"])


@pytest.mark.parametrize("case", EXPECTED["bayes_update"], ids=str)
def test_one_persons_update_and_forecast(case: dict[str, Any]) -> None:
    sessions, scores, futures = (np.atleast_1d(case[name]).tolist() for name in ("sessions", "y", "future_session"))
    posterior = update(MODEL, sessions, scores, case["base"])
    np.testing.assert_allclose(posterior.mean, case["post_mean"], rtol=1e-8)
    np.testing.assert_allclose(posterior.cov, case["post_cov"], rtol=1e-8)
    ahead = [forecast(MODEL, posterior, session, case["base"]) for session in futures]
    for name, values in (
        ("pred_mean", [one.mean for one in ahead]),
        ("pred_sd_true_score", [one.sd_true for one in ahead]),
        ("pred_sd_observed", [one.sd_observed for one in ahead]),
        ("p_observed_below_10", [one.probability_below(10) for one in ahead]),
        ("p_true_below_10", [one.true_below(10) for one in ahead]),
        ("logml", [log_likelihood(MODEL, sessions, scores, case["base"])]),
    ):
        assert values == pytest.approx(np.atleast_1d(case[name]).tolist(), rel=1e-7)


def test_who_leaves_the_band_in_the_whole_file() -> None:
    red = yellow = seen = 0
    clients = set()
    for row in rows("growth_courses"):
        if int(row["session"]) >= 2:
            band, score = course_band(MODEL, int(row["session"]), float(row["base"])), float(row["y"])
            seen += 1
            red += score > band.high80
            yellow += band.high68 < score <= band.high80
            clients |= {row["id"]} if score > band.high80 else set()
    flags = EXPECTED["alarm_flags"]
    assert (seen, red, yellow, len(clients)) == (
        flags["n_rows_session_ge2"],
        flags["n_red_rows"],
        flags["n_yellow_rows"],
        flags["clients_ever_red"],
    )


@pytest.mark.parametrize("case", EXPECTED["cold_start_moment_match"], ids=lambda case: str(case["input"]["Mpre"]))
def test_cold_start_from_moments(case: dict[str, Any]) -> None:
    given = case["input"]
    line = prior_from_moments(Moments(*(given[name] for name in ("Mpre", "Spre", "Mpost", "Spost", "r", "rel", "T"))))
    assert line.beta == pytest.approx((case["beta0"], case["beta1"]))
    assert (line.d[0][0], line.d[0][1], line.d[1][1]) == pytest.approx((case["D11"], case["D12"], case["D22"]))
    assert line.sigma2 == pytest.approx(case["sigma2"])


def test_a_prior_that_is_no_covariance_is_projected() -> None:
    line = prior_from_moments(Moments(15, 6, 9, 5, 0.99, 0.84, 8))
    assert np.linalg.eigvalsh(np.array(line.d)).min() > 0


def test_learning_beta() -> None:
    case = EXPECTED["beta_conjugate"]
    courses: dict[int, list[tuple[float, float]]] = {int(one): [] for one in case["ids"]}
    for row in rows("growth_courses"):
        if int(row["id"]) in courses:
            courses[int(row["id"])].append((float(row["session"]), float(row["y"])))
    clients = [ClientScores(*(tuple(part) for part in zip(*course, strict=True))) for course in courses.values()]
    learned = learn_beta(case["prior_mean"], case["prior_cov"], pairs(case["D"]), case["sigma2"], clients)
    assert learned.mean == pytest.approx(case["post_mean"])
    np.testing.assert_allclose(learned.cov, case["post_cov"], rtol=1e-8)


def test_variances_are_weighted_by_pseudo_clients() -> None:
    prior = prior_from_moments(PHQ9_MOMENTS)
    d, sigma2 = pool_variances(prior, prior.d, prior.sigma2 + 1, n=30)
    assert d[0] == pytest.approx(prior.d[0])
    assert sigma2 == pytest.approx(prior.sigma2 + 0.5)


def test_the_line_of_the_second_rung_lies_between_the_prior_and_the_practice() -> None:
    prior = prior_from_moments(PHQ9_MOMENTS)
    own = GrowthModel((12.0, -4.0), ((20.0, -3.0), (-3.0, 5.0)), 9.0)
    clients = [ClientScores((1, 2, 4, 8), (12, 9.2, 6.5, 3.7))] * 60
    learned = learned_line(prior, clients, own)
    assert own.beta[0] < learned.beta[0] < prior.beta[0]
    assert own.beta[1] < learned.beta[1] < prior.beta[1]
    assert learned.sigma2 == pytest.approx((30 * prior.sigma2 + 60 * own.sigma2) / 90)
    assert learned.beta_cov is not None
    assert "60 own clients" in learned.source
    with pytest.raises(ClinicalError, match="prior"):
        learned_line(MODEL, clients)


def test_shipped_priors_say_that_they_are_assumed() -> None:
    assert not any(prior_from_moments(moments).verified for moments in (PHQ9_MOMENTS, GAD7_MOMENTS))


def test_nothing_known_of_a_person_is_the_prior() -> None:
    posterior = update(MODEL, [], [], 0.0)
    assert posterior.mean == (0.0, 0.0)
    np.testing.assert_allclose(posterior.cov, MODEL.d)


def test_drawn_courses_have_the_models_mean() -> None:
    line = prior_from_moments(PHQ9_MOMENTS)
    drawn = np.array([draw_course(line, [1, 8], seed=seed, low=-200, high=200) for seed in range(2000)])
    np.testing.assert_allclose(drawn.mean(axis=0), [15.0, 9.2], atol=0.5)
    assert draw_course(line, [1, 2, 3], seed=3, low=0, high=27) == draw_course(line, [1, 2, 3], seed=3, low=0, high=27)


@pytest.mark.parametrize(
    ("ask", "field"),
    [
        (lambda: GrowthModel((1.0, 2.0, 3.0), ((1, 0), (0, 1)), 1), "beta"),
        (lambda: GrowthModel((1.0, 2.0), ((1, 0), (0, 1)), 0), "d"),
        (lambda: GrowthModel((1.0, 2.0), ((0, 0), (0, 0)), 1), "d"),
        (lambda: GrowthModel((1.0, 2.0), ((1, 2), (2, 1)), 1), "d"),
        (lambda: replace(MODEL, intake_sd=0), "intake_sd"),
        (lambda: MODEL.fixed_row(0.99, 0.0), "session"),
        (lambda: MODEL.fixed_row(1, None), "intake"),
        (lambda: update(MODEL, [1], [], 0.0), "scores"),
    ],
)
def test_an_impossible_line_names_what_is_wrong(ask: Callable[[], object], field: str) -> None:
    with pytest.raises(ClinicalError) as refused:
        ask()
    assert refused.value.field == field


def test_the_first_session_is_where_a_line_begins() -> None:
    assert MODEL.fixed_row(1, 2.0).tolist() == [1, 0, 2, 0]
    standard = replace(MODEL, intake_mean=15.0, intake_sd=5.0)
    assert standard.intake_of(20) == 1
    assert prior_from_moments(PHQ9_MOMENTS).intake_of(20) is None
    assert GrowthModel((15, -2), ((1, 0), (0, 1)), 1).intake_sd == 1


def test_a_chance_on_parts_of_a_point_needs_no_correction() -> None:
    ahead = Forecast(8, 12.0, 2.0, 4.0)
    assert ahead.probability_below(12, whole_scores=False) == pytest.approx(0.5)
    assert ahead.probability_above(12, whole_scores=False) == pytest.approx(0.5)
    assert ahead.probability_above(12) == pytest.approx(1 - NormalDist(12, 4).cdf(12.5))
    assert ahead.true_below(14) == pytest.approx(NormalDist(12, 2).cdf(14))


def test_an_invented_person_stays_on_the_scale() -> None:
    line = GrowthModel((15, -2), ((400, 0), (0, 400)), 400)
    drawn = [score for seed in range(20) for score in draw_course(line, [1, 2, 8], seed=seed, low=3, high=24)]
    assert (min(drawn), max(drawn)) == (3, 24)
    assert draw_course(MODEL, [1, 2], seed=1, low=0, high=27, intake=5.0) != draw_course(
        MODEL, [1, 2], seed=1, low=0, high=27, intake=-5.0
    )


def test_refusals_are_typed() -> None:
    with pytest.raises(ClinicalError):
        course_band(MODEL, 0, 0.0)
    with pytest.raises(ClinicalError):
        course_band(MODEL, 2)
    with pytest.raises(ClinicalError):
        GrowthModel((1.0,), ((1, 0), (0, 1)), 1)
    with pytest.raises(ClinicalError):
        update(MODEL, [1], [], 0.0)
