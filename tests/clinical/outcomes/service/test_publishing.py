"""What leaves the house points at nobody."""

from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.clinical.outcomes.service.test_report import PERIOD, RULES, SMALL, a_table, many

from rapport.clinical.outcomes.service.parts import (
    Clock,
    Counted,
    Curve,
    CurvePoint,
    Grain,
    Incidence,
    LimitCode,
    MissingMethod,
    MissingRow,
    MissingTable,
    RateCode,
    ReportRate,
    ServiceReport,
    Trend,
    TrendPoint,
)
from rapport.clinical.outcomes.service.publishing import publishable
from rapport.clinical.outcomes.service.rates import rate
from rapport.clinical.outcomes.service.report import service_report


def parts(thing: Any) -> list[Any]:
    if isinstance(thing, tuple):
        return [one for each in thing for one in parts(each)]
    if is_dataclass(thing):
        return [thing, *(one for field in fields(thing) for one in parts(getattr(thing, field.name)))]
    return []


def test_a_small_service_is_not_published_at_all() -> None:
    report = publishable(service_report(a_table(SMALL), PERIOD, RULES))
    assert report.published
    assert all(one.count is None and one.share is None for one in report.rates)
    assert {one.reason for one in report.rates} == {"small_number"}
    assert all(one.found is None and one.position is None for one in report.comparisons)
    assert report.dose.points == ()


def test_counts_are_rounded_and_small_ones_gone() -> None:
    before = service_report(a_table(many()), PERIOD, RULES)
    report = publishable(before)
    counted = [one for one in parts(report) if isinstance(one, ReportRate)]
    assert len(counted) > 20
    for one in counted:
        assert one.count is None or (one.count >= 5 and one.count % 5 == 0)
        assert one.out_of is None or one.out_of % 5 == 0
        assert (one.share is None) == (one.count is None or (one.out_of or 0) < 10)
    shares = {one.code: one.share for one in before.rates}
    for one in report.rates:  # the people's own share, not that of a rounded count
        assert one.share is None or one.share == round(shares[one.code] or 0, 2)
    assert report.activity.finished == 60
    exact = before.rate(RateCode.RELIABLE_IMPROVEMENT)
    shown = report.rate(RateCode.RELIABLE_IMPROVEMENT)
    assert exact is not None and shown is not None
    assert shown.share == pytest.approx(exact.share, abs=4 / 60)


def test_limits_do_not_tell_what_the_rates_hide() -> None:
    told = [dict(one.values) for one in publishable(service_report(a_table(SMALL), PERIOD, RULES)).limits]
    assert all(value.get("count", 5) % 5 == 0 and value.get("out_of", 5) % 5 == 0 for value in told)
    assert not any("count" in value for value in told), "four of five have two scores"


def test_worse_is_not_given_away_by_better_and_unchanged() -> None:
    """Nobody became worse, so that count is hidden; with the other two and the paired it could be worked out."""
    report = publishable(service_report(a_table(many()), PERIOD, RULES))
    trio = [
        report.rate(code)
        for code in (RateCode.RELIABLE_IMPROVEMENT, RateCode.RELIABLE_DETERIORATION, RateCode.NO_RELIABLE_CHANGE)
    ]
    assert sum(one is not None and one.count is None for one in trio) == 2


A_REPORT = service_report(a_table(many()), PERIOD, RULES)


def with_rates(*counted: tuple[RateCode, Counted, int, int]) -> ServiceReport:
    return replace(A_REPORT, rates=tuple(rate(*one) for one in counted), trends=())


def with_trend(code: RateCode, *months: tuple[int, int]) -> tuple[ReportRate, ...]:
    points = tuple(TrendPoint(date(2025, 1 + each, 1), rate(code, Counted.FINISHED, *one))
                   for each, one in enumerate(months))  # fmt: skip
    whole = rate(code, Counted.FINISHED, *(sum(one) for one in zip(*months, strict=True)))
    report = replace(A_REPORT, rates=(whole,), trends=(Trend(code, Grain.MONTH, points),))
    return tuple(point.rate for point in publishable(report).trends[0].points)


