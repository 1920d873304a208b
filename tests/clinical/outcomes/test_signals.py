"""Signals: the band, reliable worsening, the rational rule, the ladder, and whether a course bent."""

import math
from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.clinical.readers import numbers, rows

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.measures.norms import CustomMeasure, Direction, Norms
from rapport.clinical.measures.registry import load_instrument
from rapport.clinical.outcomes.expected_course import (
    CourseBand,
    GrowthModel,
    as_matrix,
    band_from_first,
    course_band,
    forecast,
    update,
)
from rapport.clinical.outcomes.five_fields import Bend, Field, bent
from rapport.clinical.outcomes.growth_prior import PHQ9_MOMENTS, prior_from_moments
from rapport.clinical.outcomes.reliable_change import NotDefined
from rapport.clinical.outcomes.signals import (
    Reason,
    Rung,
    Signal,
    SignalReading,
    SignalRule,
    band_signal,
    chance_of_healthy,
    chances_of_reliable_change,
    read_signals,
    rung,
)
from rapport.clinical.outcomes.yardstick import Yardstick, yardstick

PHQ9 = yardstick(load_instrument("phq9"))
LINE = prior_from_moments(PHQ9_MOMENTS)


def read(
    scores: list[float],
    sessions: list[int] | None = None,
    *,
    rule: Yardstick = PHQ9,
    model: GrowthModel | None = None,
) -> tuple[SignalReading, ...]:
    numbered = sessions or list(range(1, len(scores) + 1))
    return read_signals(scores, numbered, yardstick=rule, model=model, rung=Rung.PRIOR, model_version="test/1")


def signals(scores: list[float], sessions: list[int] | None = None, *, model: GrowthModel | None = None) -> list[str]:
    return [one.signal.value if one.signal else "" for one in read(scores, sessions, model=model)]


def test_the_band_flags_the_reference_rows() -> None:
    expected = numbers("expected_course")
    params, flags = expected["params"], expected["alarm_flags"]
    (a, b), (c, d) = params["D"]
    line = GrowthModel(
        tuple(params["beta"].values()),
        ((a, b), (c, d)),
        params["sigma2"],
        tuple(tuple(row) for row in params["beta_vcov"]),
    )
    later = [row for row in rows("growth_courses") if int(row["session"]) >= 2]
    found = [
        (row["id"], band_signal(float(row["y"]), course_band(line, int(row["session"]), float(row["base"])), -1)[0])
        for row in later
    ]
    reds = [int(client) for client, signal in found if signal is Signal.RED]
    assert len(reds) == flags["n_red_rows"]
    assert sum(signal is Signal.YELLOW for _, signal in found) == flags["n_yellow_rows"]
    assert len(set(reds)) == flags["clients_ever_red"]
    assert sorted(set(reds))[: len(flags["ids_ever_red"])] == flags["ids_ever_red"]


@pytest.mark.parametrize(
    ("n", "step"),
    [(0, "prior"), (29, "prior"), (30, "prior_and_practice"), (199, "prior_and_practice"), (200, "own_model"),
     (999, "own_model"), (1000, "strata")],
)  # fmt: skip
def test_the_data_ladder(n: int, step: str) -> None:
    assert rung(n).value == step


@pytest.mark.parametrize(
    ("score", "session", "signal"),
    [
        (22, 2, "red"), (19, 2, "yellow"), (18, 2, "green"), (16, 4, "green"), (22, 4, "red"),
        (19, 5, "red"), (16, 5, "yellow"), (14, 5, "yellow"), (13, 5, "green"), (13, 9, "green"),
        (13, 10, "red"), (11, 10, "red"), (10, 10, "green"), (9, 10, "white"), (9, 2, "white"),
    ],
)  # fmt: skip
def test_the_rational_rule_from_sixteen(score: float, session: int, signal: str) -> None:
    """PHQ-9: RC is 6 points, so ½ RC is 3; below 10 is the healthy range."""
    assert signals([16, score], [1, session]) == ["", signal]


