"""A course, a caseload and an ending in codes."""

import math
import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.clinical.kernel.errors import OutOfRange
from rapport.clinical.measures.norms import CustomMeasure, Direction, Norms
from rapport.clinical.measures.registry import load_instrument
from rapport.clinical.outcomes.caseload import first_scores, read_caseload
from rapport.clinical.outcomes.course import CourseCode, CourseEnds, CourseReading, DatedScore, read_course
from rapport.clinical.outcomes.cut_offs import ChangeClass
from rapport.clinical.outcomes.episode_result import EpisodeResult, episode_result
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


@pytest.mark.parametrize(
    ("direction", "known", "formula", "cut"),
    [
        (Direction.LOWER, {"clinical_mean": 30}, "M − 2·S", 20),
        (Direction.HIGHER, {"clinical_mean": 30}, "M + 2·S", 40),
        (Direction.LOWER, {"functional_mean": 10, "functional_sd": 4}, "M_f + 2·S_f", 18),
        (Direction.HIGHER, {"functional_mean": 50, "functional_sd": 4}, "M_f − 2·S_f", 42),
        (Direction.HIGHER, {"cut": 33}, "given", 33),
        (Direction.HIGHER, {}, "none", None),
    ],
)
def test_the_card_of_a_cut_off_says_how_it_was_found(
    direction: Direction, known: dict[str, float], formula: str, cut: float | None
) -> None:
    norms = Norms(0, 63, direction, 0.9, clinical_sd=5, **known)
    if formula.startswith("M_f"):
        norms = replace(norms, clinical_mean=None)
    (card,) = (one for one in read_course(dated(33, 8), CustomMeasure("x", "X", norms)).cards if one.name == "Cut-off")
    assert (card.formula, card.value, card.reason) == (formula, cut, "" if cut else "no_norms")


def test_every_card_of_a_course_says_from_what() -> None:
    norms = Norms(0, 63, Direction.LOWER, 0.9, 30, 9, 7, 6, source="A paper", verified=True)
    reading = read_course(dated(33, None, 8), CustomMeasure("mood", "Mood inventory", norms))
    first, last, change, least, cut, index = reading.cards
    assert (first.value, last.value, first.inputs) == (33, 8, (("lowest", 0), ("highest", 63)))
    assert change.inputs == (("first", 33), ("last", 8))
    assert least.inputs == cut.inputs == (("r", 0.9), ("M", 30), ("S", 9), ("M_f", 7), ("S_f", 6))
    assert least.formula == "more than z·√2·S·√(1 − r)"
    s_diff = 9 * math.sqrt(2 * 0.1)
    assert [name for name, _ in index.inputs] == ["change", "S_diff", "SEM"]
    assert [value for _, value in index.inputs] == pytest.approx([-25, s_diff, s_diff / math.sqrt(2)])
    assert index.value == pytest.approx(-25 / s_diff)
    assert {card.source for card in (least, cut, index)} == {"Jacobson & Truax 1991; A paper"}
    assert {(card.n, card.missing) for card in (first, last, change, index)} == {(2, 1)}
    assert {card.version for card in (least, cut, index)} == {"jacobson_truax/1"}
    assert {card.evidence for card in reading.cards} == {"B"}
    assert all(card.verified for card in reading.cards)
    assert not any(card.verified for card in course("who5", 28, 64).cards[3:])


@pytest.mark.parametrize(
    ("values", "reasons"),
    [
        ((16, 9), ["", "", "", "", ""]),
        ((16,), ["", "", "one_score", "", ""]),
        ((), ["no_score", "no_score", "no_score", "", ""]),
    ],
)
def test_a_figure_that_is_not_there_says_why(values: tuple[float, ...], reasons: list[str]) -> None:
    cards = course("phq9", *values).cards
    assert [card.reason for card in cards] == reasons
    assert {card.evidence for card in cards} == {"A"}
    assert {card.version for card in cards[3:]} == {"nhs_talking_therapies/1"}
    assert [card.formula for card in cards[3:]] == ["at least the published whole points", "given"]
    assert cards[3].inputs == ()
    assert cards[3].source.startswith("NHS Talking Therapies rules; ")
    assert cards[2].interval is None


