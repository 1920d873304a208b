"""Sudden gains and losses: the reference series, missing scores, mirrors."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.clinical.readers import numbers

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.measures.norms import Direction
from rapport.clinical.outcomes.patterns.sudden_gains import SuddenKind, steps, sudden_changes

SERIES: list[float | None] = [19, 18, 19, 17, 10, 9, 8, 9, 7]


@pytest.mark.parametrize("case", numbers("survival")["sudden"], ids=lambda case: str(case["y"]))
def test_every_criterion_of_the_reference_series(case: dict[str, Any]) -> None:
    found = steps(case["y"], least_change=case["cut"])
    assert [
        {
            "gain_after_session": one.after,
            "crit1": one.large,
            "crit2": one.large_for_the_score,
            "crit3": one.lasting,
            "sudden_gain": one.sudden,
        }
        for one in found
    ] == case["res"]


def test_a_missing_score_is_no_gain_and_two_known_scores_on_each_side_are_needed() -> None:
    holes: list[float | None] = [19, None, 19, 17, 10, None, 8, 9, 7]
    assert [one.after for one in sudden_changes(holes, least_change=6)] == [4]
    at_the_step: list[float | None] = [19, 18, 19, None, 10, 9, 8, 9, 7]
    after_three = steps(at_the_step, least_change=6)[1]
    assert (after_three.after, after_three.change, after_three.sudden) == (3, None, False)
    assert after_three.card().reason == "no_score"
    sparse: list[float | None] = [None, None, 19, 10, 9, 8]
    assert steps(sparse, least_change=6)[1].lasting is None


def test_short_courses_have_no_steps() -> None:
    assert steps([], least_change=6) == steps([20], least_change=6) == steps([20, 5, 4], least_change=6) == ()


def test_a_gain_given_back_is_called_reversed() -> None:
    (kept,) = sudden_changes([19, 18, 19, 10, 9, 10, 12], least_change=6)
    (lost,) = sudden_changes([19, 18, 19, 10, 9, 10, 15], least_change=6)
    assert (kept.reversed, lost.reversed) == (False, True)
    assert kept.card().value == 9


@pytest.mark.parametrize(
    ("scores", "least", "large", "for_score"),
    [
        ([24, 24, 18, 18], 6, True, True),  # exactly RC, exactly a quarter of 24
        ([24, 24, 19, 19], 6, False, False),
        ([28, 28, 22, 22], 6, True, False),
        ([8, 8, 6, 6], 6, False, True),
        ([18, 18, 24, 24], 6, False, False),
        ([18, 18, 18, 18], 6, False, False),
        ([0, 0, 0, 0], 6, False, False),
    ],
)
def test_a_gain_begins_exactly_at_the_smallest_change_and_at_a_quarter(
    scores: list[float | None], least: float, large: bool, for_score: bool
) -> None:
    """Tang & DeRubeis 1999, p. 896: at least RC, and at least 25 % of the score before."""
    (step,) = steps(scores, least_change=least)
    assert (step.after, step.large, step.large_for_the_score) == (2, large, for_score)


@pytest.mark.parametrize(("last", "given_back"), [(14, False), (14.5, True), (15, True)])
def test_half_of_a_gain_given_back_is_a_gain_reversed(last: float, given_back: bool) -> None:
    (gain,) = sudden_changes([19, 18, 19, 10, 9, 10, last], least_change=6)
    assert gain.reversed is given_back
    assert gain.card().inputs == (("after session", 3), ("reversed later", "yes" if given_back else "no"))
    assert (gain.card().name, gain.card().unit, gain.card().source) == ("Sudden gain", "points", "Tang & DeRubeis 1999")
    assert gain.card().verified
    assert steps([9, 9, 19, 19, 25], least_change=6)[0].reversed is False  # what was lost cannot be given back


def test_a_loss_is_named_so() -> None:
    (loss,) = sudden_changes([8, 9, 8, 17, 18, 18], least_change=6, kind=SuddenKind.LOSS)
    assert (loss.card().name, loss.change, loss.reversed) == ("Sudden loss", 9, False)


def test_three_scores_on_each_side_are_looked_at_and_no_fourth() -> None:
    """The same step, with one wild score just outside its windows and then just inside."""
    assert [one.after for one in sudden_changes([1, 19, 18, 19, 10, 9, 10, 27], least_change=6)] == [4]
    assert not sudden_changes([19, 1, 18, 19, 10, 9, 10], least_change=6)
    spread = steps([20, 18, 10, 8], least_change=6, adjusted=False)[0]
    assert spread.lasting is True  # 10 > 2.776·√2
    assert steps([20, 18, 14, 12], least_change=3)[0].lasting is False  # 6 < 4.303·√2
    assert steps([14, 14, 14, 14], least_change=6)[0].lasting is False


def test_the_adjusted_test_is_stricter_with_fewer_scores() -> None:
    short: list[float | None] = [21, 15, 9, 10, 12]
    assert sudden_changes(short, least_change=6, adjusted=False)
    assert not sudden_changes(short, least_change=6, adjusted=True)


def test_a_smallest_change_of_nothing_is_refused() -> None:
    with pytest.raises(ClinicalError, match="least_change") as refused:
        steps(SERIES, least_change=0)
    assert refused.value.field == "least_change"
    assert steps(SERIES, least_change=0.5)


COURSES = st.lists(st.one_of(st.none(), st.integers(0, 27)), max_size=12)


@given(COURSES, st.integers(1, 12), st.sampled_from(SuddenKind))
def test_turning_the_scale_round_changes_nothing(course: list[int | None], least: int, kind: SuddenKind) -> None:
    turned = [None if one is None else 27 - one for one in course]
    low = steps(course, least_change=least, kind=kind)
    high = steps(turned, least_change=least, kind=kind, direction=Direction.HIGHER, best=27)
    assert low == high


@given(COURSES, st.integers(1, 12), st.sampled_from([2, 4]), st.integers(-5, 5))
def test_rescaling_changes_no_verdict(course: list[int | None], least: int, by: int, shift: int) -> None:
    scaled = [None if one is None else one * by + shift for one in course]
    plain, other = steps(course, least_change=least), steps(scaled, least_change=least * by, best=shift)
    assert [(one.large, one.large_for_the_score) for one in plain] == [
        (one.large, one.large_for_the_score) for one in other
    ]


@given(COURSES, st.integers(1, 12))
def test_no_step_is_both_a_gain_and_a_loss(course: list[int | None], least: int) -> None:
    gains = {one.after for one in sudden_changes(course, least_change=least)}
    losses = {one.after for one in sudden_changes(course, least_change=least, kind=SuddenKind.LOSS)}
    assert not gains & losses
