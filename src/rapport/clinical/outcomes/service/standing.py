"""Our figures beside published ones, and the limits that go with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapport.clinical.outcomes.service.benchmarks import (
    Benchmark,
    BenchmarkDesign,
    OwnFigure,
    candidates,
    measure_type,
    position,
)
from rapport.clinical.outcomes.service.parts import (
    Comparison,
    Design,
    Limit,
    LimitCode,
    MeasureResult,
    RateCode,
    ReportPeriod,
    ReportRate,
    Rule,
    Trend,
)

MISSING_FROM = 0.20
SMALL = 20
THIN = 5
NATIONAL = (
    RateCode.RECOVERY,
    RateCode.RELIABLE_RECOVERY,
    RateCode.RELIABLE_IMPROVEMENT,
    RateCode.RELIABLE_DETERIORATION,
)


def comparisons(
    found: Sequence[ReportRate], measures: Sequence[MeasureResult], rule: Rule, period: ReportPeriod
) -> tuple[Comparison, ...]:
    """Rates beside England's of the latest year known at the period's end; effect sizes beside routine care."""
    national = [rate for rate in found if rule is Rule.NHS_PAIR and rate.code in NATIONAL]
    beside = [one for rate in national for one in _national(rate, period)]
    return (*beside, *(one for measure in measures for one in _routine(measure)))


def _latest(known: Sequence[Benchmark], period: ReportPeriod) -> Benchmark | None:
    ordered = sorted(known, key=lambda one: one.as_of)
    earlier = [one for one in ordered if one.as_of < period.end.isoformat()]
    return earlier[-1] if earlier else (ordered[0] if ordered else None)


def _national(rate: ReportRate, period: ReportPeriod) -> list[Comparison]:
    own = OwnFigure(rate.code.value, "nhs_pair")
    known = [one for one in candidates(own) if one.design is BenchmarkDesign.NATIONAL_SERVICE]
    latest = _latest(known, period)
    return [] if latest is None else [_beside(own, rate.share, rate.interval, latest)]


def _routine(measure: MeasureResult) -> list[Comparison]:
    kind, effect = measure_type(measure.measure), measure.effect
    if kind is None:
        return []
    own = OwnFigure("d_pre", kind)
    known = [one for one in candidates(own) if one.design is BenchmarkDesign.ROUTINE_UNCONTROLLED]
    return [_beside(own, effect.g, effect.interval, one) for one in known]


def _beside(own: OwnFigure, found: float | None, interval: tuple[float, float] | None, other: Benchmark) -> Comparison:
    if interval is None:
        return Comparison(own.figure, found, None, other, None, "unknown")
    return Comparison(own.figure, found, interval, other, position(own, interval, other))


@dataclass(frozen=True, slots=True)
class Context:
    """What limits a report besides its numbers."""

    design: Design
    therapist_assessed: bool
    tests: int
    unverified: int


def limits(found: Sequence[ReportRate], series: Sequence[Trend], context: Context, has_dose: bool) -> tuple[Limit, ...]:
    """Every limit that applies, the gravest first."""
    by_code = {one.code: one for one in found}
    paired = by_code[RateCode.PAIRED]
    n, out_of, share = paired.count or 0, paired.out_of or 0, paired.share
    listed: list[Limit] = []
    if context.design is Design.UNCONTROLLED:
        listed += [Limit(LimitCode.NO_CONTROL), Limit(LimitCode.REGRESSION_TO_THE_MEAN)]
    if share is not None:
        listed.append(Limit(LimitCode.PAIRING, (("count", n), ("out_of", out_of), ("share", share))))
        if 1 - share > MISSING_FROM:
            listed.append(Limit(LimitCode.MISSING_END_DATA, (("count", out_of - n), ("share", 1 - share))))
    if n < SMALL:
        listed.append(Limit(LimitCode.SMALL_N, (("least", SMALL),)))
    if context.tests > 1:
        listed.append(Limit(LimitCode.MULTIPLE_TESTING, (("tests", context.tests),)))
    if context.therapist_assessed:
        listed.append(Limit(LimitCode.THERAPIST_ASSESSED))
    if context.tests:
        listed.append(Limit(LimitCode.CASE_MIX))
    if context.unverified:
        listed.append(Limit(LimitCode.UNVERIFIED_VALUES, (("values", context.unverified),)))
    thin = max((sum((point.rate.out_of or 0) < THIN for point in one.points) for one in series), default=0)
    if thin:
        listed.append(Limit(LimitCode.SPARSE_TREND, (("points", thin),)))
    if has_dose:
        listed.append(Limit(LimitCode.DOSE_CONFOUNDED))
    return tuple(listed)
