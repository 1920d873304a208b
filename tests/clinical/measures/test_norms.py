"""Norms entered by hand."""

import math
from typing import Any

import pytest

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.measures.norms import CustomMeasure, Direction, Norms


@pytest.mark.parametrize(
    ("field", "known"),
    [
        ("high", {"low": 10, "high": 10}),
        ("reliability", {"reliability": 0}),
        ("reliability", {"reliability": 1.2}),
        ("clinical_sd", {"clinical_sd": 0}),
        ("functional_sd", {"functional_sd": -1}),
        ("clinical_mean", {"clinical_mean": 53}),
        ("cut", {"cut": -1}),
        ("functional_mean", {"functional_mean": math.nan}),
    ],
)
def test_impossible_norms_name_their_field(field: str, known: dict[str, Any]) -> None:
    with pytest.raises(ClinicalError) as refused:
        Norms(**({"low": 0, "high": 52, "direction": Direction.LOWER} | known))
    assert refused.value.field == field


@pytest.mark.parametrize("field", ["low", "high", "reliability", "clinical_sd", "cut"])
def test_what_is_no_number_is_refused_by_its_field(field: str) -> None:
    with pytest.raises(ClinicalError) as refused:
        Norms(**({"low": 0, "high": 52, "direction": Direction.LOWER} | {field: math.inf}))
    assert refused.value.field == field


def test_the_ends_of_the_scale_and_a_perfect_reliability_are_norms() -> None:
    norms = Norms(0, 52, Direction.LOWER, reliability=1, clinical_mean=52, functional_mean=0, cut=52)
    assert (norms.reliability, norms.clinical_mean, norms.functional_mean) == (1, 52, 0)


def test_a_measure_has_a_name() -> None:
    with pytest.raises(ClinicalError):
        CustomMeasure("x", " ", Norms(0, 1, Direction.LOWER))
