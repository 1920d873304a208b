"""A course, a caseload and an ending in codes."""

from datetime import date, timedelta
from typing import Any

import pytest

from rapport.clinical.kernel.errors import OutOfRange
from rapport.clinical.measures.norms import CustomMeasure, Direction, Norms
from rapport.clinical.measures.registry import load_instrument
from rapport.clinical.outcomes.caseload import read_caseload
from rapport.clinical.outcomes.course import CourseCode, CourseReading, DatedScore, read_course
from rapport.clinical.outcomes.cut_offs import ChangeClass
from rapport.clinical.outcomes.episode_result import episode_result
from rapport.clinical.outcomes.yardstick import Basis, SampleTooSmall, with_sample

MONDAY = date(2026, 1, 5)
WHO5 = load_instrument("who5", packs={"who5"})


def dated(*values: float | None) -> list[DatedScore]:
    return [DatedScore(MONDAY + timedelta(weeks=week), value) for week, value in enumerate(values)]


def course(measure: str, *values: float | None) -> CourseReading:
    return read_course(dated(*values), load_instrument(measure, packs={"who5"}))


@pytest.mark.parametrize(
    ("measure", "values", "outcome", "code"),
    [
        ("phq9", (16, 12, 9), ChangeClass.RECOVERED, CourseCode.RECOVERED),
        ("phq9", (16, 10), ChangeClass.IMPROVED, CourseCode.IMPROVED),
        ("phq9", (15, 10), ChangeClass.UNCHANGED, CourseCode.UNCHANGED),
        ("phq9", (10, 9), ChangeClass.UNCHANGED, CourseCode.UNCHANGED),
        ("phq9", (12, 18), ChangeClass.DETERIORATED, CourseCode.DETERIORATED),
        ("phq9", (4, 5), None, CourseCode.STAYED_WELL),
        ("phq9", (9, 3), None, CourseCode.STAYED_WELL_AND_IMPROVED),
        ("phq9", (2, 9), None, CourseCode.STAYED_WELL_BUT_WORSE),
        ("phq9", (9, 10), None, CourseCode.LEFT_HEALTHY_RANGE),
        ("gad7", (12, 7), ChangeClass.RECOVERED, CourseCode.RECOVERED),
        ("gad7", (8, 4), ChangeClass.RECOVERED, CourseCode.RECOVERED),
        ("who5", (28, 64), ChangeClass.RECOVERED, CourseCode.RECOVERED),
        ("who5", (64, 72), None, CourseCode.STAYED_WELL),
        ("wellbeing_slider", (3, 7), None, CourseCode.CHANGE_ONLY),
        ("phq9", (16,), None, CourseCode.ONE_SCORE),
        ("phq9", (None, None), None, CourseCode.NO_SCORE),
        ("phq9", (), None, CourseCode.NO_SCORE),
    ],
)
def test_words_and_class(
    measure: str, values: tuple[float, ...], outcome: ChangeClass | None, code: CourseCode
) -> None:
    reading = course(measure, *values)
    assert (reading.outcome, reading.sentence.code) == (outcome, code)
    assert bool(reading.reason) == (outcome is None)


def test_the_card_says_which_rule() -> None:
    phq9, who5 = course("phq9", 16, 9), course("who5", 28, 64)
    assert (phq9.basis, who5.basis) == (Basis.NHS, Basis.JACOBSON_TRUAX)
    by_name = {card.name: card for card in who5.cards}
    assert by_name["Smallest reliable change"].value == pytest.approx(17.5304508115316)
    assert by_name["Cut-off"].value == pytest.approx(49.0025641025641)
    assert not by_name["Cut-off"].verified
    assert by_name["Reliable change index"].value == pytest.approx(36 / 8.94427190999916)
    assert by_name["Change since the first score"].interval == pytest.approx((36 - 17.5304508, 36 + 17.5304508))
    assert {card.name: card.value for card in phq9.cards} == {
        "First score": 16.0,
        "Last score": 9.0,
        "Change since the first score": -7.0,
        "Smallest reliable change": 6,
        "Cut-off": 10,
    }
    assert all(card.verified for card in phq9.cards)
    assert all(card.not_meaning and card.formula for card in (*phq9.cards, *who5.cards))


def test_an_unvalidated_slider_has_a_change_but_no_judgement() -> None:
    reading = course("wellbeing_slider", 3, 7)
    assert (reading.change, reading.reliable, reading.basis) == (4.0, None, Basis.NONE)
    assert reading.counted_as is ChangeClass.NOT_CLASSIFIABLE
    assert {card.reason for card in reading.cards} == {"", "no_reliability"}


def test_sentence_parameters() -> None:
    values = course("phq9", 16, None, 9).sentence.values
    assert (values["measure"], values["n"], values["first"], values["last"], values["change"]) == (
        "PHQ-9",
        2,
        16,
        9,
        -7,
    )


def test_scores_are_put_in_order_and_missing_ones_counted() -> None:
    reading = read_course(list(reversed(dated(16, None, 9))), load_instrument("phq9"))
    assert (reading.n, reading.missing, reading.change) == (2, 1, -7.0)


