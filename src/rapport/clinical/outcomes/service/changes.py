"""Each measure on its own: classes of change, the size of the change, and what missing end scores do to it."""

from __future__ import annotations

import math

import numpy as np
from scipy.stats import t

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.outcomes.cut_offs import ChangeClass
from rapport.clinical.outcomes.service.ends import Ends, Flags, Rows, Values, clinical, healthy, reliable
from rapport.clinical.outcomes.service.parts import Effect, MeasureResult, MissingMethod, MissingRow, MissingTable
from rapport.clinical.outcomes.service.rates import ENDINGS_UNKNOWN
from rapport.clinical.outcomes.service.table import NEVER
from rapport.clinical.outcomes.yardstick import Yardstick
from rapport.clinical.statistics.effect_sizes import PrePost, g_pre, g_pre_interval
from rapport.clinical.statistics.sample import Array

FEWEST = 3


def measure_result(ends: Ends, place: int, measure: str, rule: Yardstick, rows: Rows) -> MeasureResult:
    """The finished episodes on one measure."""
    with_first = int(np.count_nonzero(ends.first_day[place].take(rows) != NEVER))
    both = rows[ends.paired[place].take(rows)]
    before, after = ends.first[place].take(both), ends.last[place].take(both)
    return MeasureResult(
        measure, with_first, before.size, _classes(before, after, rule), _effect(before, after, rule), rule.reason
    )


def _classes(first: Values, last: Values, rule: Yardstick) -> tuple[tuple[ChangeClass, int | None], ...]:
    if rule.least_change is None:
        return ((ChangeClass.NOT_CLASSIFIABLE, first.size),)
    better, worse = reliable(first, last, rule)
    recovered = clinical(first, rule) & healthy(last, rule) & better
    counts = [int(np.count_nonzero(one)) for one in (recovered, better & ~recovered, worse)]
    return (
        (ChangeClass.RECOVERED, counts[0]),
        (ChangeClass.IMPROVED, counts[1]),
        (ChangeClass.UNCHANGED, first.size - sum(counts)),
        (ChangeClass.DETERIORATED, counts[2]),
    )


def _moments(first: Values, last: Values) -> tuple[float, float, float, float, float]:
    """Means, SDs and correlation, in double precision."""
    before, after = first.astype(np.float64), last.astype(np.float64)
    means = float(before.mean()), float(after.mean())
    before -= means[0]
    after -= means[1]
    ss = float(before @ before), float(after @ after)
    r = float(before @ after) / math.sqrt(ss[0] * ss[1]) if ss[0] and ss[1] else 0.0
    df = first.size - 1
    return *means, math.sqrt(ss[0] / df), math.sqrt(ss[1] / df), max(-1.0, min(1.0, r))


def _effect(first: Values, last: Values, rule: Yardstick) -> Effect:
    if first.size < FEWEST:
        return Effect(first.size, None, None, None, None, "too_few")
    mean_first, mean_last, sd_first, sd_last, r = _moments(first, last)
    try:
        group = PrePost(first.size, mean_first, mean_last, sd_first, sd_last, r, rule.direction.sign)
        return Effect(first.size, mean_first, mean_last, g_pre(group), g_pre_interval(group))
    except ClinicalError as refused:
        return Effect(first.size, mean_first, mean_last, None, None, refused.code)


def missing_table(
    ends: Ends, place: int, measure: str, rule: Yardstick, ended: Rows, planned: Flags | None
) -> MissingTable:
    """Everybody whose episode ended in the period and who has a first score, by the ways side by side.

    Who did not end as planned with two scores changed by 0 when the first score is carried, so the sums of those who
    did are enough for both of the last two rows. ``planned`` is None where nobody knows how courses ended.
    """
    here = ended[ends.first_day[place].take(ended) != NEVER]
    first, last = ends.first[place].take(here), ends.last[place].take(here)
    change = (last - first).astype(np.float64)
    change *= rule.direction.sign
    spread = float(np.std(first, ddof=1, dtype=np.float64)) if first.size >= FEWEST else 0.0
    carried = _row(MissingMethod.LAST_CARRIED, change, change.size, spread)
    if planned is None:
        by_ending = MissingMethod.BASELINE_CARRIED, MissingMethod.COMPLETERS
        unknown = (MissingRow(method, None, None, None, None, ENDINGS_UNKNOWN) for method in by_ending)
        return MissingTable(measure, (carried, *unknown))
    completed = change[planned.take(here) & ends.paired[place].take(here)]
    rows = (
        carried,
        _row(MissingMethod.BASELINE_CARRIED, completed, change.size, spread),
        _row(MissingMethod.COMPLETERS, completed, completed.size, spread),
    )
    return MissingTable(measure, rows)


def _row(method: MissingMethod, change: Array, n: int, spread: float) -> MissingRow:
    """Mean improvement of n people, of whom those without an entry changed by 0."""
    if n < FEWEST:
        return MissingRow(method, n, None, None, None, "too_few")
    mean = float(change.sum()) / n
    variance = max(0.0, float(change @ change) - n * mean**2) / (n - 1)
    half = float(t.ppf(0.975, n - 1)) * math.sqrt(variance / n)
    effect = mean / spread if spread else None
    return MissingRow(method, n, mean, (mean - half, mean + half), effect, "" if spread else "no_spread")