def test_a_course_says_all_that_it_comes_to() -> None:
    reading = course("phq9", 16, None, 9)
    assert (reading.measure, reading.n, reading.missing, reading.reliable) == ("phq9", 2, 1, True)
    assert (reading.first, reading.last) == (DatedScore(MONDAY, 16), DatedScore(MONDAY + timedelta(weeks=2), 9))
    assert reading.sentence.parameters == (
        ("measure", "PHQ-9"), ("n", 2), ("first", 16), ("last", 9), ("change", -7), ("least_change", 6), ("cut", 10),
        ("low", 0), ("high", 27),
    )  # fmt: skip
    assert course("phq9", 16, 15).reliable is False
    assert course("phq9", 16).reliable is None
    one, none = course("phq9", 9), course("phq9")
    assert (one.change, one.began_healthy, one.counted_as) == (None, True, ChangeClass.NOT_CLASSIFIABLE)
    assert (none.first, none.last, none.near_best, none.reliable_from) == (None, None, False, None)
    assert none.sentence.values | {"least_change": 6, "cut": 10} == none.sentence.values
    assert [none.sentence.values[name] for name in ("n", "first", "last", "change")] == [0, None, None, None]


def test_the_ends_of_the_scale_are_scores() -> None:
    assert course("phq9", 27, 0).change == -27
    for beyond in (-1, 28):
        with pytest.raises(OutOfRange) as refused:
            course("phq9", beyond)
        assert refused.value.field == "scores"
        assert "0 to 27" in refused.value.remedy


def test_the_line_of_a_reliable_change_stays_on_the_scale() -> None:
    assert course("who5", 95).reliable_from == 100


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


def test_less_confidence_makes_a_smaller_change_reliable() -> None:
    by = {c: read_course(dated(28, 44), WHO5, confidence=c).reliable for c in (0.95, 0.8)}
    assert by == {0.95: False, 0.8: True}


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


@given(st.lists(st.none() | st.integers(0, 27), max_size=8), st.randoms())
def test_of_a_course_its_ends_are_enough(values: list[int | None], order: random.Random) -> None:
    scores = dated(*values)
    known = [score for score in scores if score.value is not None]
    shuffled = order.sample(scores, len(scores))
    ends = CourseEnds(*((known[0], known[-1]) if known else (None, None)), len(known), len(scores) - len(known))
    assert CourseEnds.of(shuffled) == ends
    phq9 = load_instrument("phq9")
    assert read_course(ends, phq9) == read_course(shuffled, phq9)
    assert read_caseload([ends], phq9) == read_caseload([scores], phq9)


def test_ends_off_the_scale_are_refused_as_scores_are() -> None:
    first, last = dated(20, 28)
    with pytest.raises(OutOfRange):
        read_course(CourseEnds(first, last, 2), load_instrument("phq9"))
    with pytest.raises(OutOfRange):
        read_course(dated(20, 28, 5), load_instrument("phq9"))


def test_a_small_caseload_is_no_norm() -> None:
    hrsd = load_instrument("hrsd")
    with pytest.raises(SampleTooSmall):
        with_sample(hrsd.norms, [20.0] * 29)
    reading = read_caseload([dated(24, 8)], hrsd)
    assert (reading.rule.basis, reading.own_sample) == (Basis.NONE, False)
    assert reading.counts[ChangeClass.NOT_CLASSIFIABLE] == 1


