"""Each measure on its own: classes of change, the size of the change, and what missing end scores do to it."""

from __future__ import annotations

import math

import numpy as np
from scipy.stats import t

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.outcomes.cut_offs import ChangeClass
from rapport.clinical.outcomes.service.ends import Ends, Flags, Values, clinical, healthy, reliable
from rapport.clinical.outcomes.service.parts import Effect, MeasureResult, MissingMethod, MissingRow, MissingTable
from rapport.clinical.outcomes.yardstick import Yardstick
from rapport.clinical.statistics.effect_sizes import PrePost, g_pre, g_pre_interval
from rapport.clinical.statistics.sample import Array

FEWEST = 3


def measure_result(ends: Ends, place: int, measure: str, rule: Yardstick, rows: Flags) -> MeasureResult:
    """The finished episodes on one measure."""
    first, last, paired = ends.first[place, rows], ends.last[place, rows], ends.paired[place, rows]
    with_first = int(first.size - np.count_nonzero(np.isnan(first)))
    before, after = first[paired], last[paired]
    return MeasureResult(
        measure, with_first, before.size, _classes(before, after, rule), _effect(before, after, rule), rule.reason
    )


def _classes(first: Values, last: Values, rule: Yardstick) -> tuple[tuple[ChangeClass, int | None], ...]:
    if rule.least_change is None:
        return ((ChangeClass.NOT_CLASSIFIABLE, first.size),)
    better, worse = reliable(last - first, rule)
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


def missing_table(ends: Ends, place: int, measure: str, rule: Yardstick, ended: Flags, planned: Flags) -> MissingTable:
    """Everybody whose episode ended in the period and who has a first score, by the ways side by side."""
    here = ended & ~np.isnan(ends.first[place])
    first, last = ends.first[place, here], ends.last[place, here]
    completed = planned[here] & ends.paired[place, here]
    change = (last - first).astype(np.float64) * rule.direction.sign
    spread = float(np.std(first, ddof=1, dtype=np.float64)) if first.size >= FEWEST else 0.0
    rows = (
        _row(MissingMethod.LAST_CARRIED, change, spread),
        _row(MissingMethod.BASELINE_CARRIED, np.where(completed, change, 0.0), spread),
        _row(MissingMethod.COMPLETERS, change[completed], spread),
    )
    return MissingTable(measure, rows)


def _row(method: MissingMethod, change: Array, spread: float) -> MissingRow:
    if change.size < FEWEST:
        return MissingRow(method, change.size, None, None, None, "too_few")
    mean, sd = float(change.mean()), float(np.std(change, ddof=1))
    half = float(t.ppf(0.975, change.size - 1)) * sd / math.sqrt(change.size)
    effect = mean / spread if spread else None
    return MissingRow(method, change.size, mean, (mean - half, mean + half), effect, "" if spread else "no_spread")
