"""The expected course against practices whose truth is known, and the parts of the validation."""

import math
from dataclasses import replace

import numpy as np
import pytest

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.measures.norms import CustomMeasure, Direction, Norms
from rapport.clinical.measures.registry import load_instrument
from rapport.clinical.outcomes.batch.bands import bands_from_first
from rapport.clinical.outcomes.expected_course import GrowthModel, band_from_first, forecast, update
from rapport.clinical.outcomes.growth_prior import PHQ9_MOMENTS, Moments, prior_from_moments
from rapport.clinical.outcomes.learned_course import OwnLine, line_of_practice
from rapport.clinical.outcomes.signals import Rung, Signal, read_signals
from rapport.clinical.outcomes.validation import CourseTable, Practice, simulated_practice, validate
from rapport.clinical.outcomes.validation.alarms import AlarmRule, alarm_rows, red_flags
from rapport.clinical.outcomes.validation.coverage import coverage
from rapport.clinical.outcomes.validation.forecasts import foretell
from rapport.clinical.outcomes.validation.leave_out import bands_of
from rapport.clinical.outcomes.yardstick import yardstick

PHQ9 = yardstick(load_instrument("phq9"))
LINE = prior_from_moments(PHQ9_MOMENTS)
UNBOUNDED, BOUNDED = Practice(LINE), Practice(LINE, 0, 27)
STATIC = GrowthModel(
    (15, -2.7, 1.2, -0.4),
    ((15, -2.3), (-2.3, 4.6)),
    8.7,
    ((0.1, 0, 0, 0), (0, 0.1, 0, 0), (0, 0, 0.1, 0), (0, 0, 0, 0.1)),
    "",
    False,
    15.0,
    5.0,
)


def test_where_the_truth_is_normal_the_band_holds_what_it_says_in_every_third() -> None:
    table = simulated_practice(UNBOUNDED, 3000, seed=11)
    found = validate(table, rule=PHQ9, prior=LINE, folds=5)
    assert found.rungs == (Rung.STRATA,)
    shares = [found.coverage.share, *(third.share for third in found.thirds)]
    assert all(share is not None and 0.77 <= share <= 0.83 for share in shares)
    assert found.calibrated
    assert 0.08 < found.red_share < 0.18


@pytest.mark.parametrize(("n", "rung"), [(100, Rung.PRIOR_AND_PRACTICE), (400, Rung.OWN_MODEL)])
def test_on_the_lower_rungs_too(n: int, rung: Rung) -> None:
    """Many small practices of one truth, so that chance does not decide."""
    other = replace(LINE, beta=(14.0, -2.4), sigma2=7.0)
    inside = total = 0
    for seed in range(6):
        table = simulated_practice(Practice(other), n, seed=seed)
        found = validate(table, rule=PHQ9, prior=LINE, folds=4, seed=seed)
        assert found.rungs == (rung,)
        inside, total = inside + found.coverage.inside, total + found.coverage.n_scores
    assert 0.77 <= inside / total <= 0.83


def test_the_forecast_beats_the_last_value_and_reliable_change_only() -> None:
    found = validate(simulated_practice(BOUNDED, 1500, seed=2), rule=PHQ9, prior=LINE, folds=4)
    assert [one.way for one in found.errors] == ["forecast", "last_value", "reliable_change_only"]
    assert [one.beats for one in found.nearer] == [True, True]
    assert found.errors[0].rmse < min(one.rmse for one in found.errors[1:])


def test_bounded_scores_break_the_band_where_it_reaches_past_an_end() -> None:
    """Mild courses on 0 to 27, judged by the very line they were drawn from."""
    mild = prior_from_moments(Moments(6, 4.0, 3.0, 3.5, 0.45, 0.84, 8))
    table = simulated_practice(Practice(mild, 0, 27), 3000, seed=3)
    found = validate(table, rule=PHQ9, prior=mild, folds=2, learn=False)
    assert found.rungs == (Rung.PRIOR,)
    past, within = found.past_the_end.share, found.within_the_scale.share
    assert past is not None and within is not None
    assert past > 0.86
    assert 0.77 <= within <= 0.83
    assert found.calibrated is False
    assert 0.08 < found.beyond_worse < 0.12  # what is missing is missing below