def test_a_caseload_of_thirty_is_its_own_norm_where_none_was_published() -> None:
    hrsd = load_instrument("hrsd")
    norms = Norms(0, 52, Direction.LOWER, 0.8, functional_mean=8, functional_sd=8)
    courses = [[*dated(18 + n % 7, 9), DatedScore(MONDAY - timedelta(days=9), None)] for n in range(30)]
    found = read_caseload(courses, hrsd, norms=norms)
    assert (found.own_sample, found.n, found.rule.basis) == (True, 30, Basis.JACOBSON_TRUAX)
    assert found.rule.norms == with_sample(norms, [18 + n % 7 for n in range(30)])
    assert {reading.rule for reading in found.readings} == {found.rule}
    assert sum(found.counts.values()) == 30
    assert first_scores([dated(None), *courses[:1]]) == (18.0,)
    assert not read_caseload(courses[:29], hrsd, norms=norms).own_sample
    assert not read_caseload(courses, hrsd, norms=replace(norms, reliability=None)).own_sample
    assert not read_caseload(courses, hrsd, norms=replace(norms, clinical_sd=5.0)).own_sample
    phq9 = load_instrument("phq9")
    assert not read_caseload(courses, phq9).own_sample, "a published rule needs no sample"
    assert read_caseload(courses, phq9, norms=norms).own_sample, "norms that are given stand in the place of the rule"
    well = read_caseload([dated(4, 5), dated(16, 9), dated(12)], load_instrument("phq9"))
    assert (well.began_healthy, well.own_sample, well.rule.basis) == (1, False, Basis.NHS)
    assert (well.counts[ChangeClass.RECOVERED], well.counts[ChangeClass.NOT_CLASSIFIABLE]) == (1, 1)


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


def test_a_result_is_whole() -> None:
    """What an ending says: the class, why there is none, by which rule, from which measures."""
    pair = ("phq9", "gad7")
    recovered, code, nhs = ChangeClass.RECOVERED, CourseCode, Basis.NHS
    assert episode_result([course("phq9", 18, 4), course("gad7", 15, 3)]) == EpisodeResult(
        recovered, "", nhs, pair, code.RECOVERED, True
    )
    assert episode_result([course("phq9", 4, 4), course("gad7", 3, 3)]) == EpisodeResult(
        None, "began_healthy", nhs, pair, code.STAYED_WELL, None
    )
    assert episode_result([]) == EpisodeResult(None, "no_measure", Basis.NONE, (), code.NO_SCORE, None)
    assert episode_result([course("phq9", 18, 4)]) == EpisodeResult(recovered, "", nhs, ("phq9",), code.RECOVERED, None)
    assert episode_result([course("goal", 2, 8)]) == EpisodeResult(
        None, "no_reliability", Basis.NONE, ("goal",), code.CHANGE_ONLY, None
    )


@pytest.mark.parametrize(
    ("readings", "chosen"),
    [
        ([("goal", 2, 8), ("phq9", 18, 4)], "phq9"),
        ([("goal", 2, 8), ("phq9", 4, 5)], "phq9"),
        ([("phq9", 4, 5), ("gad7", 12, 7)], "gad7"),
        ([("gad7", 12, 7), ("phq9", 18)], "gad7"),
        ([("phq9", 18), ("goal", 2, 8)], "goal"),
        ([("gad7", 15), ("phq9", 18, 4)], "phq9"),
    ],
)
def test_the_measure_that_can_say_most_speaks_for_the_episode(readings: list[tuple[Any, ...]], chosen: str) -> None:
    """A class before words, words before a mere difference, a difference before a single score."""
    if {"phq9", "gad7"} <= {name for name, *scores in readings if len(scores) == 2}:
        result = episode_result([course(*one) for one in readings])
        assert result.measures == ("phq9", "gad7")
    else:
        assert episode_result([course(*one) for one in readings]).measures == (chosen,)


def test_one_measure_or_the_named_one_decides_alone() -> None:
    readings = [course("wellbeing_slider", 3, 7), course("phq9", 18, 4), course("gad7", 15), course("who5", 20, 24)]
    assert episode_result(readings).measures == ("phq9",)
    named = episode_result(readings, primary="who5")
    assert (named.outcome, named.measures) == (ChangeClass.UNCHANGED, ("who5",))
    assert episode_result([]).reason == "no_measure"
    assert episode_result([course("goal", 2, 8)]).code is CourseCode.CHANGE_ONLY