@pytest.mark.parametrize("sign", [1, -1])
def test_a_score_on_a_bound_is_not_beyond_it(sign: int) -> None:
    band = CourseBand(4, 10, 4)
    at68, at80 = (10 - sign * (bound - 10) for bound in (band.high68, band.high80))
    assert band_signal(at68 + sign * 0.001, band, sign) == (Signal.GREEN, Reason.AS_EXPECTED)
    assert band_signal(at68 - sign * 0.001, band, sign) == (Signal.YELLOW, Reason.BEYOND_68)
    assert band_signal(at80 + sign * 0.001, band, sign) == (Signal.YELLOW, Reason.BEYOND_68)
    assert band_signal(at80 - sign * 0.001, band, sign) == (Signal.RED, Reason.BEYOND_80)
    assert band_signal(10 + sign * 20, band, sign) == (Signal.GREEN, Reason.AS_EXPECTED)


@pytest.mark.parametrize(
    ("scores", "sessions", "reason", "rule"),
    [
        ([16, 22], [1, 2], Reason.WORSE_RELIABLY, SignalRule.RELIABLE_WORSENING),
        ([16, 19], [1, 2], Reason.WORSE_BY_HALF, SignalRule.RATIONAL),
        ([16, 19], [1, 5], Reason.WORSE_BY_HALF, SignalRule.RATIONAL),
        ([16, 14], [1, 5], Reason.LITTLE_CHANGE, SignalRule.RATIONAL),
        ([16, 11], [1, 10], Reason.NOT_IMPROVED_BY_TEN, SignalRule.RATIONAL),
        ([16, 10], [1, 10], Reason.AS_EXPECTED, SignalRule.RATIONAL),
        ([16, 9], [1, 10], Reason.HEALTHY, SignalRule.RATIONAL),
        ([16, math.nan], [1, 2], Reason.NO_SCORE, SignalRule.RATIONAL),
    ],
)
def test_a_signal_says_why_and_by_which_rule(
    scores: list[float], sessions: list[int], reason: Reason, rule: SignalRule
) -> None:
    found = read(scores, sessions)[1]
    assert (found.reasons, found.rule, found.rung, found.model_version) == ((reason,), rule, Rung.PRIOR, "test/1")
    assert (found.session, found.expected) == (sessions[1], None)
    assert found.score == scores[1] or math.isnan(found.score)


def test_a_second_form_at_the_first_session_is_still_the_beginning() -> None:
    found = read([16, 25, 22], [3, 3, 4])
    assert [one.reasons[0] for one in found] == [Reason.FIRST_SCORE, Reason.FIRST_SCORE, Reason.WORSE_RELIABLY]
    assert [one.rule for one in read([16, math.nan], model=LINE)] == [SignalRule.BAND, SignalRule.BAND]


def test_by_the_line_a_healthy_score_says_so_and_its_band_is_kept() -> None:
    found = read([16, 9], model=LINE)[1]
    assert (found.signal, found.reasons, found.rule) == (Signal.WHITE, (Reason.HEALTHY,), SignalRule.BAND)
    assert found.expected == band_from_first(LINE, 16, 2)


def test_only_yellow_and_red_ask_for_the_five_fields() -> None:
    assert [one for one in Signal if one.off_track] == [Signal.YELLOW, Signal.RED]


def test_reliable_worsening_is_red_whatever_the_band_and_even_in_the_healthy_range() -> None:
    low_start = read([2, 8], model=LINE)[1]
    assert (low_start.signal, low_start.rule) == (Signal.RED, SignalRule.RELIABLE_WORSENING)
    wide = GrowthModel((15, 0), ((300, 0), (0, 300)), 400)
    assert signals([16, 22], model=wide) == ["", "red"]
    assert signals([16, 21], model=wide) == ["", "green"]


def test_the_first_score_and_an_empty_form_say_nothing() -> None:
    found = read([math.nan, 16, math.nan, 15], model=LINE)
    assert [one.signal for one in found[:3]] == [None, None, None]
    assert [one.reasons for one in found[:3]] == [(Reason.NO_SCORE,), (Reason.FIRST_SCORE,), (Reason.NO_SCORE,)]
    assert found[3].signal is Signal.GREEN


def test_a_course_counts_from_its_first_score() -> None:
    late, early = read([16, 15, 14], [4, 6, 7], model=LINE), read([16, 15, 14], [1, 3, 4], model=LINE)
    assert [one.expected and one.expected.expected for one in late] == [
        one.expected and one.expected.expected for one in early
    ]