def test_a_line_that_is_wrong_is_found_out() -> None:
    """The same bands around a line that expects far too much."""
    table = simulated_practice(UNBOUNDED, 600, seed=5)
    wrong = OwnLine(Rung.PRIOR, 0, (replace(LINE, beta=(15.0, -8.0)),))
    expected, sd = bands_of(wrong, table)
    later = table.session > 1
    inside = (np.abs(table.score - expected) <= 1.2816 * sd)[later]
    share = coverage(inside, table.client[later]).share
    assert share is not None
    assert share < 0.6


@pytest.mark.parametrize("model", [LINE, replace(LINE, beta_cov=((0.5, -0.1), (-0.1, 0.2))), STATIC])
def test_bands_for_columns_are_the_bands_one_by_one(model: GrowthModel) -> None:
    first, sessions = np.arange(0.0, 27, 3), np.arange(2.0, 11)
    expected, sd = bands_from_first(model, first, sessions)
    one = [band_from_first(model, a, b) for a, b in zip(first, sessions, strict=True)]
    np.testing.assert_allclose(expected, [band.expected for band in one])
    np.testing.assert_allclose(sd, [band.sd for band in one])


@pytest.mark.parametrize("turned", [False, True])
def test_red_flags_are_the_signals_of_each_course(turned: bool) -> None:
    table, rule, line = simulated_practice(BOUNDED, 150, seed=3), PHQ9, LINE
    if turned:
        norms = Norms(0, 27, Direction.HIGHER, 0.84, 10, 5.8, cut=17)
        rule, line = yardstick(CustomMeasure("x", "X", norms)), replace(LINE, beta=(27 - LINE.beta[0], -LINE.beta[1]))
        table = replace(table, score=27 - table.score)
    flags = red_flags(table, rule, *bands_from_first(line, table.first_of_row, table.session))
    for alarm, model in ((AlarmRule.EXPECTED_COURSE, line), (AlarmRule.RATIONAL, None)):
        signals: list[Signal | None] = []
        for start, stop in zip(table.starts[:-1], table.starts[1:], strict=True):
            course = table.score[start:stop].tolist(), [int(one) for one in table.session[start:stop]]
            read = read_signals(*course, yardstick=rule, model=model, rung=Rung.PRIOR, model_version="1")
            signals += [one.signal for one in read]
        assert flags.red[alarm].tolist() == [one is Signal.RED for one in signals]
        if model is not None:
            assert flags.yellow.tolist() == [one is Signal.YELLOW for one in signals]


def test_what_is_foretold_is_the_forecast_of_each_client() -> None:
    table = simulated_practice(BOUNDED, 40, seed=6)
    found = foretell(OwnLine(Rung.PRIOR, 0, (LINE,)), table, PHQ9, known=3)
    position = 0
    for start, stop in zip(table.starts[:-1], table.starts[1:], strict=True):
        sessions, scores = table.session[start:stop], table.score[start:stop]
        if sessions[-1] <= 3:
            continue
        seen = sessions <= 3
        known = update(LINE, sessions[seen].tolist(), scores[seen].tolist())
        assert found.forecast[position] == pytest.approx(forecast(LINE, known, sessions[-1]).mean)
        newest, first = scores[seen][-1], scores[0]
        assert found.last_value[position] == newest
        assert found.reliable_only[position] == (newest if abs(newest - first) >= 6 else first)
        position += 1
    assert position == len(found.truth)


