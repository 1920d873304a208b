"""The service report: the reference service, a small one counted by hand, and what holds for every one."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.clinical.readers import numbers, rows

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.measures.norms import CustomMeasure, Direction, Norms
from rapport.clinical.measures.registry import load_instrument
from rapport.clinical.outcomes.cut_offs import ChangeClass
from rapport.clinical.outcomes.nhs_talking_therapies import FinishedEpisode, service_rates
from rapport.clinical.outcomes.service.benchmarks import Position
from rapport.clinical.outcomes.service.ends import ends_of, first_improvement, reliable
from rapport.clinical.outcomes.service.flags import Outcomes
from rapport.clinical.outcomes.service.parts import (
    Aside,
    Curve,
    Grain,
    LimitCode,
    MissingMethod,
    RateCode,
    ReportPeriod,
    Rule,
    ServiceReport,
)
from rapport.clinical.outcomes.service.publishing import publishable
from rapport.clinical.outcomes.service.report import NoYardstick, service_report
from rapport.clinical.outcomes.service.table import NEVER, Ending, ServiceTable, service_table
from rapport.clinical.outcomes.service.timing import dose
from rapport.clinical.outcomes.yardstick import Basis, Yardstick, yardstick

PERIOD = ReportPeriod(date(2025, 1, 1), date(2026, 1, 1))
START = (PERIOD.start - date(1970, 1, 1)).days
RULES = {one: yardstick(load_instrument(one)) for one in ("phq9", "gad7")}
ENDINGS = {"planned": Ending.PLANNED, "unplanned": Ending.UNPLANNED, "open": Ending.OPEN, "other": Ending.OTHER}


def a_table(episodes: list[dict[str, Any]], measures: tuple[str, ...] = ("phq9", "gad7")) -> ServiceTable:
    """``scores``: (measure, day, value); days count from the first of the period."""
    scores = [(row, *score) for row, one in enumerate(episodes) for score in sorted(one["scores"], key=lambda s: s[1])]

    def day(one: dict[str, Any], name: str) -> int:
        return NEVER if one.get(name) is None else START + one[name]

    return service_table(
        measures=measures,
        referred=np.array([START + one.get("referred", 0) for one in episodes], np.int32),
        started=np.array([day(one, "started") for one in episodes], np.int32),
        finished=np.array([day(one, "finished") for one in episodes], np.int32),
        sessions=np.array([one.get("sessions", 8) for one in episodes]),
        ending=np.array([ENDINGS[one.get("ending", "planned")] for one in episodes]),
        score_episode=np.array([one[0] for one in scores], np.int32),
        score_measure=np.array([measures.index(one[1]) for one in scores], np.int32),
        score_day=np.array([START + one[2] for one in scores], np.int32),
        score_value=np.array([one[3] for one in scores], float),
    )


def known(row: dict[str, str], name: str) -> float | None:
    return None if row[name] in ("", "NA") else float(row[name])


def reference_table() -> ServiceTable:
    episodes = []
    for row in rows("nhs_service"):
        scores = [
            (measure, day, known(row, f"{short}_{end}"))
            for measure, short in (("phq9", "phq"), ("gad7", "gad"))
            for day, end in ((0, "first"), (90, "last"))
        ]
        episodes.append({
            "started": 0, "finished": 90, "sessions": int(row["attended_treatment_sessions"]),
            "scores": [one for one in scores if one[2] is not None],
        })  # fmt: skip
    return a_table(episodes)


def test_the_reference_service() -> None:
    expected = numbers("nhs_talking_therapies")["service"]
    report = service_report(reference_table(), PERIOD, RULES)
    assert report.rule is Rule.NHS_PAIR
    assert report.activity.finished == expected["finished"]
    assert report.activity.paired == expected["paired"]
    found = {one.code.value: one for one in report.rates}
    for name in (
        "recovery",
        "reliable_recovery",
        "reliable_improvement",
        "reliable_deterioration",
        "no_reliable_change",
    ):
        assert found[name].count == expected[name]
    for name in ("recovery", "reliable_recovery", "reliable_improvement", "reliable_deterioration"):
        assert found[name].share == pytest.approx(expected[f"{name}_rate_nhs"], rel=1e-12)
    assert found["recovery"].out_of == expected["finished"] - expected["not_at_caseness"]
    assert found["recovery"].interval == pytest.approx(tuple(expected["recovery_rate_wilson95"]))
    assert found["recovery_paired"].share == pytest.approx(expected["recovery_rate_paired_only"])
    assert found["paired"].share == pytest.approx(expected["paired_pct"] / 100)


def test_it_counts_as_the_slow_way_does() -> None:
    report = service_report(reference_table(), PERIOD, RULES)
    slow = service_rates([
        FinishedEpisode(*(known(row, name) for name in ("phq_first", "phq_last", "gad_first", "gad_last")))
        for row in rows("nhs_service") if int(row["attended_treatment_sessions"]) >= 2
    ])  # fmt: skip
    for code in (RateCode.RECOVERY, RateCode.RELIABLE_IMPROVEMENT, RateCode.NO_RELIABLE_CHANGE):
        one, other = report.rate(code), getattr(slow, code.value)
        assert one is not None
        assert (one.count, one.out_of) == (other.count, other.out_of)


def pair(first: float, last: float | None, end: int = 60) -> list[tuple[str, int, float]]:
    scores = [("phq9", 0, first), ("gad7", 0, 5)]
    return scores if last is None else [*scores, ("phq9", end, last), ("gad7", end, 5)]


SMALL: list[dict[str, Any]] = [
    {"started": 10, "finished": 100, "scores": pair(18, 4)},
    {"started": 10, "finished": 100, "scores": pair(18, 16)},
    {"started": 10, "finished": 200, "scores": pair(12, 20), "ending": "unplanned"},
    {"started": 10, "finished": 200, "scores": pair(15, None), "ending": "unplanned", "sessions": 3},
    {"started": 10, "finished": 40, "scores": pair(15, None), "ending": "unplanned", "sessions": 1},
    {"started": 10, "finished": 210, "scores": pair(3, 2)},
    {"started": 20, "ending": "open", "scores": pair(14, 12)},
    {"ending": "open", "sessions": 0, "scores": []},
    {"finished": 30, "ending": "other", "sessions": 0, "scores": []},
]


def small() -> ServiceReport:
    return service_report(a_table(SMALL), PERIOD, RULES, question="How are we doing?")


def test_a_small_service_counted_by_hand() -> None:
    report = small()
    assert [(one.step.value, one.count) for one in report.flow] == [
        ("referred", 9), ("started", 7), ("finished", 5), ("paired", 4),
    ]  # fmt: skip
    asides = dict(pair for step in report.flow for pair in step.aside)
    assert asides == {
        Aside.WAITING: 1,
        Aside.ENDED_BEFORE_START: 1,
        Aside.IN_TREATMENT: 1,
        Aside.ENDED_BEFORE_TWO_SESSIONS: 1,
        Aside.NO_SECOND_SCORE: 1,
    }
    counted = {one.code.value: (one.count, one.out_of) for one in report.rates}
    assert counted == {
        "paired": (4, 5),
        "recovery": (1, 4),
        "reliable_recovery": (1, 4),
        "reliable_improvement": (1, 5),
        "reliable_deterioration": (1, 5),
        "no_reliable_change": (2, 5),
        "reliable_improvement_paired": (1, 4),
        "recovery_paired": (1, 3),
        "unplanned_ending": (2, 5),
    }
    assert dict(report.measures[0].classes) == {
        ChangeClass.RECOVERED: 1,
        ChangeClass.IMPROVED: 0,
        ChangeClass.UNCHANGED: 2,
        ChangeClass.DETERIORATED: 1,
    }


def test_missing_end_scores_side_by_side() -> None:
    by_method = {one.method: one for one in small().missing[0].rows}
    assert by_method[MissingMethod.LAST_CARRIED].n == by_method[MissingMethod.BASELINE_CARRIED].n == 6
    assert by_method[MissingMethod.LAST_CARRIED].improvement == pytest.approx((14 + 2 - 8 + 0 + 0 + 1) / 6)
    assert by_method[MissingMethod.BASELINE_CARRIED].improvement == pytest.approx((14 + 2 + 0 + 0 + 0 + 1) / 6)
    assert by_method[MissingMethod.COMPLETERS].improvement == pytest.approx((14 + 2 + 1) / 3)
    assert by_method[MissingMethod.COMPLETERS].n == 3


def test_a_growth_line_through_every_score() -> None:
    """Everybody falls by 3 points per unit of ln(1 + weeks) and half stop answering after week 2: the line knows."""
    rng = np.random.default_rng(5)
    episodes = []
    for each in range(200):
        answered = 10 if each % 2 else 2
        start = rng.normal(18, 3)
        scores = [("phq9", 7 * week, start - 3 * np.log1p(week) + rng.normal(0, 1)) for week in range(answered + 1)]
        episodes.append({"started": 0, "finished": 70, "scores": scores})
    (found,) = service_report(a_table(episodes, ("phq9",)), PERIOD, RULES).missing
    by_method = {one.method: one.improvement or 0 for one in found.rows}
    assert by_method[MissingMethod.ALL_SCORES] == pytest.approx(3 * np.log(11), abs=0.3)
    assert by_method[MissingMethod.LAST_CARRIED] < 6
    assert small().missing[0].rows[0].reason == "too_few"


def test_limits_are_said() -> None:
    codes = {one.code: dict(one.values) for one in small().limits}
    assert {LimitCode.NO_CONTROL, LimitCode.REGRESSION_TO_THE_MEAN, LimitCode.SMALL_N} <= set(codes)
    assert codes[LimitCode.PAIRING] == {"count": 4, "out_of": 5, "share": 0.8}
    assert LimitCode.MISSING_END_DATA not in codes, "exactly a fifth is not more than a fifth"
    report = service_report(a_table(SMALL), PERIOD, RULES, therapist_assessed=True)
    assert LimitCode.THERAPIST_ASSESSED in {one.code for one in report.limits}


def test_a_quarter_stays_in_the_row_when_nobody_finished() -> None:
    trend = next(one for one in small().trends if one.code is RateCode.RELIABLE_IMPROVEMENT)
    assert [(point.start.month, point.rate.count, point.rate.out_of) for point in trend.points] == [
        (1, 0, 0), (4, 1, 2), (7, 0, 3), (10, 0, 0),
    ]  # fmt: skip
    assert trend.points[0].rate.reason == "nobody"
    part = replace(PERIOD, start=date(2025, 2, 1))
    months = service_report(a_table(SMALL), part, RULES, grain=Grain.QUARTER).trends[0].points
    assert [point.partial for point in months] == [True, False, False, False]


def test_the_anxiety_measure_of_the_problem_counts_where_it_has_both_scores() -> None:
    """Social anxiety with SPIN twice is read on SPIN; with SPIN once, on GAD-7."""
    measures = ("phq9", "gad7", "spin")

    def scores(spin: list[float]) -> list[tuple[str, int, float]]:
        answered = [("spin", 60 * place, value) for place, value in enumerate(spin)]
        return [("phq9", 0, 4), ("phq9", 60, 4), ("gad7", 0, 12), ("gad7", 60, 11), *answered]

    table = a_table(
        [{"started": 0, "finished": 90, "scores": scores(spin)} for spin in ([40, 12], [40], [40, 12])], measures
    )
    norms = Norms(0, 68, Direction.LOWER, 0.86, clinical_mean=42, clinical_sd=11, cut=19)
    rules = {**RULES, "spin": yardstick(CustomMeasure("spin", "SPIN", norms))}
    plain = service_report(table, PERIOD, rules).rate(RateCode.RECOVERY)
    chosen = service_report(replace(table, specific=np.array([2, 2, -1], np.int8)), PERIOD, rules)
    found = chosen.rate(RateCode.RECOVERY)
    assert plain is not None and found is not None
    assert (plain.count, plain.out_of) == (0, 3)
    assert (found.count, found.out_of) == (1, 3)
    assert chosen.rule_measures == ("phq9", "gad7", "spin")
    assert chosen.activity.paired == 3
    assert dict(next(one.values for one in chosen.limits if one.code is LimitCode.UNVERIFIED_VALUES))["values"] == 2


def many(n: int = 60) -> list[dict[str, Any]]:
    return [
        {
            "started": 0, "finished": 7 * (2 + each % 10), "sessions": 2 + each % 10,
            "ending": "unplanned" if each % 3 == 0 else "planned",
            "scores": [("phq9", 7 * week, max(16 + each % 5 - week * (each % 4), 2)) for week in range(2 + each % 10)]
            + [("gad7", 0, 12 + each % 3), ("gad7", 7, 13)],
        }
        for each in range(n)
    ]  # fmt: skip


def test_curves_and_dose_of_a_larger_service() -> None:
    report = service_report(a_table(many()), PERIOD, RULES)
    unplanned, planned = report.endings
    assert (unplanned.curve, planned.curve) == (Curve.UNPLANNED_ENDING, Curve.PLANNED_ENDING)
    assert unplanned.points[-1].share == pytest.approx(20 / 60)
    assert unplanned.points[-1].share + planned.points[-1].share == pytest.approx(1)
    better, left = report.improvement
    assert better.points[-1].share + left.points[-1].share == pytest.approx(1)
    courses = [[score[2] for score in one["scores"] if score[0] == "phq9"] for one in many()]
    slow = sum(min(course) <= course[0] - 6 for course in courses)
    assert better.points[-1].share == pytest.approx(slow / 60)
    assert report.dose.n == 60
    assert sum(point.rate.out_of or 0 for point in report.dose.points) == 60


def test_a_number_of_sessions_that_cannot_be_bounded_is_not_given() -> None:
    """300 of 1,000 recovered in two sessions and 301 of 1,000 in twenty: the interval of the half-way has no end."""
    sessions = np.repeat(np.array([2, 20], np.int32), 1000)
    well = np.concatenate([np.arange(1000) < 300, np.arange(1000) < 301])
    all_of, none = np.ones(2000, np.bool_), np.zeros(2000, np.bool_)
    found = dose(sessions, Outcomes(Rule.NHS_PAIR, ("phq9", "gad7"), all_of, none, well, well, well, none))
    assert (found.half_by, found.interval, found.reason) == (None, None, "no_spread")
    assert [point.rate.count for point in found.points] == [300, 301]


def test_comparison_only_with_what_may_stand_beside_it() -> None:
    beside = service_report(a_table(many()), PERIOD, RULES).comparisons
    assert {one.benchmark.design.value for one in beside} == {"national_service", "routine_uncontrolled"}
    assert {one.benchmark.as_of for one in beside if one.figure == "recovery"} == {"2025-03-31"}
    for one in beside:
        assert one.interval is not None
        low, high = one.interval
        assert (one.position is Position.WITHIN) == (low <= one.benchmark.value <= high)


def test_one_measure_is_read_by_reliable_change() -> None:
    norms = Norms(0, 40, Direction.HIGHER, 0.8, clinical_mean=12, clinical_sd=5, functional_mean=28, functional_sd=6)
    measure = CustomMeasure("mood", "Mood", norms)
    table = a_table(
        [{"started": 0, "finished": 90, "scores": [("mood", 0, 10), ("mood", 80, last)]} for last in (30, 19, 11, 2)],
        ("mood",),
    )
    report = service_report(table, PERIOD, {"mood": yardstick(measure)})
    assert (report.rule, report.rate(RateCode.RECOVERY)) == (Rule.ONE_MEASURE, None)
    assert [count for _, count in report.measures[0].classes] == [1, 1, 1, 1]
    assert report.comparisons == (), "nobody said of what kind this measure is"


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 4000), st.integers(1, 400), st.sampled_from([0, 0, 1, -1]), st.sampled_from(list(Direction)))
def test_a_change_of_exactly_the_threshold_is_decided_as_it_was_written(
    first: int, least: int, off: int, direction: Direction
) -> None:
    """Scores in tenths, kept in single precision, where 40.3 − 34.2 is 6.0999985."""
    last = first + direction.sign * (least + off)
    scores = [np.array([one / 10], np.float32) for one in (first, last)]
    for basis, counts in ((Basis.NHS, off >= 0), (Basis.JACOBSON_TRUAX, off > 0)):
        rule = Yardstick(basis, direction, -1000, 1000, None, None, least / 10, "", verified=True)
        better, worse = reliable(*scores, rule)
        assert (bool(better[0]), bool(worse[0])) == (counts, False)
        worse_first, better_first = reliable(*reversed(scores), rule)
        assert (bool(worse_first[0]), bool(better_first[0])) == (False, counts)
        assert rule.reliable(last / 10 - first / 10) == (1 if counts else 0)


def test_a_mean_of_items_on_the_edge_of_the_nhs_rules() -> None:
    """The mobility inventory: more than 2.3 is a case, 0.73 is reliable; in single precision neither number exists."""
    measures = ("phq9", "gad7", "mi")
    table = a_table([
        {"started": 0, "finished": 90, "scores": [("phq9", 0, 4), ("phq9", 60, 4), ("gad7", 0, 3), ("gad7", 60, 3),
                                                  ("mi", 0, first), ("mi", 60, last)]}
        for first, last in ((2.4, 1.67), (2.4, 1.68), (2.3, 1.0), (2.31, 1.58), (3.1, 2.37))
    ], measures)  # fmt: skip
    norms = Norms(1, 5, Direction.LOWER, 0.9, clinical_mean=3, clinical_sd=0.8, cut=2.3)
    rules = {**RULES, "mi": yardstick(CustomMeasure("mi", "MI", norms))}
    report = service_report(replace(table, specific=np.full(5, 2, np.int8)), PERIOD, rules)
    counts = {one.code: (one.count, one.out_of) for one in report.rates}
    assert counts[RateCode.RELIABLE_IMPROVEMENT] == (4, 5)
    assert counts[RateCode.RECOVERY] == (3, 4)
    assert counts[RateCode.RELIABLE_RECOVERY] == (2, 4)


def test_the_first_day_of_an_improvement_is_read_at_the_same_edge() -> None:
    rule = Yardstick(Basis.NHS, Direction.LOWER, 0, 1000, None, None, 6.1, "", verified=True)
    table = a_table(
        [{"started": 0, "finished": 90, "scores": [("x", 0, 140.3), ("x", 7, 134.3), ("x", 14, 134.2)]}], ("x",)
    )
    assert first_improvement(table, ends_of(table).first[0], 0, rule).tolist() == [START + 14]


def test_the_order_of_rows_does_not_matter() -> None:
    table = a_table(many())
    mixed = np.random.default_rng(3).permutation(table.n_scores)
    columns = {name: getattr(table, name) for name in table.__slots__}
    for name in ("score_episode", "score_measure", "score_day", "score_value"):
        columns[name] = columns[name][mixed]
    one, other = service_table(**columns), table
    without = [service_report(each, PERIOD, RULES, growth_line=False) for each in (one, other)]
    assert without[0] == without[1]
    lines = [service_report(each, PERIOD, RULES).missing[0].rows[0].improvement for each in (one, other)]
    assert lines[0] == pytest.approx(lines[1], rel=1e-9), "a sum differs in its last digit with its order"


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 27), st.none() | st.integers(0, 27), st.integers(0, 12)), min_size=1))
def test_classes_and_flow_add_up_to_everybody(found: list[tuple[int, int | None, int]]) -> None:
    table = a_table([
        {"started": 1, "finished": 90, "sessions": sessions, "scores": pair(first, last)}
        for first, last, sessions in found
    ])  # fmt: skip
    report = service_report(table, PERIOD, RULES)
    n = report.activity.finished
    counts = {one.code: one.count or 0 for one in report.rates}
    changed = counts[RateCode.RELIABLE_IMPROVEMENT] + counts[RateCode.RELIABLE_DETERIORATION]
    assert changed + counts[RateCode.NO_RELIABLE_CHANGE] == report.activity.paired
    assert n == sum(sessions >= 2 for _, _, sessions in found)
    assert sum(count or 0 for _, count in report.measures[0].classes) == report.measures[0].paired


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"referred": np.array([], np.int32)}, "referred"),
        ({"finished": np.array([START - 5], np.int32)}, "finished"),
        ({"ending": np.array([0])}, "ending"),
        ({"ending": np.array([9])}, "ending"),
        ({"sessions": np.array([-1])}, "sessions"),
        ({"sessions": np.array(["eight"])}, "sessions"),
        ({"sessions": np.array([2.5])}, "sessions"),
        ({"sessions": [10**30]}, "sessions"),
        ({"sessions": np.array([5_001])}, "sessions"),
        ({"score_value": ["high", "low"]}, "score_value"),
        ({"specific": ["gad7"]}, "specific"),
        ({"score_value": np.array([12.0, np.nan])}, "score_value"),
        ({"score_episode": np.array([0, 7])}, "score_episode"),
        ({"score_measure": np.array([0, 2])}, "score_measure"),
        ({"score_day": np.array([START, 999_999])}, "score_day"),
        ({"score_day": np.array(["2025-01-01", "NaT"], "datetime64[D]")}, "score_day"),
        ({"score_value": np.array([12.0])}, "score_value"),
        ({"referred": np.array([1.5])}, "referred"),
    ],
)
def test_a_table_that_cannot_be_read(change: dict[str, Any], field: str) -> None:
    columns: dict[str, Any] = {
        "measures": ("phq9", "gad7"),
        "referred": np.array([START], np.int32),
        "started": np.array([START], np.int32),
        "finished": np.array([START + 90], np.int32),
        "sessions": np.array([8]),
        "ending": np.array([1]),
        "score_episode": np.array([0, 0]),
        "score_measure": np.array([0, 0]),
        "score_day": np.array([START, START + 80]),
        "score_value": np.array([18.0, 4.0]),
    }
    service_table(**columns)
    with pytest.raises(ClinicalError) as refused:
        service_table(**{**columns, **change})
    assert refused.value.field == field


def test_a_score_beyond_its_own_scale() -> None:
    """25 is a PHQ-9 and no GAD-7."""
    turned = [{"started": 0, "finished": 90, "scores": [("phq9", 0, 25), ("gad7", 0, 25)]}]
    with pytest.raises(ClinicalError, match=r"gad7: A score lies outside 0 to 21\."):
        service_report(a_table(turned), PERIOD, RULES)
    turned[0]["scores"] = [("phq9", 0, 25), ("gad7", 0, 21)]
    service_report(a_table(turned), PERIOD, RULES)


def test_a_measure_without_a_rule_and_a_period_without_a_day() -> None:
    with pytest.raises(NoYardstick, match="gad7"):
        service_report(a_table(SMALL), PERIOD, {"phq9": RULES["phq9"]})
    with pytest.raises(ClinicalError, match="period"):
        service_report(a_table(SMALL), ReportPeriod(PERIOD.end, PERIOD.end), RULES)


def test_where_nobody_gave_endings_none_is_stated() -> None:
    """Guessed episodes all end the same way: "0 % ended without a plan" would be an invention."""
    report = service_report(a_table(many()), PERIOD, RULES, endings_known=False)
    rate = report.rate(RateCode.UNPLANNED_ENDING)
    assert rate is not None
    assert (rate.count, rate.out_of, rate.share, rate.interval, rate.reason) == (
        None,
        60,
        None,
        None,
        "endings_unknown",
    )
    trend = next(one for one in report.trends if one.code is RateCode.UNPLANNED_ENDING)
    assert {point.rate.share for point in trend.points} == {None}
    for table in report.missing:
        rows = {row.method: row for row in table.rows}
        for method in (MissingMethod.BASELINE_CARRIED, MissingMethod.COMPLETERS):
            assert (rows[method].n, rows[method].improvement, rows[method].reason) == (None, None, "endings_unknown")
        assert rows[MissingMethod.LAST_CARRIED].improvement is not None
    assert report.flow == ()
    assert {(one.points, one.reason) for one in report.endings} == {((), "endings_unknown")}
    assert [one.reason for one in report.improvement] == ["", "endings_unknown"]
    assert report.dose.reason == "sessions_unknown"
    assert not report.endings_known
    published = publishable(report).rate(RateCode.UNPLANNED_ENDING)
    assert published is not None
    assert (published.count, published.reason) == (None, "endings_unknown")
    known = service_report(a_table(many()), PERIOD, RULES)
    assert known.endings_known
    assert known.rate(RateCode.RECOVERY) == report.rate(RateCode.RECOVERY)