def test_two_scores_of_one_day_are_no_course() -> None:
    reading = read_course([DatedScore(MONDAY, 16), DatedScore(MONDAY, 4)], load_instrument("phq9"))
    assert (reading.outcome, reading.reason) == (None, "one_score")


def test_a_start_near_the_best_score_cannot_improve_reliably() -> None:
    assert course("phq9", 5, 5).near_best
    assert not course("phq9", 6, 5).near_best


def test_the_line_from_which_an_improvement_is_reliable() -> None:
    assert course("phq9", 16).reliable_from == 10
    assert course("phq9", 3).reliable_from == 0
    assert course("who5", 28).reliable_from == pytest.approx(45.5304508)
    assert course("goal", 3).reliable_from is None


def test_a_score_outside_the_scale_is_refused() -> None:
    with pytest.raises(OutOfRange):
        course("phq9", 28)


def test_norms_entered_by_hand_replace_the_nhs_rule() -> None:
    own = load_instrument("phq9").norms
    reading = read_course(dated(16, 9.5), load_instrument("phq9"), norms=own)
    assert (reading.basis, reading.outcome) == (Basis.JACOBSON_TRUAX, ChangeClass.UNCHANGED)


def test_a_custom_measure() -> None:
    norms = Norms(0, 63, Direction.LOWER, 0.9, clinical_mean=30, clinical_sd=9, functional_mean=7, functional_sd=6)
    reading = read_course(dated(33, 8), CustomMeasure("mood", "Mood inventory", norms))
    assert (reading.measure, reading.outcome) == ("mood", ChangeClass.RECOVERED)


def test_exactly_on_the_strict_cut_off_is_neither_side() -> None:
    norms = Norms(0, 40, Direction.LOWER, 0.8, clinical_mean=20, clinical_sd=5, cut=15)
    measure = CustomMeasure("x", "X", norms)
    start = read_course(dated(15, 2), measure)
    assert (start.began_healthy, start.outcome) == (False, ChangeClass.IMPROVED)
    assert read_course(dated(28, 15), measure).outcome is ChangeClass.IMPROVED
    crossed = read_course(dated(14, 30), measure)
    assert (crossed.counted_as, crossed.outcome) == (ChangeClass.HARMED, None)
    assert crossed.sentence.code is CourseCode.LEFT_HEALTHY_RANGE


def test_a_small_caseload_is_no_norm() -> None:
    hrsd = load_instrument("hrsd")
    with pytest.raises(SampleTooSmall):
        with_sample(hrsd.norms, [20.0] * 29)
    reading = read_caseload([dated(24, 8)], hrsd)
    assert (reading.rule.basis, reading.own_sample) == (Basis.NONE, False)
    assert reading.counts[ChangeClass.NOT_CLASSIFIABLE] == 1


@pytest.mark.parametrize(
    ("phq", "gad", "outcome", "recovery"),
    [
        ((18, 4), (15, 3), ChangeClass.RECOVERED, True),
        ((10, 9), (7, 7), ChangeClass.UNCHANGED, True),
        ((20, 14), (14, 14), ChangeClass.IMPROVED, False),
        ((20, 13), (8, 12), ChangeClass.UNCHANGED, False),
        ((8, 15), (9, 14), ChangeClass.DETERIORATED, False),
    ],
)
def test_the_pair_decides_together(phq: Any, gad: Any, outcome: ChangeClass, recovery: bool) -> None:
    result = episode_result([course("phq9", *phq), course("gad7", *gad), course("wellbeing_slider", 3, 7)])
    assert (result.outcome, result.nhs_recovery, result.measures) == (outcome, recovery, ("phq9", "gad7"))


@pytest.mark.parametrize(
    ("phq", "gad", "code"),
    [
        ((4, 4), (3, 3), CourseCode.STAYED_WELL),
        ((9, 3), (7, 2), CourseCode.STAYED_WELL_AND_IMPROVED),
        ((2, 9), (3, 3), CourseCode.STAYED_WELL_BUT_WORSE),
        ((4, 11), (3, 3), CourseCode.LEFT_HEALTHY_RANGE),
    ],
)
def test_growth_work_gets_words_and_no_class(phq: Any, gad: Any, code: CourseCode) -> None:
    result = episode_result([course("phq9", *phq), course("gad7", *gad)])
    assert (result.outcome, result.reason, result.code) == (None, "began_healthy", code)


def test_one_measure_or_the_named_one_decides_alone() -> None:
    readings = [course("wellbeing_slider", 3, 7), course("phq9", 18, 4), course("gad7", 15), course("who5", 20, 24)]
    assert episode_result(readings).measures == ("phq9",)
    named = episode_result(readings, primary="who5")
    assert (named.outcome, named.measures) == (ChangeClass.UNCHANGED, ("who5",))
    assert episode_result([]).reason == "no_measure"
    assert episode_result([course("goal", 2, 8)]).code is CourseCode.CHANGE_ONLY
