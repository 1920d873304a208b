"""The cards behind an expected course: of whom they speak, for which session, and what they do not promise."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from rapport.clinical.kernel.cards import NumberCard
from rapport.clinical.measures.registry import load_instrument
from rapport.clinical.outcomes.expected_course import GrowthModel, band_from_first, update
from rapport.clinical.outcomes.following.forecast_cards import forecast_cards, told_for
from rapport.clinical.outcomes.growth_prior import PHQ9_MOMENTS, prior_from_moments
from rapport.clinical.outcomes.signals import Rung, chance_of_healthy, read_signals
from rapport.clinical.outcomes.yardstick import Yardstick, yardstick

PHQ9 = yardstick(load_instrument("phq9"))
LINE = replace(prior_from_moments(PHQ9_MOMENTS), source="Assumed moments")


def cards(
    scores: list[float],
    sessions: list[int],
    *,
    model: GrowthModel = LINE,
    rule: Yardstick = PHQ9,
    rung: Rung = Rung.PRIOR,
) -> tuple[NumberCard, ...]:
    read = read_signals(scores, sessions, yardstick=rule, model=model, rung=rung, model_version="assumed/1")
    return forecast_cards(read, model=model, yardstick=rule, n_clients=7)


def test_a_chance_is_told_for_the_next_sixth_session_that_is_not_just_ahead() -> None:
    assert [told_for(session) for session in (1, 4, 5, 10, 11)] == [6, 6, 12, 12, 18]


def test_both_cards_say_of_whom_and_from_what() -> None:
    now, chance = cards([16, math.nan, 14], [3, 4, 5])
    band = band_from_first(LINE, 16, 3)
    assert (now.name, now.value, now.unit, now.n) == ("Expected by now", band.expected, "points", 1)
    assert now.inputs == (("session", 5), ("first score", 16), ("line", "assumed/1"), ("clients of this practice", 7))
    assert now.interval == (max(0, band.low80), min(27, band.high80))
    assert (now.version, now.source, now.verified) == ("expected_course/1", "Assumed moments", False)
    assert now.formula == "mean of people who began at the same score"
    known = update(LINE, [1, 3], [16, 14])
    assert chance.value == pytest.approx(chance_of_healthy(LINE, known, PHQ9, 10))
    assert chance.inputs == (
        ("at session", 12), ("cut-off", 10), ("line", "assumed/1"), ("clients of this practice", 7),
    )  # fmt: skip
    assert (chance.name, chance.unit, chance.n) == ("Chance of the healthy range", "share", 2)
    assert (chance.version, chance.source, chance.verified) == ("chance_of_healthy/1", "Assumed moments", False)


def test_of_many_scores_the_last_tells_where_one_stands() -> None:
    now, chance = cards([16, 14, 15, 11], [1, 2, 3, 11])
    assert (now.value, now.inputs[0]) == (band_from_first(LINE, 16, 11).expected, ("session", 11))
    assert chance.inputs[0] == ("at session", 18)
    assert chance.formula == "Φ((cut − ½ − forecast) / its SD)"


@pytest.mark.parametrize(("scores", "sessions"), [([], []), ([16], [1]), ([math.nan, 16], [1, 2])])
def test_with_one_score_nothing_is_foretold(scores: list[float], sessions: list[int]) -> None:
    assert cards(scores, sessions) == ()


def test_without_a_cut_off_no_healthy_range_is_foretold() -> None:
    assert [card.name for card in cards([16, 14], [1, 2], rule=replace(PHQ9, cut=None))] == ["Expected by now"]


@pytest.mark.parametrize("rung", list(Rung))
def test_only_a_line_learned_here_counts_as_verified(rung: Rung) -> None:
    own = rung in {Rung.OWN_MODEL, Rung.STRATA}
    assert {card.verified for card in cards([16, 14], [1, 2], rung=rung)} == {own}


def test_a_band_is_shown_no_further_than_the_scale() -> None:
    wide = GrowthModel((15, 0), ((300, 0), (0, 300)), 400)
    assert cards([16, 14], [1, 2], model=wide)[0].interval == (0, 27)


def test_a_line_that_starts_from_the_first_score_learns_of_the_later_ones_only() -> None:
    line = GrowthModel((15, -2.7, 1.2, -0.4), ((15, -2.3), (-2.3, 4.6)), 8.7, None, "", False, 15.0, 5.0)
    _, chance = cards([20, 14, 12], [1, 2, 3], model=line)
    known = update(line, [2, 3], [14, 12], 1.0)
    assert chance.value == pytest.approx(chance_of_healthy(line, known, PHQ9, 6, first_score=20))
    assert chance.n == 3
