"""Six methods against independent software, and the edges."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tests.clinical.readers import numbers

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.measures.norms import Direction, Norms
from rapport.clinical.outcomes.cut_offs import (
    ChangeClass,
    CutOffKind,
    choose_cut,
    classify,
    clinical_reference,
    count_classes,
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
    true_share,
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


@pytest.mark.parametrize(
    ("ask", "field"),
    [
        (lambda: Reference(0.0, 5), "reliability"),
        (lambda: Reference(1.01, 5), "reliability"),
        (lambda: Reference(0.8, -1), "sd"),
        (lambda: Reference(1.0, 5), "sd"),
        (lambda: Reference(0.8, 0), "sd"),
        (lambda: Reference(0.8, 5).need("mean"), "mean"),
        (lambda: critical_value(confidence=0), "confidence"),
        (lambda: critical_value(confidence=1), "confidence"),
        (lambda: true_share(2.0, 2.0), "sd"),
        (lambda: clinical_reference(Norms(0, 52, Direction.LOWER, clinical_sd=5)), "reliability"),
        (lambda: clinical_reference(Norms(0, 52, Direction.LOWER, reliability=0.8)), "clinical_sd"),
        # people whose differences are nothing but error: the same spread, correlated as highly as the test is reliable
        (
            lambda: change_index(20, 10, Reference(0.8, 5, 20, None, 15, 5, 0.8), Method.HAGEMAN_ARRINDELL),
            "correlation",
        ),
        (
            lambda: change_index(20, 10, Reference(0.8, 5, 20, None, 15, 5, 1.0), Method.HAGEMAN_ARRINDELL),
            "correlation",
        ),
    ],
)
def test_what_cannot_be_computed_names_what_is_wrong(ask: Callable[[], object], field: str) -> None:
    with pytest.raises(ClinicalError) as refused:
        ask()
    assert refused.value.field == field


def test_a_scale_of_hundredths_is_read_like_one_of_points() -> None:
    points = change_index(20, 10, Reference(0.8, 5, 20, None, 15, 6, 0.5), Method.HAGEMAN_ARRINDELL)
    parts = change_index(0.20, 0.10, Reference(0.8, 0.05, 0.20, None, 0.15, 0.06, 0.5), Method.HAGEMAN_ARRINDELL)
    assert parts == pytest.approx(points)


def test_norms_give_the_reference_of_people_before_treatment() -> None:
    norms = Norms(0, 52, Direction.LOWER, 0.8, 20, 7, 8, 5)
    assert clinical_reference(norms) == Reference(0.8, 7, 20)


@pytest.mark.parametrize("direction", list(Direction))
def test_one_is_on_neither_side_of_a_cut_off_and_not_beyond_a_critical_value(direction: Direction) -> None:
    """Jacobson & Truax 1991: reliable is more than 1.96, and crossing is from one side to the other."""
    sign = direction.sign
    before, after = (
        [0, 0, -1, -1, -1, 1, 1],
        [9, 9, 0, 9, 9, -9, -9],
    )
    index = [1.96, 2.0, 2.0, 2.0, 1.96, -2.0, -1.96]
    found = classify(
        [sign * one for one in before], [sign * one for one in after], [sign * one for one in index],
        cut=0, critical=1.96, direction=direction,
    )  # fmt: skip
    assert [one.value for one in found] == [
        "unchanged", "improved", "improved", "recovered", "unchanged", "harmed", "unchanged",
    ]  # fmt: skip
    counts = count_classes(found)
    assert ChangeClass.HARMED not in counts
    assert (counts[ChangeClass.DETERIORATED], counts[ChangeClass.NOT_CLASSIFIABLE]) == (1, 0)


@pytest.mark.parametrize("cut", [0.0, 27.0])
def test_a_cut_off_at_the_end_of_the_scale_is_still_on_it(cut: float) -> None:
    spread = (
        {"clinical_mean": 20.0, "clinical_sd": 10.0} if cut == 0 else {"functional_mean": 7.0, "functional_sd": 10.0}
    )
    found = choose_cut(Norms(0, 27, Direction.LOWER, **spread))
    assert found is not None
    assert found[1] == cut


@pytest.mark.parametrize("lacking", ["clinical_mean", "clinical_sd", "functional_mean", "functional_sd"])
def test_half_a_norm_is_none(lacking: str) -> None:
    known = {"clinical_mean": 17.1, "clinical_sd": 6.1, "functional_mean": 2.91, "functional_sd": 3.52}
    found = choose_cut(Norms(0, 27, Direction.LOWER, **{k: v for k, v in known.items() if k != lacking}))
    assert found is not None
    assert found[0] is (CutOffKind.B if lacking.startswith("clinical") else CutOffKind.A)
    alone = {k: v for k, v in known.items() if k == lacking}
    assert choose_cut(Norms(0, 27, Direction.LOWER, **alone)) is None


def test_cut_b_of_true_scores_is_two_true_spreads_from_the_functional_mean() -> None:
    reference = Reference(0.8, 5, 20)
    spread = math.sqrt(4**2 - reference.sem**2)
    assert true_score_cut(reference, 8, 4, CutOffKind.B, Direction.LOWER) == pytest.approx(8 + 2 * spread)


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
