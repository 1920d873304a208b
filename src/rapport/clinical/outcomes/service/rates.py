"""Rates of the finished episodes, over all of them and month by month or quarter by quarter."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from rapport.clinical.outcomes.service.ends import Flags
from rapport.clinical.outcomes.service.flags import Outcomes
from rapport.clinical.outcomes.service.parts import (
    Counted,
    Grain,
    RateCode,
    ReportPeriod,
    ReportRate,
    Rule,
    Trend,
    TrendPoint,
)
from rapport.clinical.outcomes.service.table import Days
from rapport.clinical.statistics.proportions import wilson_interval

TRENDS = (
    RateCode.RECOVERY,
    RateCode.RELIABLE_RECOVERY,
    RateCode.RELIABLE_IMPROVEMENT,
    RateCode.RELIABLE_DETERIORATION,
    RateCode.PAIRED,
    RateCode.UNPLANNED_ENDING,
)
Selection = tuple[RateCode, Counted, Flags | None, Flags]
ENDINGS_UNKNOWN = "endings_unknown"
EPOCH = date(1970, 1, 1).toordinal()


def rate(code: RateCode, counted: Counted, count: int | None, out_of: int) -> ReportRate:
    """A share with its interval; unknown, with a reason, where nobody is counted or nobody knows (count None).

    >>> rate(RateCode.RECOVERY, Counted.FINISHED_NOT_BELOW, 102, 479).share
    0.21294363256784968
    """
    if count is None:
        return ReportRate(code, counted, None, out_of, None, None, ENDINGS_UNKNOWN)
    share = count / out_of if out_of else None
    return ReportRate(code, counted, count, out_of, share, wilson_interval(count, out_of), "" if out_of else "nobody")


def selections(found: Outcomes, unplanned: Flags | None) -> tuple[Selection, ...]:
    """Who is counted and out of whom, for every rate this rule has; None where nobody knows how courses ended."""
    everybody = np.ones(found.paired.shape, np.bool_)
    chosen: list[Selection] = [(RateCode.PAIRED, Counted.FINISHED, found.paired, everybody)]
    if found.recovery is not None:
        chosen.append((RateCode.RECOVERY, Counted.FINISHED_NOT_BELOW, found.recovery, ~found.below))
    if found.reliable_recovery is not None:
        chosen.append((RateCode.RELIABLE_RECOVERY, Counted.FINISHED_NOT_BELOW, found.reliable_recovery, ~found.below))
    if found.rule is not Rule.NONE:
        chosen += [
            (RateCode.RELIABLE_IMPROVEMENT, Counted.FINISHED, found.improvement, everybody),
            (RateCode.RELIABLE_DETERIORATION, Counted.FINISHED, found.deterioration, everybody),
            (RateCode.NO_RELIABLE_CHANGE, Counted.FINISHED, found.no_change, everybody),
            (RateCode.RELIABLE_IMPROVEMENT_PAIRED, Counted.PAIRED, found.improvement, found.paired),
        ]
    if found.crossed is not None:
        chosen.append((RateCode.RECOVERY_PAIRED, Counted.PAIRED_CASES, found.crossed, found.paired & ~found.below))
    chosen.append((RateCode.UNPLANNED_ENDING, Counted.FINISHED, unplanned, everybody))
    return tuple(chosen)


def rates(chosen: tuple[Selection, ...]) -> tuple[ReportRate, ...]:
    """Every rate over the whole period."""
    return tuple(
        rate(code, counted, None if hit is None else int(np.count_nonzero(hit)), int(np.count_nonzero(whom)))
        for code, counted, hit, whom in chosen
    )


def month_of(day: date) -> int:
    """Months since January 1970."""
    return (day.year - 1970) * 12 + day.month - 1


def first_of(month: int) -> date:
    """The first day of such a month."""
    return date(1970 + month // 12, month % 12 + 1, 1)


def trends(chosen: tuple[Selection, ...], finished: Days, period: ReportPeriod, grain: Grain) -> tuple[Trend, ...]:
    """The rates people follow over time; a month in which nobody finished stays in the row, without a share."""
    size = 3 if grain is Grain.QUARTER else 1
    low, high = month_of(period.start) // size, month_of(date.fromordinal(period.end.toordinal() - 1)) // size
    place, n = _steps(finished, period, low, size), high - low + 1
    found = []
    for code, counted, hit, whom in chosen:
        if code not in TRENDS:
            continue
        counts = [None] * n if hit is None else np.bincount(place[hit], minlength=n).tolist()
        bases = np.bincount(place[whom], minlength=n).tolist()
        points = tuple(
            TrendPoint(start := first_of((low + each) * size), rate(code, counted, counts[each], bases[each]),
                       start < period.start or first_of((low + each + 1) * size) > period.end)
            for each in range(n)
        )  # fmt: skip
        found.append(Trend(code, grain, points))
    return tuple(found)


def _steps(finished: Days, period: ReportPeriod, low: int, size: int) -> NDArray[np.int64]:
    """The step of every finished episode, looked up day by day."""
    start, end = period.start.toordinal() - EPOCH, period.end.toordinal() - EPOCH
    months = np.arange(start, end).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return np.asarray((months // size - low)[finished - start])
