"""A report fit to leave the house: counts rounded to the nearest 5, shares to whole percentages, few people not at all.

A count below 5 is not given, any other is rounded to the nearest 5, as NHS England does. A share is that of the people
themselves, in whole percentages, from 10 people on: worked out from rounded counts it would be off by as much as
chance. Curves go by steps of five people. Means are given to one decimal, sizes of change to two.

A share beside a rounded count may tell the exact count, so nothing small may follow from exact ones: counts that are
the same people under two names go together, a count that another holds but for 1 to 4 people goes, and of parts that
add up to a known total (better, worse, unchanged; the months of a trend; the numbers of sessions) never one alone goes,
nor do several that make less than 5.

Limits: two reports of almost the same people can still be subtracted from each other. Keep a log of what went out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from rapport.clinical.outcomes.nhs_talking_therapies import publishable_count
from rapport.clinical.outcomes.service.benchmarks import OwnFigure, position
from rapport.clinical.outcomes.service.parts import (
    Activity,
    Comparison,
    CurvePoint,
    Dose,
    Effect,
    FlowStep,
    Incidence,
    Interval,
    Limit,
    LimitCode,
    MeasureResult,
    MissingMethod,
    MissingRow,
    MissingTable,
    RateCode,
    ReportRate,
    ServiceReport,
    Trend,
)
from rapport.clinical.statistics.disclosure import hide_with_total

SMALL, STEP, PERCENT = 5, 5, 2
FEWEST_FOR_A_SHARE = 10
ADD_UP = (RateCode.RELIABLE_IMPROVEMENT, RateCode.RELIABLE_DETERIORATION, RateCode.NO_RELIABLE_CHANGE)
REASON = "small_number"


def _count(count: int | None) -> int | None:
    return None if count is None else publishable_count(count)


def _share(count: int | None, out_of: int | None) -> float | None:
    """In whole percentages; None below 10."""
    return None if count is None or out_of is None or out_of < FEWEST_FOR_A_SHARE else round(count / out_of, PERCENT)


def _small(rate: ReportRate) -> bool:
    """A small count, or one that leaves out 1 to 4 of those it is counted out of."""
    if rate.count is None or rate.out_of is None:
        return False
    return rate.count < SMALL or 0 < rate.out_of - rate.count < SMALL


def _rate(rate: ReportRate, *, gone: bool) -> ReportRate:
    out_of = _count(rate.out_of)
    if rate.count is None:
        return replace(rate, out_of=out_of)
    if gone or out_of is None:
        return replace(rate, count=None, out_of=out_of, share=None, interval=None, reason=REASON)
    count, share = _count(rate.count), _share(rate.count, rate.out_of)
    interval = None if share is None else _ends(rate.interval, PERCENT)
    reason = REASON if share is None else ""
    return replace(rate, count=count, out_of=out_of, share=share, interval=interval, reason=reason)


def _given_away(rates: Sequence[ReportRate], known: set[RateCode]) -> set[RateCode]:
    """Those that are gone, and whatever would give one of them away."""
    counts = {one.code: one.count for one in rates if one.count is not None}
    gone = set(known)
    trio = [code for code in ADD_UP if code in counts]
    hidden = hide_with_total([counts[code] for code in trio], SMALL, [code in gone for code in trio])
    gone |= {code for code, hide in zip(trio, hidden, strict=True) if hide}
    inner = RateCode.RELIABLE_RECOVERY
    for outer in (RateCode.RECOVERY, RateCode.RELIABLE_IMPROVEMENT):
        if inner in counts and 0 < counts.get(outer, 0) - counts[inner] < SMALL:
            gone.add(inner)
    crossed = RateCode.RECOVERY if RateCode.RECOVERY in counts else inner
    for twins in ({RateCode.RELIABLE_IMPROVEMENT, RateCode.RELIABLE_IMPROVEMENT_PAIRED},
                  {crossed, RateCode.RECOVERY_PAIRED}):  # fmt: skip
        gone |= twins if gone & twins else set()
    return gone


def _rates(rates: tuple[ReportRate, ...]) -> tuple[ReportRate, ...]:
    gone = {one.code for one in rates if _small(one)}
    while (more := _given_away(rates, gone)) != gone:  # a twin that went may leave another part alone
        gone = more
    return tuple(_rate(one, gone=one.code in gone) for one in rates)


def _siblings(rates: Sequence[ReportRate]) -> tuple[ReportRate, ...]:
    """Parts of a total: the small ones go, and further ones while those gone are one, or make less than 5 in all."""
    sizes = {place: (one.count, one.out_of) for place, one in enumerate(rates) if one.count is not None and one.out_of}
    gone = {place for place in sizes if _small(rates[place])}
    while gone and len(gone) < len(sizes):
        hits = sum(sizes[place][0] for place in gone)
        rest = sum(sizes[place][1] for place in gone) - hits
        if len(gone) > 1 and hits >= SMALL and not 0 < rest < SMALL:
            break
        gone.add(min(sizes.keys() - gone, key=lambda place: (sizes[place][1], place)))
    return tuple(_rate(one, gone=place in gone or place not in sizes) for place, one in enumerate(rates))


def _few(n: int | None) -> bool:
    return n is not None and n < SMALL


def _round(value: float | None, places: int) -> float | None:
    return None if value is None else round(value, places)


def _ends(interval: Interval | None, places: int) -> Interval | None:
    return None if interval is None else (round(interval[0], places), round(interval[1], places))


def _parts(counts: tuple[int | None, ...]) -> list[int | None]:
    """Counts that add up to a total which is known."""
    known = [0 if one is None else one for one in counts]
    hidden = hide_with_total(known, SMALL)
    return [None if gone else publishable_count(one) for one, gone in zip(known, hidden, strict=True)]


def _flow(steps: Sequence[FlowStep]) -> tuple[FlowStep, ...]:
    before: int | None = None
    shown = []
    for step in steps:
        asides = _parts(tuple(count for _, count in step.aside))
        named = tuple((one, number) for (one, _), number in zip(step.aside, asides, strict=True))
        few = before is None or step.count is None or _few(step.count) or 0 < before - step.count < SMALL
        share = None if few else _share(step.count, before)
        shown.append(replace(step, count=_count(step.count), of_previous=share, aside=named))
        before = step.count
    return tuple(shown)


def _effect(effect: Effect) -> Effect:
    if _few(effect.n):
        return Effect(None, None, None, None, None, REASON)
    means = _round(effect.mean_first, 1), _round(effect.mean_last, 1)
    return Effect(_count(effect.n), *means, _round(effect.g, 2), _ends(effect.interval, 2), effect.reason)


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


def _missing(table: MissingTable) -> MissingTable:
    """Means of everybody and of those who completed stand to each other as their numbers do: 1 to 4 apart tells."""
    everybody = max((row.n or 0 for row in table.rows), default=0)
    rows = []
    for row in table.rows:
        told = row.method is MissingMethod.COMPLETERS and row.n is not None and 0 < everybody - row.n < SMALL
        if _few(row.n) or told:
            rows.append(MissingRow(row.method, None, None, None, None, REASON))
            continue
        rows.append(
            replace(
                row, n=_count(row.n), improvement=_round(row.improvement, 1), interval=_ends(row.interval, 1),
                effect=_round(row.effect, 2),
            )
        )  # fmt: skip
    return replace(table, rows=tuple(rows))


def _curve(curve: Incidence) -> Incidence:
    """Steps of five people: the exact ones would say how many left or improved in a week."""
    n = _count(curve.n)
    if not n:
        return replace(curve, n=n, points=())
    grid = n / STEP
    points: list[CurvePoint] = []
    for point in curve.points:
        share = round(point.share * grid) / grid
        if share != (points[-1].share if points else 0.0):
            low, high = math.floor(point.low * grid) / grid, min(1.0, math.ceil(point.high * grid) / grid)
            points.append(CurvePoint(point.time, share, low, high))
    return replace(curve, n=n, points=tuple(points))


def _dose(dose: Dose) -> Dose:
    shown = _siblings([one.rate for one in dose.points])
    points = tuple(replace(one, rate=rate) for one, rate in zip(dose.points, shown, strict=True))
    return replace(dose, n=_count(dose.n), points=tuple(one for one in points if one.rate.share is not None))


def _trend(trend: Trend, whole: ReportRate | None) -> Trend:
    """The months of a rate that is not published would add up to it."""
    if whole is not None and whole.count is None:
        shown = tuple(_rate(point.rate, gone=True) for point in trend.points)
    else:
        shown = _siblings([point.rate for point in trend.points])
    points = tuple(replace(point, rate=rate) for point, rate in zip(trend.points, shown, strict=True))
    return replace(trend, points=points)


def _comparison(one: Comparison, rates: dict[str, ReportRate], *, few_effects: bool) -> Comparison:
    """A rate beside a published one by what is published of it."""
    rate = rates.get(one.figure)
    if rate is None and not few_effects:
        return replace(one, found=_round(one.found, 2), interval=_ends(one.interval, 2))
    if rate is None or rate.share is None or rate.interval is None:
        return replace(one, found=None, interval=None, position=None, reason=REASON)
    own = OwnFigure(one.figure, one.benchmark.measure_type)
    return replace(one, found=rate.share, interval=rate.interval, position=position(own, rate.interval, one.benchmark))


def _limit(limit: Limit, paired: ReportRate | None) -> Limit:
    """Its numbers of people by what is published of the pairs; without any where that is not."""
    if limit.code not in (LimitCode.PAIRING, LimitCode.MISSING_END_DATA):
        return limit
    if paired is None or paired.share is None or paired.count is None or paired.out_of is None:
        return replace(limit, values=())
    if limit.code is LimitCode.PAIRING:
        values = ("count", paired.count), ("out_of", paired.out_of), ("share", paired.share)
        return replace(limit, values=values)
    missing = _count(paired.out_of - paired.count)
    return replace(limit, values=(("count", missing), ("share", 1 - paired.share)) if missing else ())


def publishable(report: ServiceReport) -> ServiceReport:
    """The same report without what could point at a person."""
    rates = _rates(report.rates)
    by_name = {one.code.value: one for one in rates}
    few = any(_few(one.effect.n) for one in report.measures)
    paired = by_name.get(RateCode.PAIRED.value)
    seen = report.activity
    return replace(
        report,
        activity=Activity(*(_count(one) for one in (seen.referred, seen.started, seen.finished, seen.paired))),
        flow=_flow(report.flow),
        rates=rates,
        measures=tuple(_measure(one) for one in report.measures),
        trends=tuple(_trend(one, by_name.get(one.code.value)) for one in report.trends),
        comparisons=tuple(_comparison(one, by_name, few_effects=few) for one in report.comparisons),
        missing=tuple(_missing(one) for one in report.missing),
        endings=tuple(_curve(one) for one in report.endings),
        improvement=tuple(_curve(one) for one in report.improvement),
        dose=_dose(report.dose),
        limits=tuple(_limit(one, paired) for one in report.limits),
        published=True,
    )
