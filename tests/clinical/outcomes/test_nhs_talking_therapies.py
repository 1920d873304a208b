"""The NHS rules: every possible pair of scores, the named cases, a service."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from tests.clinical.readers import numbers, rows

from rapport.clinical.outcomes.nhs_talking_therapies import (
    FinishedEpisode,
    NoThreshold,
    PairFlags,
    anxiety_measure,
    pair_flags,
    publishable_count,
    publishable_rate,
    service_rates,
    threshold,
)
from rapport.clinical.statistics.proportions import Rate, clopper_pearson_interval

EXPECTED = numbers("nhs_talking_therapies")
FLAGS = {
    "caseness_start": "case_at_start",
    "caseness_end": "case_at_end",
    "recovery": "recovery",
    "reliable_improvement": "reliable_improvement",
    "reliable_deterioration": "reliable_deterioration",
    "no_reliable_change": "no_reliable_change",
    "reliable_recovery": "reliable_recovery",
}


def found(flags: PairFlags) -> dict[str, int]:
    return {theirs: int(getattr(flags, ours).sum()) for theirs, ours in FLAGS.items()}


def test_all_379456_pairs_of_scores() -> None:
    grid = np.meshgrid(np.arange(28), np.arange(28), np.arange(22), np.arange(22), indexing="ij")
    flags = pair_flags(*grid)
    expected = EXPECTED["exhaustive_phq_gad"]
    assert flags.recovery.size == expected["n"]
    assert found(flags) == {name: expected[name] for name in FLAGS}
    assert (
        int((flags.recovery & ~flags.reliable_improvement).sum()) == expected["recovery_without_reliable_improvement"]
    )
    assert (
        int((flags.reliable_improvement & ~flags.case_at_start).sum())
        == (expected["reliable_improvement_not_case_at_start"])
    )


@pytest.mark.parametrize("case", EXPECTED["cases"], ids=lambda case: case["name"])
def test_named_cases(case: dict[str, Any]) -> None:
    assert found(pair_flags(case["p1"], case["p2"], case["a1"], case["a2"])) == {name: case[name] for name in FLAGS}


@pytest.mark.parametrize("case", EXPECTED["adsm"], ids=lambda case: f"{case['measure']} {case['a1']} to {case['a2']}")
def test_anxiety_specific_measures(case: dict[str, Any]) -> None:
    measure = case["measure"].lower().replace("-", "")
    known = threshold(measure)
    assert (known.case_from, known.reliable, known.strict) == (case["ac"], case["ar"], case["gt"])
    flags = pair_flags(case["p1"], case["p2"], case["a1"], case["a2"], measure)
    assert found(flags) == {name: case[name] for name in FLAGS}


def number(text: str) -> float | None:
    return None if text in ("", "NA") else float(text)


def test_a_service_with_people_who_have_no_second_score() -> None:
    episodes = [
        FinishedEpisode(*(number(row[name]) for name in ("phq_first", "phq_last", "gad_first", "gad_last")))
        for row in rows("nhs_service")
        if int(row["attended_treatment_sessions"]) >= 2
    ]
    rates, expected = service_rates(episodes), EXPECTED["service"]
    assert (rates.finished, rates.paired, rates.not_at_caseness) == (
        expected["finished"],
        expected["paired"],
        expected["not_at_caseness"],
    )
    for name in ("recovery", "reliable_improvement", "reliable_recovery", "reliable_deterioration"):
        rate = getattr(rates, name)
        assert rate.count == expected[name]
        assert rate.share == pytest.approx(expected[f"{name}_rate_nhs"])
    assert rates.no_reliable_change.count == expected["no_reliable_change"]
    assert rates.recovery_paired_only.share == pytest.approx(expected["recovery_rate_paired_only"])
    assert rates.recovery.interval == pytest.approx(tuple(expected["recovery_rate_wilson95"]))
    exact = clopper_pearson_interval(rates.recovery.count, rates.recovery.out_of)
    assert exact == pytest.approx(tuple(expected["recovery_rate_clopper95"]))


def test_small_numbers_are_not_published() -> None:
    assert [publishable_count(count) for count in (4, 7, 8, 12, 13, 498)] == [None, 5, 10, 10, 15, 500]
    assert publishable_rate(Rate(4, 200)) is None
    assert publishable_rate(Rate(0, 0)) is None
    assert publishable_rate(Rate(102, 479)) == 21.29


def test_five_people_may_be_published_and_four_may_not() -> None:
    assert publishable_count(5) == 5
    assert publishable_rate(Rate(5, 5)) == 100.0
    assert publishable_rate(Rate(5, 100)) == 5.0
    assert publishable_rate(Rate(0, 4)) is None


@pytest.mark.parametrize(
    ("episode", "below", "recovered", "cases"),
    [
        (FinishedEpisode(9, 4, 7, 3), 1, 0, 0),
        (FinishedEpisode(10, 4, 7, 3), 0, 1, 1),
        (FinishedEpisode(9, 4, 8, 3), 0, 1, 1),
        (FinishedEpisode(10, 10, 7, 3), 0, 0, 1),
        (FinishedEpisode(9, None, 7, None), 1, 0, 0),
        (FinishedEpisode(9, None, None, None), 0, 0, 0),
        (FinishedEpisode(None, None, 7, None), 0, 0, 0),
        (FinishedEpisode(20, 4, 20, None), 0, 0, 0),
        (FinishedEpisode(9, 4, 30, 5, "pcl5"), 1, 0, 0),
        (FinishedEpisode(9, 4, 33, 5, "pcl5"), 0, 1, 1),
    ],
)
def test_who_counts_in_which_denominator(episode: FinishedEpisode, below: int, recovered: int, cases: int) -> None:
    """Recovery is of those who were a case; whoever has no second score stays in it, not recovered."""
    rates = service_rates([episode])
    assert (rates.finished, rates.not_at_caseness) == (1, below)
    assert (rates.recovery, rates.reliable_recovery.out_of) == (Rate(recovered, 1 - below), 1 - below)
    assert rates.recovery_paired_only == Rate(recovered, cases)
    assert {
        rates.reliable_improvement.out_of,
        rates.reliable_deterioration.out_of,
        rates.no_reliable_change.out_of,
    } == {1}


def test_a_measure_without_a_threshold() -> None:
    with pytest.raises(NoThreshold) as refused:
        threshold("wellbeing_slider")
    assert refused.value.field == "measure"


def test_thresholds_from_memory_say_so() -> None:
    assert threshold("phq9").verified
    assert not threshold("oci").verified


def test_thresholds_are_those_in_force_on_the_day() -> None:
    assert threshold("phq9", date(2030, 1, 1)) == threshold("phq9", date(2001, 1, 1)) == threshold("phq9")
    with pytest.raises(NoThreshold):
        threshold("audit_c", date(2024, 1, 1))


def test_the_measure_for_the_problem_is_paired_only_with_both_scores() -> None:
    assert anxiety_measure("ptsd", ["ies_r", "gad7"]) == "ies_r"
    assert anxiety_measure("ptsd", ["ies_r", "pcl5"]) == "pcl5"
    assert anxiety_measure("social_anxiety", []) == anxiety_measure(None, ["spin"]) == "gad7"
    for problem, measure in (("agoraphobia", "mi"), ("ocd", "oci"), ("panic", "pdss"), ("health_anxiety", "hai")):
        assert anxiety_measure(problem, [measure]) == measure
        assert threshold(measure).measure == measure