def test_therapists_are_left_out_with_all_their_clients() -> None:
    table = simulated_practice(BOUNDED, 300, seed=7, therapists=12)
    found = validate(table, rule=PHQ9, prior=LINE, folds=4)
    assert found.left_out == "therapists"
    assert found.card().n == found.coverage.n_scores
    with pytest.raises(ClinicalError, match="folds"):
        validate(table, rule=PHQ9, prior=LINE, folds=13)


def test_alarms_count_only_those_whose_end_is_to_come() -> None:
    table = CourseTable.of([1, 1, 1, 2, 2, 2, 3, 3], [1, 2, 3] * 2 + [1, 2], [12, 19, 20, 12, 12, 11, 12, 25])
    flags = red_flags(table, PHQ9, *bands_from_first(LINE, table.first_of_row, table.session))
    rows = {(row.rule, row.until): row for row in alarm_rows(table, flags, horizons=(2, 3))}
    row = rows[AlarmRule.RELIABLE_CHANGE_ONLY, 2]
    assert (row.table.both, row.table.sign_only, row.table.outcome_only, row.table.neither) == (1, 0, 0, 1)
    assert row.first_alarm == 2
    assert rows[AlarmRule.RELIABLE_CHANGE_ONLY, 3].table.n == 0


def test_the_ladder_and_its_strata() -> None:
    def line(n: int) -> OwnLine:
        table = simulated_practice(UNBOUNDED, n, seed=n)
        return line_of_practice(table.client, table.session, table.score, table.first_of_row, prior=LINE)

    assert line(10).models == (LINE,)
    assert line(150).rung is Rung.PRIOR_AND_PRACTICE
    own, strata = line(300), line(1300)
    assert (own.rung, len(own.models[0].beta)) == (Rung.OWN_MODEL, 4)
    assert (strata.rung, len(strata.models), len(strata.edges)) == (Rung.STRATA, 5, 4)
    assert strata.model_for(-50) is strata.models[0]
    assert strata.model_for(90) is strata.models[4]


def test_people_who_all_began_alike_have_a_line_too() -> None:
    table = simulated_practice(UNBOUNDED, 300, seed=9)
    alike = np.where(table.session == 1, 15.0, table.score)
    found = line_of_practice(table.client, table.session, alike, np.full(len(alike), 15.0), prior=LINE)
    assert found.models[0].beta[2:] == (0, 0)
    assert found.models[0].intake_of(15.0) == 0


def test_a_file_in_any_order_makes_the_same_table() -> None:
    table = CourseTable.of([2, 1, 1, 1], [4, 9, 7, 8], [10, math.nan, 16, 12], ["ann", "bob", "bob", "bob"])
    assert table.client.tolist() == [0, 0, 1]
    assert table.session.tolist() == [1, 2, 1]
    assert table.therapist is not None
    assert table.therapist.tolist() == [1, 0]
    assert table.some(np.array([False, True])).score.tolist() == [10]


def test_refusals_name_the_column() -> None:
    with pytest.raises(ClinicalError, match="scores"):
        CourseTable.of([1], [1], [math.nan])
    with pytest.raises(ClinicalError, match="scores"):
        CourseTable.of([1], [1, 2], [3])
    with pytest.raises(ClinicalError, match="sessions"):
        CourseTable.of([1, 1], [2, 2], [3, 4])
    table = simulated_practice(BOUNDED, 30, seed=1)
    bare = yardstick(CustomMeasure("x", "X", Norms(0, 27, Direction.LOWER)))
    with pytest.raises(ClinicalError, match="rule"):
        validate(table, rule=bare, prior=LINE)
    with pytest.raises(ClinicalError, match="folds"):
        validate(table, rule=PHQ9, prior=LINE, folds=1)


def test_a_small_file_of_first_scores_says_that_nothing_can_be_judged() -> None:
    table = CourseTable.of([1, 2, 3], [1, 1, 1], [9, 8, 7])
    found = validate(table, rule=PHQ9, prior=LINE, folds=2)
    assert (found.coverage.share, found.calibrated, found.errors) == (None, None, ())
    assert found.card().reason == "no_later_score"