def test_without_norms_a_score_is_never_called_green() -> None:
    bare = yardstick(CustomMeasure("x", "X", Norms(0, 10, Direction.LOWER)))
    assert read([5, 6], rule=bare)[1].reasons == (Reason.NO_LEAST_CHANGE,)
    assert read([5, 6], rule=bare)[1].signal is None
    with pytest.raises(NotDefined):
        chance_of_healthy(LINE, update(LINE, [], []), bare, 8)


def test_the_joint_band_is_the_prior_conditioned_on_the_first_score() -> None:
    """By the joint normal distribution of the scores at session 1 and 6, a second route."""
    line = GrowthModel(LINE.beta, LINE.d, LINE.sigma2, ((0.5, -0.1), (-0.1, 0.2)))
    z = np.array([[1.0, 0.0], [1.0, math.log(6)]])
    covariance = z @ np.array(line.d) @ z.T + line.sigma2 * np.eye(2)
    weight = covariance[0, 1] / covariance[0, 0]
    mean = z @ np.array(line.beta)
    row = z[1] - weight * z[0]
    own = covariance[1, 1] - weight * covariance[0, 1]
    band = band_from_first(line, 21, 6)
    assert band.expected == pytest.approx(mean[1] + weight * (21 - mean[0]))
    assert band.sd**2 == pytest.approx(own + row @ np.array(line.beta_cov) @ row)


def test_a_static_line_starts_from_the_standardised_first_score() -> None:
    line = GrowthModel((15, -2.7, 1.2, -0.4), ((15, -2.3), (-2.3, 4.6)), 8.7, None, "", False, 15.0, 5.0)
    assert band_from_first(line, 20, 6) == course_band(line, 6, 1.0)
    band = course_band(line, 6, 1.0)
    chance = chance_of_healthy(line, update(line, [], [], 1.0), PHQ9, 6, first_score=20)
    assert chance == pytest.approx(NormalDist(band.expected, band.sd).cdf(9.5))


def test_more_scores_make_the_healthy_range_more_certain() -> None:
    falling = update(LINE, [1, 2, 3, 4], [16, 13, 11, 9])
    rising = update(LINE, [1, 2, 3, 4], [16, 17, 18, 20])
    assert chance_of_healthy(LINE, falling, PHQ9, 12) > 0.8 > 0.2 > chance_of_healthy(LINE, rising, PHQ9, 12)


def test_the_chance_of_health_counts_whole_scores_on_either_scale() -> None:
    """Below 10 is at most 9.5 by the continuity correction; above 17 at least 17.5; a cut between two scores alike."""
    known = update(LINE, [1, 2], [16, 14])
    ahead = forecast(LINE, known, 8)
    spread = NormalDist(ahead.mean, ahead.sd_observed)

    def chance(direction: Direction, cut: float) -> float:
        norms = Norms(0, 27, direction, 0.8, 17, 5, cut=cut)
        return chance_of_healthy(LINE, known, yardstick(CustomMeasure("x", "X", norms)), 8)

    assert [chance(Direction.LOWER, cut) for cut in (10, 9.2)] == pytest.approx([spread.cdf(9.5)] * 2)
    assert [chance(Direction.HIGHER, cut) for cut in (17, 17.8)] == pytest.approx([1 - spread.cdf(17.5)] * 2)


def test_where_higher_is_better_a_rise_is_the_better_chance() -> None:
    known = update(LINE, [1, 2], [16, 14])
    falls = chances_of_reliable_change(LINE, known, PHQ9, 8, first_score=16)
    rises = chances_of_reliable_change(LINE, known, replace(PHQ9, direction=Direction.HIGHER), 8, first_score=16)
    assert (rises.better, rises.worse) == (falls.worse, falls.better)
    with pytest.raises(NotDefined) as refused:
        chances_of_reliable_change(LINE, known, replace(PHQ9, least_change=None), 8, first_score=16)
    assert refused.value.field == "least_change"
    better, worse = falls.cards(8, LINE)
    assert (better.name, worse.name) == ("Chance of being reliably better", "Chance of being reliably worse")
    assert (better.inputs, better.n, better.source) == ((("session", 8),), 1, LINE.source)
    assert all(card.verified for card in falls.cards(8, replace(LINE, verified=True)))


