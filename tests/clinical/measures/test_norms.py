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


def test_a_measure_has_a_name() -> None:
    with pytest.raises(ClinicalError):
        CustomMeasure("x", " ", Norms(0, 1, Direction.LOWER))
