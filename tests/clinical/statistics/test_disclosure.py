"""k, l, t against pandas and pycanon; small numbers that nobody can work out."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.clinical.readers import numbers, rows

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.outcomes.nhs_talking_therapies import publishable_count
from rapport.clinical.statistics.disclosure import (
    anonymity,
    classes_of,
    hide_small,
    hide_with_total,
    keep_classes,
)

EXPECTED = numbers("disclosure")
WANTED = EXPECTED["expected"]
ROWS = rows("disclosure")
QUASI = [np.array([row[name] for row in ROWS]) for name in EXPECTED["quasi_identifiers"]]
SENSITIVE = np.array([row[EXPECTED["sensitive"]] for row in ROWS])


def test_before_suppression() -> None:
    found = anonymity(QUASI, SENSITIVE)
    assert (found.classes, found.k, found.diversity) == (WANTED["classes"], WANTED["k"], WANTED["l_distinct"])
    assert (found.k, found.diversity) == (WANTED["pycanon_k"], WANTED["pycanon_l"])
    assert found.closeness == pytest.approx(WANTED["pycanon_t"])
    assert anonymity(QUASI[:2]).k == WANTED["k_age_gender"]
    assert anonymity(QUASI[:1]).k == WANTED["k_age"]
    sizes = np.bincount(classes_of(*QUASI))
    assert (sizes < 5).sum() == WANTED["classes_lt5"]
    assert sizes[sizes < 5].sum() == WANTED["rows_in_classes_lt5"]


def test_after_suppression() -> None:
    kept = keep_classes(QUASI, 5)
    assert kept.sum() == WANTED["rows_after_dropping_lt5"]
    found = anonymity([one[kept] for one in QUASI], SENSITIVE[kept])
    expected = WANTED["pycanon_after_suppression"]
    assert (found.k, found.diversity) == (expected["k"], expected["l"])
    assert found.closeness == pytest.approx(expected["t"], rel=1e-12)


def test_counts_are_rounded_as_the_nhs_does() -> None:
    assert {count: publishable_count(int(count)) for count in WANTED["nhs_rounding"]} == WANTED["nhs_rounding"]


@settings(deadline=None)
@given(st.lists(st.integers(0, 40), min_size=2, max_size=8))
def test_no_part_of_a_total_is_hidden_alone(counts: list[int]) -> None:
    hidden = hide_with_total(counts)
    assert sum(hidden) != 1
    left = sum(one for one, gone in zip(counts, hidden, strict=True) if gone)
    assert not any(hidden) or all(hidden) or left >= 5
    assert all(gone for one, gone in zip(counts, hidden, strict=True) if one < 5)


@st.composite
def tables(draw: st.DrawFn) -> np.ndarray[Any, Any]:
    rows, columns = draw(st.integers(2, 6)), draw(st.integers(2, 6))
    cells = draw(st.lists(st.integers(0, 15), min_size=rows * columns, max_size=rows * columns))
    return np.array(cells).reshape(rows, columns)


@settings(deadline=None)
@given(tables())
def test_a_hidden_cell_can_have_more_than_one_value(counts: np.ndarray[Any, Any]) -> None:
    """Walk round a loop of hidden cells, adding and taking one: every total stays, so every cell of it is open."""
    hidden = hide_small(counts)
    assert hidden[counts < 5].all()
    for line, gone in (*zip(counts, hidden, strict=True), *zip(counts.T, hidden.T, strict=True)):
        assert not gone.any() or line[gone].sum() >= 5 or line.sum() < 5, "the total says what is hidden"
    links = {(("row", int(r)), ("column", int(c))) for r, c in np.argwhere(hidden)}
    for one, other in links:
        seen, ahead = {one}, [one]
        while ahead:
            here = ahead.pop()
            for a, b in links - {(one, other)}:
                for near, far in ((a, b), (b, a)):
                    if near == here and far not in seen:
                        seen.add(far)
                        ahead.append(far)
        assert other in seen, "a link outside every loop can be worked out"


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ([40, 1, 2, 25], [0, 1, 1, 1]),  # 68 less 65 are 3 people in two parts
        ([40, 0, 0, 25], [0, 1, 1, 1]),  # 65 less 65: nobody in either
        ([40, 0, 12, 25], [0, 1, 1, 0]),
        ([3, 1], [1, 1]),  # their total is 4, which is not given either
        ([40, 5, 25], [0, 0, 0]),
    ],
)
def test_hidden_parts_are_not_told_by_their_total(counts: list[int], hidden: list[int]) -> None:
    assert hide_with_total(counts) == [bool(one) for one in hidden]


def test_what_is_gone_already_takes_another_with_it() -> None:
    assert hide_with_total([40, 30, 20], 5, [False, True, False]) == [False, True, True]


def test_hidden_zeros_are_not_told_by_the_totals_of_a_table() -> None:
    """Rows 30, 0, 0 and 20, 0, 9: the first row's total is 30, so 30 less 30 said that both others are nobody."""
    assert hide_small([[30, 0, 0], [20, 0, 9]]).tolist() == [[True, True, True], [True, True, True]]
    assert hide_small([[30, 0, 12], [20, 8, 9]]).tolist() == [[False, True, True], [False, True, True]]
    assert hide_small([[30, 1, 2], [20, 20, 20]])[0].all(), "three people in two cells"


def test_what_cannot_be_judged() -> None:
    with pytest.raises(ClinicalError, match="quasi_identifiers"):
        classes_of([])
    with pytest.raises(ClinicalError, match="quasi_identifiers"):
        classes_of(["a"], ["b", "c"])
    with pytest.raises(ClinicalError, match="sensitive"):
        anonymity([["a", "b"]], ["x"])
    with pytest.raises(ClinicalError, match="k:"):
        keep_classes([["a"]], 0)
    with pytest.raises(ClinicalError, match="table"):
        hide_small([1, 2, 3])
