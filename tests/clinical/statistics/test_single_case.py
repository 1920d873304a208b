"""Single-case indices against SingleCaseES and scan, and what they must never do."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.clinical.readers import numbers

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.statistics.single_case.baseline_corrected import baseline_corrected_tau
from rapport.clinical.statistics.single_case.mean_difference import log_response_ratio, smd_baseline, smd_pooled
from rapport.clinical.statistics.single_case.overlap import nonoverlap, tau
from rapport.clinical.statistics.single_case.percentages import improvement_rate_difference, pand, pem, pnd
from rapport.clinical.statistics.single_case.phases import NoSpread, Phases, TooFewScores
from rapport.clinical.statistics.single_case.piecewise import design, piecewise
from rapport.clinical.statistics.single_case.tau_u import tau_u

CASES = numbers("single_case")["cases"]
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])


def phases(case: dict[str, Any]) -> Phases:
    return Phases.of(case["A"], case["B"], case["improvement"])


@each_case
def test_overlap(case: dict[str, Any]) -> None:
    expected = case["SingleCaseES"]
    for found, name in (
        (nonoverlap(phases(case)), "NAP"),
        (nonoverlap(phases(case), hanley=True), "NAP_se_hanley"),
        (tau(phases(case)), "Tau"),
        (baseline_corrected_tau(phases(case), trend_below=1), "Tau_BC"),
    ):
        there = expected[name]
        assert (found.value, found.se) == pytest.approx((there["Est"], there["SE"]))
        if abs(there["Est"]) < 1:
            # The package looks for the roots with R's default tolerance; ours are exact to 1e-12.
            assert found.interval == pytest.approx((there["CI_lower"], there["CI_upper"]), abs=3e-5)


@each_case
def test_at_the_edge_the_interval_is_newcombes_and_no_point(case: dict[str, Any]) -> None:
    """The package gives [1, 1] where every pair is won; the equation has a second root, and 13 scores prove little."""
    found = nonoverlap(phases(case))
    there = case["SingleCaseES"]["NAP"]
    assert found.interval is not None
    low, high = found.interval
    assert low < high
    if there["Est"] == 1:
        assert (there["CI_lower"], there["CI_upper"], high) == (1, 1, 1)
        assert 0.4 < low < 0.8


@each_case
def test_tau_u_by_two_packages(case: dict[str, Any]) -> None:
    found = tau_u(phases(case))
    sign = 1 if case["improvement"] == "increase" else -1
    rows = {row["model"]: row for row in case["scan"]["tau_u_parker"]}
    assert found.value == pytest.approx(case["SingleCaseES"]["Tau_U"]["Est"])
    assert found.value == pytest.approx(sign * rows["A vs. B - Trend A"]["Tau"])
    s = {
        "A vs. B": found.s_between,
        "Trend A": found.s_before,
        "Trend B": found.s_after,
        "A vs. B - Trend A": found.s_between - found.s_before,
        "A vs. B + Trend B": found.s_between + found.s_after,
        "A vs. B + Trend B - Trend A": found.s_between + found.s_after - found.s_before,
    }
    assert {name: sign * row["S"] for name, row in rows.items()} == s
    row = rows["A vs. B - Trend A"]
    assert (found.s_sd, sign * found.z, found.p) == pytest.approx((row["SD_S"], row["Z"], row["p"]))


@each_case
def test_the_complete_variant_is_another_statistic(case: dict[str, Any]) -> None:
    """Same S, another denominator: the reason why ours is named after its paper."""
    found = tau_u(phases(case))
    sign = 1 if case["improvement"] == "increase" else -1
    other = {row["model"]: row for row in case["scan"]["tau_u_complete"]}["A vs. B - Trend A"]
    assert sign * other["S"] == found.s_between - found.s_before
    assert sign * other["S"] / other["D"] == pytest.approx(sign * other["Tau"])
    assert abs(other["Tau"]) < abs(found.value)


@each_case
def test_percentages(case: dict[str, Any]) -> None:
    expected = case["SingleCaseES"]
    found = {
        "PND": pnd(phases(case)),
        "PEM": pem(phases(case)),
        "PAND": pand(phases(case)),
        "IRD": improvement_rate_difference(phases(case)),
    }
    for name, effect in found.items():
        assert effect.value == pytest.approx(expected[name]["Est"])
    assert 100 * found["PND"].value == pytest.approx(case["scan"]["pnd"])
    assert 100 * nonoverlap(phases(case)).value == pytest.approx(case["scan"]["nap"]["NAP"])


@each_case
def test_means(case: dict[str, Any]) -> None:
    expected, ratio = case["SingleCaseES"], log_response_ratio(phases(case))
    for found, name in ((smd_baseline(phases(case)), "SMD_baseline"), (smd_pooled(phases(case)), "SMD_pool")):
        there = expected[name]
        assert (found.value, found.se) == pytest.approx((there["Est"], there["SE"]))
        assert found.interval == pytest.approx((there["CI_lower"], there["CI_upper"]))
    there = expected["LRRd"]  # counts a fall as positive or negative by the scale; ours counts improvement
    assert (-ratio.value, ratio.se) == pytest.approx((there["Est"], there["SE"]))
    assert ratio.interval == pytest.approx((-there["CI_upper"], -there["CI_lower"]))


@each_case
def test_piecewise(case: dict[str, Any]) -> None:
    found, expected = piecewise(phases(case)), case["scan"]["plm"]
    assert found.r2 == pytest.approx(expected["r2"])
    for term, there in zip(found.terms, expected["coef"], strict=True):
        assert (term.value, term.se) == pytest.approx((there["V1"], there["V2"]), abs=1e-9)
        assert (term.t, term.p) == pytest.approx((there["V3"], there["V4"]), rel=1e-6, abs=1e-9)


def test_errors_that_follow_each_other_as_by_nlme() -> None:
    """R nlme 3.1, gls with corAR1, REML."""
    found = piecewise(phases(CASES[2]), follow_each_other=True)
    assert found.rho == pytest.approx(-0.3025847795, abs=1e-5)
    assert [term.value for term in found.terms] == pytest.approx(
        [30.9929201336, 0.1577541134, 1.9249055840, 3.0752839218], rel=1e-5
    )
    assert [term.se for term in found.terms] == pytest.approx(
        [1.8318953827, 0.6158549152, 2.8544248404, 0.6572353388], rel=1e-5
    )


def test_errors_that_follow_each_other_are_weighted_as_by_the_whole_covariance() -> None:
    """A second route: the dense covariance matrix ρ^|i−j| with the ρ that was found."""
    chance = np.random.default_rng(11)
    error = np.zeros(40)
    for i in range(1, 40):
        error[i] = 0.6 * error[i - 1] + chance.normal()
    scores = 20 + error - np.where(np.arange(40) >= 15, 4, 0)
    found = piecewise(Phases.of(scores[:15].tolist(), scores[15:].tolist(), "decrease"), follow_each_other=True)
    times = np.arange(40, dtype=float)
    inverse = np.linalg.inv(found.rho ** np.abs(times[:, np.newaxis] - times))
    x = design(times, 15)
    beta = np.linalg.solve(x.T @ inverse @ x, x.T @ inverse @ scores)
    assert 0.1 < found.rho < 0.9
    assert [term.value for term in found.terms] == pytest.approx(beta.tolist())


def test_every_index_has_its_card() -> None:
    case = phases(CASES[2])
    effects = [nonoverlap(case), tau(case), tau_u(case).effect, pnd(case), smd_baseline(case), log_response_ratio(case)]
    assert all(effect.card().not_meaning and effect.card().source for effect in effects)
    assert piecewise(case).card(2).name == "Change of level"


def test_refusals_are_typed() -> None:
    flat = Phases.of([5, 5, 5], [5, 5, 5], "decrease")
    for refused in (smd_baseline, smd_pooled, piecewise):
        with pytest.raises(NoSpread):
            refused(flat)
    with pytest.raises(TooFewScores):
        Phases.of([5, 5], [5, 5], "decrease")
    with pytest.raises(TooFewScores):
        Phases.of([], [], "decrease")
    with pytest.raises(ClinicalError, match="before"):
        Phases.of([5, float("nan"), 5], [5, 5], "decrease")
    with pytest.raises(ClinicalError, match="times"):
        piecewise(phases(CASES[0]), times=[1, 1, 2])
    with pytest.raises(ClinicalError, match="before"):
        log_response_ratio(Phases.of([0, 0, 0], [1, 2], "decrease"))


SCORES = st.lists(st.integers(0, 27), min_size=3, max_size=8)
INDICES = (nonoverlap, tau, pnd, pem, pand, improvement_rate_difference)


@given(SCORES, SCORES)
def test_direction_is_symmetric(before: list[int], after: list[int]) -> None:
    up = Phases.of(before, after, "increase")
    down = Phases.of([27 - one for one in before], [27 - one for one in after], "decrease")
    for index in INDICES:
        assert index(up).value == pytest.approx(index(down).value)
    assert tau_u(up).value == pytest.approx(tau_u(down).value)


@given(SCORES, SCORES, st.sampled_from([0.5, 2.0, 4.0]), st.integers(-9, 9))
def test_only_the_order_of_scores_counts(before: list[int], after: list[int], by: float, shift: int) -> None:
    plain = Phases.of(before, after, "increase")
    scaled = Phases.of([by * one + shift for one in before], [by * one + shift for one in after], "increase")
    for index in (*INDICES, baseline_corrected_tau):
        assert index(plain).value == pytest.approx(index(scaled).value)
    assert tau_u(plain).value == pytest.approx(tau_u(scaled).value)


@given(SCORES, SCORES)
def test_improvement_and_worsening_mirror_each_other(before: list[int], after: list[int]) -> None:
    up, down = Phases.of(before, after, "increase"), Phases.of(before, after, "decrease")
    assert nonoverlap(up).value == pytest.approx(1 - nonoverlap(down).value)
    low, high = nonoverlap(up).interval or (0, 1)
    assert 0 <= low <= nonoverlap(up).value <= high <= 1
