"""Early response against the outcome, and the two by two table behind it."""

import pytest
from tests.clinical.readers import numbers

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.measures.norms import CustomMeasure, Direction, Norms
from rapport.clinical.measures.registry import load_instrument
from rapport.clinical.outcomes.patterns.early_response import early_response_table, responded
from rapport.clinical.outcomes.yardstick import yardstick
from rapport.clinical.statistics.two_by_two import TwoByTwo, cross

PHQ9 = yardstick(load_instrument("phq9"))


def test_the_reference_table() -> None:
    early = numbers("survival")["early"]
    (a, b), (c, d) = early["table"]
    table = TwoByTwo(a, b, c, d)
    for part, name in (
        (table.sensitivity, "sens"),
        (table.specificity, "spec"),
        (table.ppv, "ppv"),
        (table.npv, "npv"),
    ):
        assert part.share == pytest.approx(early[name])
    assert table.odds_ratio == pytest.approx(early["odds_ratio"])
    assert table.odds_interval() == pytest.approx(early["or_ci"])
    assert table.fisher_p() == pytest.approx(early["fisher_p"])
    assert table.n == 180


def test_people_with_the_two_halves_make_the_same_table() -> None:
    people = [(16, 9, True)] * 62 + [(16, 8, False)] * 18 + [(16, 12, True)] * 25 + [(16, 17, False)] * 75
    first, early, good = ([one[part] for one in people] for part in range(3))
    assert early_response_table(first, early, [bool(one) for one in good], yardstick=PHQ9) == TwoByTwo(62, 18, 25, 75)


def test_unknown_halves_are_left_out_and_unknown_rules_say_nothing() -> None:
    assert responded(None, 9, yardstick=PHQ9) is None
    assert responded(16, float("nan"), yardstick=PHQ9) is None
    bare = yardstick(CustomMeasure("x", "X", Norms(0, 10, Direction.LOWER)))
    assert responded(8, 2, yardstick=bare) is None
    assert responded(8, 2, yardstick=bare, percent=20) is True
    assert cross([None, True], [True, None]).n == 0


def test_a_percentage_counts_from_the_best_score_whichever_way_the_scale_runs() -> None:
    high = yardstick(CustomMeasure("x", "X", Norms(0, 27, Direction.HIGHER, 0.8, 10, 5, cut=17)))
    for first in range(28):
        for later in range(28):
            there = responded(first, later, yardstick=PHQ9, percent=20)
            assert there == responded(27 - first, 27 - later, yardstick=high, percent=20)
    assert responded(0, 0, yardstick=PHQ9, percent=20) is False


def test_an_empty_cell_has_no_odds_ratio() -> None:
    table = TwoByTwo(5, 0, 3, 7)
    assert (table.odds_ratio, table.odds_interval()) == (None, None)
    assert TwoByTwo(0, 0, 0, 0).sensitivity.share is None
    assert [card.reason for card in TwoByTwo(0, 0, 0, 0).cards("a", "b")] == ["nobody_to_count"] * 4


@pytest.mark.parametrize(
    ("early", "percent", "responds"),
    [(12, 25, True), (12.1, 25, False), (0, 100, True), (1, 100, False), (16, 25, False), (17, 1, False)],
)
def test_a_share_of_the_first_score_counts_from_exactly_that_share(
    early: float, percent: float, responds: bool
) -> None:
    assert responded(16, early, yardstick=PHQ9, percent=percent) is responds


@pytest.mark.parametrize(("percent", "refused"), [(0, True), (-5, True), (100, False), (100.1, True), (0.5, False)])
def test_a_percentage_lies_above_nought(percent: float, refused: bool) -> None:
    if refused:
        with pytest.raises(ClinicalError) as error:
            responded(16, 9, yardstick=PHQ9, percent=percent)
        assert error.value.field == "percent"
    else:
        assert responded(16, 0, yardstick=PHQ9, percent=percent) is True


@pytest.mark.parametrize("lists", [([1], [1, 2], [True]), ([1, 2], [1, 2], [True]), ([1], [1], [True, False])])
def test_each_person_has_all_three(lists: tuple[list[float], list[float], list[bool]]) -> None:
    with pytest.raises(ClinicalError) as refused:
        early_response_table(*lists, yardstick=PHQ9)
    assert refused.value.field == "early"
    by_share = early_response_table([16, 16], [12, 13], [True, True], yardstick=PHQ9, percent=25)
    assert by_share == TwoByTwo(1, 0, 1, 0)


def test_refusals_are_typed() -> None:
    with pytest.raises(ClinicalError, match="percent"):
        responded(16, 9, yardstick=PHQ9, percent=0)
    with pytest.raises(ClinicalError, match="early"):
        early_response_table([1], [1, 2], [True], yardstick=PHQ9)
    with pytest.raises(ClinicalError, match="outcome"):
        cross([True], [])
    with pytest.raises(ClinicalError, match="counts"):
        TwoByTwo(-1, 0, 0, 0)