def test_a_rate_that_leaves_out_a_few_is_one_of_a_few() -> None:
    """48 of 50 are two who are not; all of 50 leave nobody out."""
    code = RateCode.UNPLANNED_ENDING
    shown = [
        publishable(with_rates((code, Counted.FINISHED, count, 50))).rates[0].count for count in (4, 5, 45, 46, 49, 50)
    ]
    assert shown == [None, 5, 45, None, None, 50]


def test_the_same_people_under_another_name_go_together() -> None:
    """27 of 60 finished, 27 of 29 with two scores: two of them did not improve, and neither rate is given."""
    shown = publishable(with_rates(
        (RateCode.RELIABLE_IMPROVEMENT, Counted.FINISHED, 27, 60),
        (RateCode.RELIABLE_IMPROVEMENT_PAIRED, Counted.PAIRED, 27, 29),
    ))  # fmt: skip
    assert [one.count for one in shown.rates] == [None, None]


def test_recovered_but_not_reliably_are_not_two_people() -> None:
    shown = publishable(with_rates(
        (RateCode.RECOVERY, Counted.FINISHED_NOT_BELOW, 30, 60),
        (RateCode.RELIABLE_RECOVERY, Counted.FINISHED_NOT_BELOW, 28, 60),
    ))  # fmt: skip
    assert [one.count for one in shown.rates] == [30, None]


def test_a_hidden_month_is_not_the_total_less_the_others() -> None:
    code = RateCode.RELIABLE_IMPROVEMENT
    assert [one.count for one in with_trend(code, (30, 60), (3, 25), (12, 40))] == [30, None, None]
    assert [one.count for one in with_trend(code, (30, 60), (0, 0), (12, 40))] == [30, None, 10], "nobody finished"
    gone = with_trend(RateCode.RELIABLE_DETERIORATION, (2, 60), (0, 25), (2, 40))
    assert [one.count for one in gone] == [None] * 3


def test_months_of_a_rate_that_is_hidden_would_add_up_to_it() -> None:
    code = RateCode.RELIABLE_IMPROVEMENT
    assert [one.count for one in with_trend(code, (30, 31), (25, 25))] == [None, None]


def test_curves_go_by_steps_of_five_people() -> None:
    points = tuple(CurvePoint(week, week / 30, week / 40, week / 20) for week in range(1, 13))
    curve = Incidence(Curve.UNPLANNED_ENDING, Clock.WEEKS, 30, points, None)
    (shown,) = publishable(replace(A_REPORT, endings=(curve,))).endings
    assert [round(30 * one.share, 9) for one in shown.points] == [5, 10]
    for one in shown.points:
        assert [round(6 * end, 9) % 1 for end in (one.low, one.high)] == [0, 0]


def test_means_of_everybody_and_of_completers_do_not_tell_how_many_left() -> None:
    """Sum ÷ 40 and sum ÷ 38: their ratio is 40 to 38."""

    def shown(completers: int) -> list[float | None]:
        rows = tuple(
            MissingRow(method, n, 100 / n, (1.0, 5.0), 0.5)
            for method, n in ((MissingMethod.BASELINE_CARRIED, 40), (MissingMethod.COMPLETERS, completers))
        )
        (table,) = publishable(replace(A_REPORT, missing=(MissingTable("phq9", rows),))).missing
        return [row.improvement for row in table.rows]

    assert shown(38) == [2.5, None]
    assert shown(30) == [2.5, 3.3]


def test_a_limit_is_said_in_published_numbers() -> None:
    whole = replace(A_REPORT, rates=tuple(
        replace(one, count=46, out_of=58, share=46 / 58) if one.code is RateCode.PAIRED else one
        for one in A_REPORT.rates
    ))  # fmt: skip
    values = {one.code: dict(one.values) for one in publishable(whole).limits}
    assert values[LimitCode.PAIRING] == {"count": 45, "out_of": 60, "share": 0.79}


EPISODES = st.lists(
    st.tuples(st.integers(0, 27), st.none() | st.integers(0, 27), st.integers(1, 6), st.integers(20, 360),
              st.sampled_from(["planned", "unplanned", "other", "open"])),
    min_size=1, max_size=70,
)  # fmt: skip


