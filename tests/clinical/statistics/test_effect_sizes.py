"""Effect sizes, range-null tests and missing end scores against metafor, effectsize and mice."""

from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from scipy.stats import t
from tests.clinical.readers import numbers

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.statistics import effect_sizes as es
from rapport.clinical.statistics.missing import baseline_carried, completers, last_carried, rubin
from rapport.clinical.statistics.range_null import beyond_natural, equivalent

EXPECTED = numbers("effects")
TIGHT: Any = {"rel": 1e-10, "abs": 1e-12}


def near(value: object) -> Any:
    return pytest.approx(value, **TIGHT)


@pytest.mark.parametrize("case", EXPECTED["prepost"], ids=lambda case: case["label"])
def test_change_within_a_group(case: dict[str, Any]) -> None:
    higher = case["m_post"] > case["m_pre"]
    group = es.pre_post(case["pre"], case["post"], 1 if higher else -1)
    assert (group.n, group.mean_pre, group.mean_post) == (case["n"], near(case["m_pre"]), near(case["m_post"]))
    assert (group.sd_pre, group.sd_post) == (near(case["sd_pre"]), near(case["sd_post"]))
    assert (group.r, group.sd_diff) == (near(case["r"]), near(case["sd_diff"]))
    assert es.d_pre(group) == near(case["d_pre_sd"])
    assert es.d_av(group) == near(case["d_av"])
    assert es.d_av(group, root_mean_square=True) == near(case["d_avg_rms"])
    assert es.d_z(group) == near(case["d_z"]) == near(case["effectsize_dz"])
    statistic = es.d_z(group) * group.n**0.5
    assert abs(statistic) == near(abs(case["t_paired"]))
    assert 2 * t.sf(abs(statistic), group.n - 1) == pytest.approx(case["p_paired"], rel=1e-8)
    assert es.d_rm(group) == near(case["d_rm"])
    assert es.bias_correction(group.n - 1) == near(case["J_exact_nminus1"])
    assert es.g_pre(group) == near(case["g_pre_sd_exact"]) == near(case["metafor_SMCR"]["yi"])
    assert es.bias_correction(group.n - 1) * es.d_z(group) == near(case["metafor_SMCC"]["yi"])
    assert es.variance_d_z(group) == near(case["metafor_SMCC"]["vi"])
    assert es.variance_equal(group) == near(case["metafor_SMCR"]["vi"])
    assert es.variance_unequal(group) == near(case["metafor_SMCRH"]["vi"])
    assert es.d_z_interval(group) == pytest.approx(case["ci_dz_noncentral"], abs=1e-6)


@pytest.mark.parametrize("case", EXPECTED["prepost"], ids=lambda case: case["label"])
def test_the_mirrored_scale_gives_the_same_effect(case: dict[str, Any]) -> None:
    pre, post = np.array(case["pre"]), np.array(case["post"])
    one, other = es.pre_post(pre, post, -1), es.pre_post(-3 * pre, -3 * post, 1)
    assert es.g_pre(one) == near(es.g_pre(other))
    assert es.variance_unequal(one) == near(es.variance_unequal(other))


def test_two_groups() -> None:
    case = EXPECTED["between"]
    found = es.between_groups(case["x"], case["y"], -1)
    assert (found.d, found.g) == (near(case["cohens_d"]), near(case["hedges_g"]))
    assert (found.g, found.variance) == (near(case["metafor_SMD"]["yi"]), near(case["metafor_SMD"]["vi"]))
    assert found.variance_unbiased == near(case["vi_UB"])


def test_morris_2008_pre_post_control() -> None:
    pre_t, post_t, sd_t, n_t, pre_c, post_c, sd_c, n_c = EXPECTED["morris_ppc2"]["input"]
    treated = es.PrePost(n_t, pre_t, post_t, sd_t, sd_t, 0.5, -1)
    control = es.PrePost(n_c, pre_c, post_c, sd_c, sd_c, 0.5, -1)
    assert es.d_ppc2(treated, control) == near(EXPECTED["morris_ppc2"]["out"]["d"])


@pytest.mark.parametrize("case", EXPECTED["minami"], ids=lambda case: f"d {case['d']}, n {case['n']}")
def test_range_null_tests(case: dict[str, float]) -> None:
    n = int(case["n"])
    found = equivalent(case["d"], n, case["benchmark"], case["margin"])
    natural = beyond_natural(case["d"], n, case["natural"], case["margin"])
    assert found.critical == pytest.approx(case["d_crit_equiv"], abs=1e-8)
    assert found.p == pytest.approx(case["p_equiv"], rel=1e-6)
    assert natural.critical == pytest.approx(case["d_crit_superior_natural"], abs=1e-8)
    assert natural.p == pytest.approx(case["p_superior_natural"], rel=1e-6)


def test_end_scores_that_are_missing() -> None:
    case = EXPECTED["missing"]
    table = np.array([[np.nan if one == "NA" else one for one in row] for row in case["data"]], float)
    assert last_carried(table).tolist() == case["locf"]
    assert baseline_carried(table).tolist() == case["bocf"]
    first, sd = table[:, 0], np.std(table[:, 0], ddof=1)
    assert (first - last_carried(table)).mean() / sd == near(case["locf_d_sdpre_all"])
    assert (first - baseline_carried(table)).mean() / sd == near(case["bocf_d_sdpre_all"])
    whole = completers(table)
    change = whole[:, 0] - whole[:, -1]
    assert change.mean() / np.std(whole[:, 0], ddof=1) == near(case["completer_d"])


def test_rubins_rules() -> None:
    case = EXPECTED["missing"]["rubin"]
    pooled = rubin(case["Q"], case["U"], case["n"] - 1)
    for ours, theirs in {
        "estimate": "qbar", "within": "ubar", "between": "b", "total": "t", "df": "df", "increase": "r", "fmi": "fmi",
    }.items():  # fmt: skip
        assert getattr(pooled, ours) == near(case[theirs])
    assert pooled.interval()[0] < pooled.estimate - NormalDist().inv_cdf(0.975) * pooled.total**0.5


@pytest.mark.parametrize(
    ("pre", "post", "code", "field"),
    [
        ([], [], "too_few", "pre"),
        ([12], [9], "too_few", "pre"),
        ([12, 12, 12], [9, 8, 7], "no_spread", "pre"),
        ([12, float("nan"), 9], [9, 8, 7], "not_a_number", "pre"),
        ([12, 11, 9], [9, "much better", 7], "not_a_number", "post"),
        ([12, 11, 9], [9, 8, 7, 6], "lengths_differ", "pre"),
    ],
)
def test_input_that_gives_no_effect_size(pre: Any, post: Any, code: str, field: str) -> None:
    with pytest.raises(ClinicalError) as refused:
        es.pre_post(pre, post, -1)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_a_direction_is_plus_or_minus_one() -> None:
    with pytest.raises(ClinicalError, match="direction"):
        es.pre_post([1, 2, 3], [2, 3, 5], 0)
