"""Funnels against base R."""

from typing import Any

import pytest
from tests.clinical.readers import numbers

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.statistics.funnel import (
    Flag,
    binomial_limit,
    funnel,
    overdispersion,
    poisson_limit,
    widened_limit,
)

EXPECTED = numbers("effects")
TAILS = {"lo998": 0.001, "lo95": 0.025, "hi95": 0.975, "hi998": 0.999}
UNITS = EXPECTED["therapist_funnel"]


def near(value: object) -> Any:
    return pytest.approx(value, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("case", EXPECTED["funnel_binomial"] + EXPECTED["funnel_binomial_p08"], ids=str)
def test_limits_of_a_share(case: dict[str, float]) -> None:
    for name, tail in TAILS.items():
        assert float(binomial_limit(case["n"], case["p0"], tail)) == near(case[name])
        if f"{name}_mid" in case:
            assert float(binomial_limit(case["n"], case["p0"], tail, mid_p=True)) == near(case[f"{name}_mid"])
    if "approx_lo95" in case:  # the reference takes 1.96 for 1.959964
        low, high = (float(widened_limit(case["n"], case["p0"], tail, 0)) for tail in (0.025, 0.975))
        assert (low, high) == pytest.approx((case["approx_lo95"], case["approx_hi95"]), rel=1e-5)


@pytest.mark.parametrize("case", EXPECTED["funnel_poisson_SMR"], ids=lambda case: f"E {case['expected']}")
def test_limits_of_observed_over_expected(case: dict[str, float]) -> None:
    for name, tail in TAILS.items():
        assert float(poisson_limit(case["expected"], tail)) == near(case[name])


def test_flags_are_decided_by_exact_tails() -> None:
    table = UNITS["table"]
    found = funnel([row["recovered"] for row in table], [row["n"] for row in table], UNITS["p0"])
    for unit, row in zip(found, table, strict=True):
        assert unit.flag.value == row["flag_exact"]
        assert (unit.p_low, unit.p_high) == (near(row["p_low"]), near(row["p_high"]))
        assert (unit.share, unit.z) == (near(row["p"]), near(row["z"]))
        for name, tail in TAILS.items():
            assert float(binomial_limit(row["n"], UNITS["p0"], tail)) == near(row[name])


def test_units_differ_by_more_than_chance() -> None:
    table = UNITS["table"]
    found = overdispersion([row["recovered"] for row in table], [row["n"] for row in table], UNITS["p0"])
    assert (found.phi, found.phi_raw) == (near(UNITS["phi_winsor"]), near(UNITS["phi_raw"]))
    assert found.tau2 == near(UNITS["tau2_additive"])
    assert overdispersion([10, 11, 9, 10], [20, 20, 20, 20], 0.5).tau2 == 0


def test_a_unit_of_nine_is_shown_and_never_flagged() -> None:
    assert funnel([9], [9], 0.1)[0].flag is Flag.TOO_SMALL
    assert funnel([10], [10], 0.1)[0].flag is Flag.HIGH_ALARM


@pytest.mark.parametrize(("counts", "sizes", "target", "field"), [
    ([5], [4], 0.5, "counts"), ([1], [0], 0.5, "counts"), ([1], [4], 1.0, "target"), ([], [], 0.5, "counts"),
    ([1, 2], [4], 0.5, "counts"), ([float("nan")], [4], 0.5, "counts"),
])  # fmt: skip
def test_input_that_makes_no_funnel(counts: Any, sizes: Any, target: float, field: str) -> None:
    with pytest.raises(ClinicalError) as refused:
        funnel(counts, sizes, target)
    assert refused.value.field == field