def residual(total: int | None, parts: Sequence[int | None]) -> tuple[int, int] | None:
    """What a sum leaves for its one hidden part, knowing that each number was rounded to the nearest 5."""
    if total is None or list(parts).count(None) != 1:
        return None
    known = [one for one in parts if one is not None]
    return max(0, total - 2 - sum(one + 2 for one in known)), max(0, total + 2 - sum(one - 2 for one in known))


def families(report: ServiceReport) -> list[tuple[int | None, list[int | None]]]:
    """Every set of published numbers that adds up to another."""
    found: list[tuple[int | None, list[int | None]]] = []
    counts = {one.code: one.count for one in report.rates}
    trio = (RateCode.RELIABLE_IMPROVEMENT, RateCode.RELIABLE_DETERIORATION, RateCode.NO_RELIABLE_CHANGE)
    found.append((counts[RateCode.PAIRED], [counts[code] for code in trio]))
    found += [(one.out_of, [one.count, None]) for one in parts(report) if isinstance(one, ReportRate)]
    for trend in report.trends:
        found.append((counts[trend.code], [one.rate.count for one in trend.points]))
        found.append((report.activity.finished, [one.rate.out_of for one in trend.points]))
    for step, after in zip(report.flow, report.flow[1:], strict=False):
        found.append((step.count, [after.count, *(count for _, count in step.aside)]))
    found += [(one.paired, [count for _, count in one.classes]) for one in report.measures]
    found.append((report.dose.n, [one.rate.out_of for one in report.dose.points]))
    found.append((report.dose.n, [*(one.rate.out_of for one in report.dose.points), None]))
    found.append((counts[RateCode.RECOVERY_PAIRED], [*(one.rate.count for one in report.dose.points), None]))
    return found


@settings(max_examples=60, deadline=None)
@given(EPISODES)
def test_no_count_of_one_to_four_follows_from_what_is_published(
    found: list[tuple[int, int | None, int, int, str]],
) -> None:
    """Every count is a multiple of five, every share a whole percentage, and no sum pins its hidden part.

    Then the harder reader: even with the exact number behind each that is shown, what a sum leaves is two parts or
    more, and five people or more.
    """
    table = a_table([
        {"started": 1, "finished": None if how == "open" else end, "sessions": sessions, "ending": how,
         "scores": [("phq9", 1, first), ("gad7", 1, 9)]
         + ([] if last is None else [("phq9", 15, last), ("gad7", 15, 9)])}
        for first, last, sessions, end, how in found
    ])  # fmt: skip
    exact = service_report(table, PERIOD, RULES, growth_line=False)
    report = publishable(exact)
    for total, members in families(report):
        assert all(one is None or (one >= 5 and one % 5 == 0) for one in (total, *members))
        left = residual(total, members)
        assert left is None or left[0] != left[1] or left[0] == 0
    for one in parts(report):
        if isinstance(one, ReportRate) and one.share is not None:
            assert one.count is not None and one.out_of is not None
            assert one.share == round(one.share, 2)
    for before, step in zip(exact.flow, exact.flow[1:], strict=False):
        shown = next(one for one in report.flow if one.step is step.step)
        assert shown.of_previous is None or not 0 < (before.count or 0) - (step.count or 0) < 5
    told = dict.fromkeys((one.code for one in report.rates if one.count is not None), True)
    for trend, was in zip(report.trends, exact.trends, strict=True):
        gone = [point.rate for point, shown in zip(was.points, trend.points, strict=True) if shown.rate.count is None]
        hits = [one.count or 0 for one in gone if one.out_of]
        if hits and trend.code in told:
            assert len(hits) > 1 and sum(hits) >= 5
    trio = [code for code in (RateCode.RELIABLE_IMPROVEMENT, RateCode.RELIABLE_DETERIORATION,
                              RateCode.NO_RELIABLE_CHANGE) if code not in told]  # fmt: skip
    if trio and RateCode.PAIRED in told:
        counts = {one.code: one.count or 0 for one in exact.rates}
        assert len(trio) > 1 and sum(counts[code] for code in trio) >= 5