@pytest.mark.parametrize("strict", [False, True])
def test_chances_of_a_reliable_change_by_counting_drawn_scores(strict: bool) -> None:
    """Whole scores drawn from the forecast, each judged by the rule itself."""
    norms = Norms(-100, 100, Direction.LOWER, 0.8, 17, 4.0, cut=10)
    rule = yardstick(CustomMeasure("x", "X", norms)) if strict else PHQ9
    known = update(LINE, [1, 2], [16, 14])
    found = chances_of_reliable_change(LINE, known, rule, 8, first_score=16)
    ahead = forecast(LINE, known, 8)
    drawn = np.round(np.random.default_rng(5).normal(ahead.mean, ahead.sd_observed, 20_000))
    verdicts = [rule.reliable(float(score) - 16) for score in drawn]
    assert found.better == pytest.approx(verdicts.count(1) / 20_000, abs=0.015)
    assert found.worse == pytest.approx(verdicts.count(-1) / 20_000, abs=0.005)
    assert [(card.value, card.verified) for card in found.cards(8, LINE)] == [
        (found.better, False),
        (found.worse, False),
    ]


def test_scores_and_sessions_belong_together() -> None:
    with pytest.raises(ClinicalError, match="sessions"):
        read([16, 15], [1])
    with pytest.raises(ClinicalError, match="order") as refused:
        read([16, 15], [2, 1])
    assert refused.value.field == "sessions"
    with pytest.raises(NotDefined) as undefined:
        chance_of_healthy(LINE, update(LINE, [], []), replace(PHQ9, cut=None), 8)
    assert undefined.value.field == "cut"


def test_whether_the_course_bent() -> None:
    yellow, red = read([16, 19])[1], read([16, 22])[1]
    white, unknown = read([16, 9])[1], read([16])[0]
    assert bent([unknown], Signal.RED) is Bend.NOT_YET_KNOWN
    assert bent([red, white], Signal.RED) is Bend.BETTER
    assert bent([red], Signal.YELLOW) is Bend.WORSE
    assert bent([yellow], Signal.RED) is bent([red], Signal.RED) is Bend.STILL_OFF


def test_every_field_asks_something_and_no_question_twice() -> None:
    prompts = [prompt for field in Field for prompt in field.prompts]
    assert all(field.prompts for field in Field)
    assert len(prompts) == len(set(prompts))


COURSES = st.lists(st.integers(0, 27), min_size=2, max_size=8)


@given(COURSES, st.booleans())
def test_mirroring_the_scale_changes_no_signal(course: list[int], with_line: bool) -> None:
    low = yardstick(CustomMeasure("x", "X", Norms(0, 27, Direction.LOWER, 0.8, 17, 5, cut=10)))
    high = yardstick(CustomMeasure("x", "X", Norms(0, 27, Direction.HIGHER, 0.8, 10, 5, cut=17)))
    mirrored = GrowthModel((27 - LINE.beta[0], -LINE.beta[1]), LINE.d, LINE.sigma2)
    there = read([float(one) for one in course], rule=low, model=LINE if with_line else None)
    back = read([27.0 - one for one in course], rule=high, model=mirrored if with_line else None)
    assert [(one.signal, one.rule, one.reasons) for one in there] == [
        (one.signal, one.rule, one.reasons) for one in back
    ]


@given(COURSES, st.sampled_from([0.5, 2.0, 4.0]), st.sampled_from([-8.0, 0.0, 16.0]))
def test_rescaling_changes_no_signal(course: list[int], by: float, shift: float) -> None:
    def norms(by: float, shift: float) -> Norms:
        return Norms(shift, 27 * by + shift, Direction.LOWER, 0.8, 17 * by + shift, 5 * by, cut=10 * by + shift)

    scaled = GrowthModel(
        (LINE.beta[0] * by + shift, LINE.beta[1] * by), as_matrix(np.array(LINE.d) * by**2), LINE.sigma2 * by**2
    )
    plain = read([float(one) for one in course], rule=yardstick(CustomMeasure("x", "X", norms(1, 0))), model=LINE)
    other = read(
        [one * by + shift for one in course], rule=yardstick(CustomMeasure("x", "X", norms(by, shift))), model=scaled
    )
    assert [one.signal for one in plain] == [one.signal for one in other]


@given(st.integers(0, 27), st.integers(2, 20), st.integers(0, 26))
def test_a_worse_score_never_gives_a_better_signal(first: int, session: int, score: int) -> None:
    order = list(Signal)
    for line in (LINE, None):
        better, worse = (read([first, one], [1, session], model=line)[1].signal for one in (score, score + 1))
        assert better and worse
        assert order.index(better) <= order.index(worse)
