"""What leaves the house points at nobody."""

from dataclasses import fields, is_dataclass
from typing import Any

from tests.clinical.outcomes.service.test_report import PERIOD, RULES, SMALL, a_table, many

from rapport.clinical.outcomes.service.parts import RateCode, ReportRate
from rapport.clinical.outcomes.service.publishing import publishable
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
        assert (one.share is None) == (one.count is None)
    assert report.activity.finished == 60
    exact = before.rate(RateCode.RELIABLE_IMPROVEMENT)
    shown = report.rate(RateCode.RELIABLE_IMPROVEMENT)
    assert exact is not None and shown is not None
    assert shown.share == round(exact.share or 0, 4)


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
