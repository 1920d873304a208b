"""Published figures: what is in the file, and which may stand beside which."""

import re
from datetime import date

import pytest
from tests.clinical.readers import rows

from rapport.clinical.outcomes.service.benchmarks import (
    Benchmark,
    BenchmarkDesign,
    NotComparable,
    OwnFigure,
    Position,
    benchmarks,
    candidates,
    comparable,
    measure_type,
    position,
)

BY_ID = {one.id: one for one in benchmarks()}
PHQ9 = OwnFigure("d_pre", "depression_self_report")


def test_every_figure_is_dated_sourced_and_named_once() -> None:
    assert len(BY_ID) == len(benchmarks()) > 100
    for one in benchmarks():
        assert one.source
        assert one.population
        assert re.match(r"20\d\d", one.as_of)
        assert one.low is None or one.high is None or one.low < one.value < one.high
        if len(one.as_of) == 10:
            date.fromisoformat(one.as_of)


def test_figures_from_memory_say_so() -> None:
    doubtful = {one.id for one in benchmarks() if not one.verified}
    assert {"minami_2007_itt", "cuijpers_2024_response_ptsd", "nhs_tt_standard_2024_25_reliable_recovery"} <= doubtful
    assert BY_ID["gaskell_2023_anxiety"].verified


def test_the_metapsy_figures_are_those_of_the_reference() -> None:
    ours = [one for one in benchmarks() if one.id.startswith("metapsy_")]
    for one, row in zip(ours, rows("metapsy_benchmarks"), strict=True):
        assert (one.value, one.low, one.high) == tuple(round(float(row[name]), 4) for name in ("g", "lo", "hi"))
        assert one.design is BenchmarkDesign.TRIAL_BETWEEN_GROUPS


@pytest.mark.parametrize("other", benchmarks(), ids=lambda one: one.id)
def test_an_uncontrolled_change_never_meets_a_difference_of_trials(other: Benchmark) -> None:
    if other.design is BenchmarkDesign.TRIAL_BETWEEN_GROUPS:
        assert not comparable(PHQ9, other)
        assert not comparable(OwnFigure("g_between", other.measure_type), other), "g without a control is no g"
        with pytest.raises(NotComparable):
            position(PHQ9, (0.5, 1.0), other)


def test_only_the_same_kind_of_measure() -> None:
    assert {one.id for one in candidates(PHQ9)} == {"gaskell_2023_depression"}
    assert not comparable(OwnFigure("d_pre", "depression_clinician"), BY_ID["gaskell_2023_depression"])
    assert not comparable(PHQ9, BY_ID["minami_2007_completers"]), "a PHQ-9 is no general measure of distress"
    assert measure_type("something of our own") is None


@pytest.mark.parametrize(
    ("interval", "where"),
    [((0.97, 1.2), Position.ABOVE), ((0.9, 1.1), Position.WITHIN), ((0.5, 0.95), Position.BELOW),
     ((0.96, 1.2), Position.WITHIN)],
)  # fmt: skip
def test_a_position_only_where_the_interval_excludes_the_figure(interval: tuple[float, float], where: Position) -> None:
    assert position(PHQ9, interval, BY_ID["gaskell_2023_depression"]) is where
