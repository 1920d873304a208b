"""Millions at once give the same answers as one by one."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.clinical.readers import numbers, rows

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.measures.norms import CustomMeasure, Direction, Norms
from rapport.clinical.measures.registry import load_instrument
from rapport.clinical.outcomes.batch import (
    ClassCode,
    LiveCourses,
    NhsFlag,
    classify_courses,
    classify_episodes,
    nhs_flags,
)
from rapport.clinical.outcomes.batch.blocks import BLOCK
from rapport.clinical.outcomes.batch.nhs import service_rates_of
from rapport.clinical.outcomes.cut_offs import ChangeClass, clinical_reference
from rapport.clinical.outcomes.expected_course import GrowthModel, forecast, update
from rapport.clinical.outcomes.growth_prior import PHQ9_MOMENTS, prior_from_moments
from rapport.clinical.outcomes.nhs_talking_therapies import FinishedEpisode, pair_flags, service_rates
from rapport.clinical.outcomes.reliable_change import change_index
from rapport.clinical.outcomes.yardstick import Yardstick, yardstick

PHQ9 = yardstick(load_instrument("phq9"))
LINE = prior_from_moments(PHQ9_MOMENTS)
KINDS = (np.int8, np.uint8, np.int16, np.int64, np.float32, np.float64)
SCORES = st.one_of(st.just(math.nan), st.integers(0, 40).map(float), st.floats(0, 40))
COURSES = st.lists(st.tuples(SCORES, SCORES), min_size=1, max_size=12)


def one_by_one(rule: Yardstick, first: float, last: float) -> ChangeClass:
    return ChangeClass.NOT_CLASSIFIABLE if math.isnan(first) or math.isnan(last) else rule.classify(first, last)


def names(codes: NDArray[np.uint8]) -> list[ChangeClass]:
    return [ClassCode(code).change_class for code in codes.tolist()]


@given(
    COURSES,
    st.sampled_from(Direction),
    st.floats(0.5, 0.99),
    st.floats(1, 90),
    st.one_of(st.none(), st.integers(0, 40), st.floats(0, 40)),
)
def test_any_scores_by_any_norms(
    courses: list[tuple[float, float]], direction: Direction, reliability: float, sd: float, cut: float | None
) -> None:
    rule = yardstick(CustomMeasure("x", "X", Norms(0, 40, direction, reliability, 20, sd, cut=cut)))
    first, last = (list(part) for part in zip(*courses, strict=True))
    found = classify_courses(first, last, rule)
    assert names(found.codes) == [one_by_one(rule, *pair) for pair in courses]
    assert sum(found.counts().values()) == len(courses)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("measure", ["phq9", "gad7", "well-being", "wide"])
def test_every_pair_of_whole_scores_in_every_type(kind: type[Any], measure: str) -> None:
    if measure == "wide":
        rule = yardstick(CustomMeasure("x", "X", Norms(-60, 90, Direction.LOWER, 0.9, 40, 20, 10, 15)))
    elif measure == "well-being":
        rule = yardstick(CustomMeasure("x", "X", Norms(0, 100, Direction.HIGHER, 0.9, 26.9, 20, 70, 19)))
    else:
        rule = yardstick(load_instrument(measure))
    low = max(rule.low, 0) if kind is np.uint8 else rule.low
    scores = np.arange(low, rule.high + 1).astype(kind)
    first, last = (grid.ravel() for grid in np.meshgrid(scores, scores))
    expected = [rule.classify(float(a), float(b)) for a, b in zip(first, last, strict=True)]
    assert names(classify_courses(first, last, rule).codes) == expected


def test_the_index_is_the_one_of_the_method() -> None:
    case = numbers("reliable_change")["cases"][1]
    norms = Norms(0, 100, Direction.HIGHER, case["reliability"], 50, 20.0, case["m_functional"], case["sd_functional"])
    rule = yardstick(CustomMeasure("x", "X", norms))
    found = classify_courses(case["pre"], case["post"], rule, index=True)
    assert found.index is not None
    np.testing.assert_allclose(
        found.index, change_index(case["pre"], case["post"], clinical_reference(norms)), rtol=1e-6
    )


def test_the_index_counts_a_fall_as_negative_and_missing_as_nan() -> None:
    rule = yardstick(CustomMeasure("x", "X", Norms(0, 27, Direction.LOWER, 0.84, 17, 5.8, 3, 4)))
    found = classify_courses([16.0, 16.5, math.nan], [7.0, 20.0, 3.0], rule, index=True)
    assert found.index is not None
    assert found.index[0] < 0 < found.index[1]
    assert math.isnan(found.index[2])


def test_a_score_out_of_an_array_is_judged_like_a_plain_number() -> None:
    scores = np.array([5.0, 12.0])
    assert PHQ9.classify(scores[0], scores[1]) is PHQ9.classify(5.0, 12.0) is ChangeClass.HARMED


def test_threads_and_blocks_change_nothing() -> None:
    chance = np.random.default_rng(3)
    first, last = (chance.integers(0, 28, 3 * BLOCK + 17).astype(float) for _ in range(2))
    first[::1001] = np.nan
    last[BLOCK + 5] = 6.5  # one block is not of whole scores
    alone, together = (classify_courses(first, last, PHQ9, threads=threads) for threads in (1, 3))
    np.testing.assert_array_equal(alone.codes, together.codes)
    sample = np.r_[0:2000, BLOCK : BLOCK + 50]
    assert names(alone.codes[sample]) == [one_by_one(PHQ9, first[i], last[i]) for i in sample]


def test_every_quadruple_of_the_nhs_pair() -> None:
    phq, gad = np.arange(28, dtype=np.int8), np.arange(22, dtype=np.int8)
    p1, p2, a1, a2 = (grid.ravel() for grid in np.meshgrid(phq, phq, gad, gad, indexing="ij"))
    codes, one = nhs_flags(p1, p2, a1, a2), pair_flags(p1, p2, a1, a2)
    for flag, expected in (
        (NhsFlag.CASE_AT_START, one.case_at_start),
        (NhsFlag.CASE_AT_END, one.case_at_end),
        (NhsFlag.RECOVERY, one.recovery),
        (NhsFlag.RELIABLE_IMPROVEMENT, one.reliable_improvement),
        (NhsFlag.RELIABLE_DETERIORATION, one.reliable_deterioration),
        (NhsFlag.RELIABLE_RECOVERY, one.reliable_recovery),
        (NhsFlag.STARTS_BELOW, ~one.case_at_start),
    ):
        np.testing.assert_array_equal((codes & flag) > 0, expected)
    assert ((codes & NhsFlag.PAIRED) > 0).all()
    np.testing.assert_array_equal(codes, nhs_flags(*(one.astype(float) for one in (p1, p2, a1, a2))))
    assert int(((codes & NhsFlag.RECOVERY) > 0).sum()) == 42_880


def test_the_reference_service() -> None:
    finished = [row for row in rows("nhs_service") if int(row["attended_treatment_sessions"]) >= 2]
    names = "phq_first", "phq_last", "gad_first", "gad_last"
    columns = [[float(row[name] or "nan") for row in finished] for name in names]
    found, expected = service_rates_of(nhs_flags(*columns)), numbers("nhs_talking_therapies")["service"]
    assert (found.finished, found.paired) == (expected["finished"], expected["paired"])
    assert found.not_at_caseness == expected["not_at_caseness"]
    for name in ("recovery", "reliable_improvement", "reliable_recovery", "reliable_deterioration"):
        assert getattr(found, name).count == expected[name]


@given(st.lists(st.tuples(*[st.one_of(st.just(math.nan), st.integers(0, 21).map(float))] * 4), min_size=1, max_size=9))
def test_rates_of_a_service_with_missing_scores(episodes: list[tuple[float, ...]]) -> None:
    known = [[None if math.isnan(score) else score for score in episode] for episode in episodes]
    one = service_rates([FinishedEpisode(a, b, c, d) for a, b, c, d in known])
    assert service_rates_of(nhs_flags(*map(list, zip(*episodes, strict=True)))) == one


def test_one_pass_over_both_is_the_same_as_two() -> None:
    chance = np.random.default_rng(12)
    columns = [chance.integers(0, 22, 5000).astype(float) for _ in range(4)]
    for one in columns:
        one[chance.random(5000) < 0.1] = np.nan
    rule = yardstick(CustomMeasure("x", "X", Norms(0, 27, Direction.LOWER, 0.84, 17.1, 6.1, 2.91, 3.52)))
    both = classify_episodes(*columns, phq_rule=rule, index=True)
    alone = classify_courses(columns[0], columns[1], rule, index=True)
    np.testing.assert_array_equal(both.phq.codes, alone.codes)
    assert both.phq.index is not None and alone.index is not None
    np.testing.assert_array_equal(both.phq.index, alone.index)
    np.testing.assert_array_equal(both.flags, nhs_flags(*columns))


def test_other_anxiety_measures_keep_their_decimals() -> None:
    flags = nhs_flags([12, 12], [12, 12], [2.4, 2.3], [1.67, 1.58], anxiety="mi")
    assert [bool(code & NhsFlag.RELIABLE_IMPROVEMENT) for code in flags] == [True, False]


STEPS = st.lists(st.tuples(st.integers(0, 4), st.integers(1, 20), st.floats(0, 27)), max_size=25)


@given(STEPS)
def test_the_live_update_is_the_update_of_each_client(steps: list[tuple[int, int, float]]) -> None:
    live = LiveCourses(LINE, 5)
    if steps:
        live.update(*(list(part) for part in zip(*steps, strict=True)))
    found, ahead = live.posterior(range(5)), live.forecast(range(5), [8] * 5)
    for client in range(5):
        own = [(session, score) for who, session, score in steps if who == client]
        one = update(LINE, [session for session, _ in own], [score for _, score in own])
        assert (found.mean0[client], found.mean1[client]) == pytest.approx(one.mean, abs=1e-8)
        cov = (found.cov00[client], found.cov01[client], found.cov11[client])
        assert cov == pytest.approx((*one.cov[0], one.cov[1][1]), abs=1e-8)
        later = forecast(LINE, one, 8)
        there = ahead.mean[client], ahead.sd_true[client], ahead.sd_observed[client]
        assert there == pytest.approx((later.mean, later.sd_true, later.sd_observed), abs=1e-8)


def test_a_line_that_starts_from_the_first_score() -> None:
    line = GrowthModel((15, -2.7, 1.2, -0.4), ((15, -2.3), (-2.3, 4.6)), 8.7, None, "", False, 15.0, 5.0)
    live = LiveCourses(line, 2, first_scores=[20, 10])
    found = live.update([1, 1], [2, 3], [9, 8])
    one = update(line, [2, 3], [9, 8], -1.0)
    assert (found.mean0[1], found.mean1[1]) == pytest.approx(one.mean)
    with pytest.raises(ClinicalError, match="first_scores"):
        LiveCourses(line, 2)


def test_a_score_taken_back_leaves_no_trace() -> None:
    live, clean = LiveCourses(LINE, 3), LiveCourses(LINE, 3)
    live.add([0, 1], [1, 1], [20, 9])
    live.add([1], [1], [9], weight=-1)
    clean.add([0], [1], [20])
    assert live.posterior([0, 1]).mean0 == pytest.approx(clean.posterior([0, 1]).mean0)


def test_refusals_name_the_column() -> None:
    for first, last, field in (
        ([1, 2], [1], "last"),
        ([28], [1], "first"),
        ([1], [-1.0], "last"),
        ([1.5], [27.5], "last"),
        ([[1]], [[1]], "first"),
    ):
        with pytest.raises(ClinicalError, match=field):
            classify_courses(first, last, PHQ9)
    with pytest.raises(ClinicalError, match="first"):
        classify_courses(np.array([200], np.uint8), [1], PHQ9)
    wide = yardstick(CustomMeasure("x", "X", Norms(-60, 60, Direction.LOWER, 0.9, 20, 10, 5, 9)))
    with pytest.raises(ClinicalError, match="first"):  # 200 as a signed byte would be −56
        classify_courses(np.array([200], np.uint8), [1], wide)
    with pytest.raises(ClinicalError, match="last"):
        classify_courses([1], ["x"], PHQ9)
    with pytest.raises(ClinicalError, match="first"):
        classify_courses([math.inf], [1], PHQ9)
    with pytest.raises(ClinicalError, match="index"):
        classify_courses([1], [1], PHQ9, index=True)
    with pytest.raises(ClinicalError, match="threads"):
        classify_courses([1], [1], PHQ9, threads=0)
    with pytest.raises(ClinicalError, match="anxiety_last"):
        nhs_flags([1], [1], [1], [22])
    live = LiveCourses(LINE, 3)
    for clients, sessions, scores in (([3], [1], [5]), ([0], [0], [5]), ([0], [1], [math.nan]), ([0], [1], [5, 6])):
        with pytest.raises(ClinicalError):
            live.add(clients, sessions, scores)


def test_nothing_to_classify_is_nothing() -> None:
    assert len(classify_courses([], [], PHQ9).codes) == 0
    bare = yardstick(CustomMeasure("x", "X", Norms(0, 10, Direction.LOWER)))
    assert classify_courses([1], [2], bare).counts()[ChangeClass.NOT_CLASSIFIABLE] == 1
