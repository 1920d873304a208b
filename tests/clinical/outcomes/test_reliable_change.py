"""Six methods against independent software, and the edges."""

from typing import Any

import numpy as np
import pytest
from tests.clinical.readers import numbers

from rapport.clinical.measures.norms import Direction, Norms
from rapport.clinical.outcomes.cut_offs import (
    ChangeClass,
    CutOffKind,
    choose_cut,
    classify,
    cut_a,
    cut_b,
    cut_c,
    true_score_cut,
    true_score_test,
)
from rapport.clinical.outcomes.reliable_change import (
    Method,
    NotDefined,
    Reference,
    change_index,
    critical_value,
    least_reliable_change,
    reference_of,
    whole_points,
)

CASES = numbers("reliable_change")["cases"]
COMBINATIONS = [(number, name) for number, case in enumerate(CASES) for name in case["results"]]


def sample(case: dict[str, Any]) -> Reference:
    return reference_of(case["pre"], case["post"], case["reliability"], case["reliability_post"])


@pytest.mark.parametrize(("number", "name"), COMBINATIONS)
def test_every_person_by_every_method(number: int, name: str) -> None:
    case = CASES[number]
    expected = case["results"][name]
    reference, direction = sample(case), Direction(case["better_is"])
    method, kind = Method(expected["method"]), CutOffKind(expected["cutoff_type"])
    norms = case["m_functional"], case["sd_functional"]
    index = change_index(case["pre"], case["post"], reference, method)
    crossed = None
    assert reference.mean is not None
    if method is Method.HAGEMAN_ARRINDELL:
        cut = true_score_cut(reference, *norms, kind, direction)
        crossed = direction.sign * true_score_test(case["post"], cut, reference) > critical_value(method)
    elif kind is CutOffKind.A:
        cut = cut_a(reference.mean, reference.sd, direction)
    else:
        cut = cut_c(reference.mean, reference.sd, *norms)
    classes = classify(
        case["pre"], case["post"], index, cut=cut, critical=critical_value(method), direction=direction, crossed=crossed
    )
    np.testing.assert_allclose(index, expected["rci"], atol=1e-9)
    assert cut == pytest.approx(expected["cutoff"], abs=1e-9)
    assert [one.value for one in classes] == [category.lower() for category in expected["category"]]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["instrument"])
def test_errors_thresholds_and_cut_b_as_published(case: dict[str, Any]) -> None:
    reference, direction = sample(case), Direction(case["better_is"])
    assert reference.sem == pytest.approx(case["sem"])
    assert reference.s_diff == pytest.approx(case["s_diff"])
    assert least_reliable_change(reference) == pytest.approx(case["rc_threshold_95"])
    # The functional SD, as in the paper; one R package uses the clinical SD here.
    assert cut_b(case["m_functional"], case["sd_functional"], direction) == pytest.approx(case["cutoff_b_JT1991"])


@pytest.mark.parametrize("row", numbers("instruments")["rows"], ids=lambda row: f"{row['instrument']} {row['scale']}")
def test_published_instruments(row: dict[str, Any]) -> None:
    reference = Reference(row["rel"], row["sd_clin"])
    change = least_reliable_change(reference, row["conf"])
    assert (reference.sem, reference.s_diff, change) == pytest.approx((row["sem"], row["sdiff"], row["rc"]))
    assert whole_points(change) == row["rc_integer"]
    if row["cutoff_c"] is not None:
        assert cut_c(row["m_clin"], row["sd_clin"], row["m_norm"], row["sd_norm"]) == pytest.approx(row["cutoff_c"])


def test_six_points_are_not_reliable_with_the_retest_of_48_hours() -> None:
    reference = Reference(0.84, 5.8)
    assert reference.sem == pytest.approx(2.32)
    assert round(reference.s_diff, 2) == 3.28
    assert round(least_reliable_change(reference), 2) == 6.43
    assert round(cut_c(15.4, 5.5, 3.3, 3.8), 2) == 8.24


def test_groups_change_makes_somebody_who_got_worse_improve() -> None:
    """Why HLL and HA are not for individuals: a fall of 8 points of well-being comes out positive."""
    case = CASES[1]
    index = change_index(case["pre"], case["post"], sample(case), Method.HAGEMAN_ARRINDELL)
    assert case["post"][0] - case["pre"][0] == -8
    assert float(index[0]) == pytest.approx(0.145820, abs=1e-6)


@pytest.mark.parametrize(("reliability", "sd"), [(1.0, 5.0), (0.8, 0.0)])
def test_without_error_or_spread_there_is_no_index(reliability: float, sd: float) -> None:
    with pytest.raises(NotDefined):
        Reference(reliability, sd)


@pytest.mark.parametrize("method", [one for one in Method if one is not Method.JACOBSON_TRUAX])
def test_other_methods_say_what_they_lack(method: Method) -> None:
    with pytest.raises(NotDefined):
        change_index(20, 10, Reference(0.8, 5.0), method)


def test_a_missing_score_is_not_classifiable() -> None:
    index = change_index([20, np.nan], [np.nan, 5], Reference(0.8, 5.0))
    classes = classify([20, np.nan], [np.nan, 5], index, cut=10, critical=1.96, direction=Direction.LOWER)
    assert set(classes) == {ChangeClass.NOT_CLASSIFIABLE}


def test_a_cut_off_outside_the_scale_is_not_used() -> None:
    assert choose_cut(Norms(0, 27, Direction.LOWER, clinical_mean=12.4375, clinical_sd=7.53630103786555)) is None


def test_which_cut_off_the_norms_allow() -> None:
    clinical = {"clinical_mean": 17.1, "clinical_sd": 6.1}
    functional = {"functional_mean": 2.91, "functional_sd": 3.52}
    assert choose_cut(Norms(0, 27, Direction.LOWER)) is None
    assert choose_cut(Norms(0, 27, Direction.LOWER, cut=10, **clinical)) == (CutOffKind.GIVEN, 10)
    found = [
        choose_cut(Norms(0, 27, Direction.LOWER, **known)) for known in (clinical, functional, clinical | functional)
    ]
    assert [one[0].value for one in found if one] == ["a", "b", "c"]
    assert [one[1] for one in found if one] == pytest.approx([4.9, 9.95, 8.10218295218295])
