"""A report fit to leave the house: small numbers taken out, counts rounded, as NHS England publishes.

A count below 5 is not given, any other is rounded to the nearest 5; a share is given to two decimals of its percentage
and only if it is of 5 people or more and leaves out none or 5 or more. Where exactly one count of a set that adds up
to a known total is missing, the next smallest goes too, or the total would give it away. Means and effect sizes of
fewer than 5 people go; curves stay (their steps are shares of all who began), points of the dose without the 5 go.

Limits: two reports of almost the same people can still be subtracted from each other. Keep a log of what went out.
"""

from __future__ import annotations

from dataclasses import replace

from rapport.clinical.outcomes.nhs_talking_therapies import publishable_count
from rapport.clinical.outcomes.service.parts import (
    Activity,
    Comparison,
    Dose,
    Effect,
    FlowStep,
    Incidence,
    Interval,
    Limit,
    MeasureResult,
    MissingRow,
    RateCode,
    ReportRate,
    ServiceReport,
    Trend,
)
from rapport.clinical.statistics.disclosure import hide_with_total

SMALL = 5
ADD_UP = (RateCode.RELIABLE_IMPROVEMENT, RateCode.RELIABLE_DETERIORATION, RateCode.NO_RELIABLE_CHANGE)
REASON = "small_number"


def _count(count: int | None) -> int | None:
    return None if count is None else publishable_count(count)


def _rate(rate: ReportRate) -> ReportRate:
    if rate.count is None or rate.out_of is None or rate.count < SMALL or 0 < rate.out_of - rate.count < SMALL:
        return replace(rate, count=None, out_of=_count(rate.out_of), share=None, interval=None, reason=REASON)
    share = None if rate.share is None else round(rate.share, 4)
    return replace(
        rate, count=_count(rate.count), out_of=_count(rate.out_of), share=share, interval=_rounded(rate.interval)
    )


def _rounded(interval: Interval | None) -> Interval | None:
    return None if interval is None else (round(interval[0], 4), round(interval[1], 4))


def _rates(rates: tuple[ReportRate, ...]) -> tuple[ReportRate, ...]:
    """Every rate; better, worse and unchanged add up to the paired, so one of them never goes alone."""
    trio = [one for one in rates if one.code in ADD_UP]
    hidden = hide_with_total([one.count or 0 for one in trio], SMALL)
    gone = {one.code for one, hide in zip(trio, hidden, strict=True) if hide}
    return tuple(_rate(replace(one, count=0) if one.code in gone else one) for one in rates)


def _few(n: int | None) -> bool:
    return n is not None and n < SMALL


def _parts(counts: tuple[int | None, ...]) -> list[int | None]:
    """Counts that add up to a total which is known."""
    known = [0 if one is None else one for one in counts]
    hidden = hide_with_total(known, SMALL)
    return [None if gone else publishable_count(one) for one, gone in zip(known, hidden, strict=True)]


def _step(step: FlowStep) -> FlowStep:
    asides = _parts(tuple(count for _, count in step.aside))
    hidden = step.count is None or step.count < SMALL or step.of_previous is None
    share = None if hidden else round(step.of_previous or 0.0, 4)
    named = tuple((one, count) for (one, _), count in zip(step.aside, asides, strict=True))
    return replace(step, count=_count(step.count), of_previous=share, aside=named)


def _effect(effect: Effect) -> Effect:
    return Effect(None, None, None, None, None, REASON) if _few(effect.n) else replace(effect, n=_count(effect.n))


def _measure(one: MeasureResult) -> MeasureResult:
    counts = _parts(tuple(count for _, count in one.classes))
    classes = tuple((name, count) for (name, _), count in zip(one.classes, counts, strict=True))
    return replace(
        one,
        with_first=_count(one.with_first),
        paired=_count(one.paired),
        classes=classes,
        effect=_effect(one.effect),
    )


def _missing(row: MissingRow) -> MissingRow:
    if _few(row.n):
        return MissingRow(row.method, None, None, None, None, REASON)
    return replace(row, n=_count(row.n))


def _curve(curve: Incidence) -> Incidence:
    return replace(curve, n=_count(curve.n))


def _dose(dose: Dose) -> Dose:
    points = tuple(replace(one, rate=_rate(one.rate)) for one in dose.points)
    return replace(dose, n=_count(dose.n), points=tuple(one for one in points if one.rate.share is not None))


def _trend(trend: Trend) -> Trend:
    return replace(trend, points=tuple(replace(point, rate=_rate(point.rate)) for point in trend.points))


def _comparison(one: Comparison, gone: frozenset[str]) -> Comparison:
    if one.figure not in gone:
        found = None if one.found is None else round(one.found, 4)
        return replace(one, found=found, interval=_rounded(one.interval))
    return replace(one, found=None, interval=None, position=None, reason=REASON)


def _limit(limit: Limit) -> Limit:
    """Its numbers rounded; without any where a number of people is small."""
    people = ("count", "out_of")
    values = tuple((name, _count(int(value)) if name in people else round(value, 4)) for name, value in limit.values)
    known = tuple((name, value) for name, value in values if value is not None)
    return replace(limit, values=known if len(known) == len(values) else ())


def publishable(report: ServiceReport) -> ServiceReport:
    """The same report without what could point at a person."""
    rates = _rates(report.rates)
    gone = {one.code.value for one in rates if one.share is None}
    gone |= {"d_pre"} if any(_few(one.effect.n) for one in report.measures) else set()
    seen = report.activity
    return replace(
        report,
        activity=Activity(*(_count(one) for one in (seen.referred, seen.started, seen.finished, seen.paired))),
        flow=tuple(_step(one) for one in report.flow),
        rates=rates,
        measures=tuple(_measure(one) for one in report.measures),
        trends=tuple(_trend(one) for one in report.trends),
        comparisons=tuple(_comparison(one, frozenset(gone)) for one in report.comparisons),
        missing=tuple(replace(one, rows=tuple(_missing(row) for row in one.rows)) for one in report.missing),
        endings=tuple(_curve(one) for one in report.endings),
        improvement=tuple(_curve(one) for one in report.improvement),
        dose=_dose(report.dose),
        limits=tuple(_limit(one) for one in report.limits),
        published=True,
    )
