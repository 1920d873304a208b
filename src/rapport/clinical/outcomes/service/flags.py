"""What became of every finished episode, by the NHS pair of measures or by reliable change on one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rapport.clinical.outcomes.nhs_talking_therapies import pair_flags, threshold
from rapport.clinical.outcomes.service.ends import Ends, Flags, Rows, Values, clinical, healthy, reliable
from rapport.clinical.outcomes.service.parts import Rule
from rapport.clinical.outcomes.yardstick import Yardstick

PAIR = ("phq9", "gad7")


@dataclass(frozen=True, slots=True)
class Outcomes:
    """One entry per finished episode. ``below``: began under the threshold, so nothing could recover."""

    rule: Rule
    measures: tuple[str, ...]
    paired: Flags
    below: Flags
    recovery: Flags | None
    reliable_recovery: Flags | None
    improvement: Flags
    deterioration: Flags

    @property
    def no_change(self) -> Flags:
        return self.paired & ~self.improvement & ~self.deterioration

    @property
    def crossed(self) -> Flags | None:
        """Recovery as this rule has it: the NHS's, or the reliable one."""
        return self.recovery if self.recovery is not None else self.reliable_recovery


def paired_by_rule(ends: Ends, measures: tuple[str, ...]) -> Flags:
    """Episodes with two scores on whatever the rule reads."""
    if set(PAIR) <= set(measures):
        phq, gad = (measures.index(one) for one in PAIR)
        return np.asarray(ends.paired[phq] & ends.paired[gad])
    return np.asarray(ends.paired[0])


def outcomes(ends: Ends, measures: tuple[str, ...], rules: Mapping[str, Yardstick], rows: Rows) -> Outcomes:
    """Read the episodes of ``rows``: by the NHS rules when PHQ-9 and GAD-7 are there, else by the first measure."""
    paired = paired_by_rule(ends, measures).take(rows)
    if set(PAIR) <= set(measures):
        phq, gad = (measures.index(one) for one in PAIR)
        p1, p2, a1, a2 = (column[each].take(rows) for each in (phq, gad) for column in (ends.first, ends.last))
        return _pair(p1, p2, a1, a2, paired)
    return _single(ends.first[0].take(rows), ends.last[0].take(rows), paired, measures[0], rules[measures[0]])


def _pair(p1: Values, p2: Values, a1: Values, a2: Values, paired: Flags) -> Outcomes:
    flags = pair_flags(p1, p2, a1, a2)
    case = threshold("phq9").is_case(p1) | threshold("gad7").is_case(a1)
    below = ~case & ~np.isnan(p1) & ~np.isnan(a1)
    return Outcomes(
        Rule.NHS_PAIR,
        PAIR,
        paired,
        below,
        flags.recovery & paired,
        flags.reliable_recovery & paired,
        flags.reliable_improvement & paired,
        flags.reliable_deterioration & paired,
    )


def _single(first: Values, last: Values, paired: Flags, measure: str, rule: Yardstick) -> Outcomes:
    better, worse = reliable(last - first, rule)
    recovery = None
    below = np.zeros(first.shape, np.bool_)
    if rule.cut is not None:
        case = clinical(first, rule)
        below = ~case & ~np.isnan(first)
        recovery = case & healthy(last, rule) & better & paired
    known = Rule.NONE if rule.least_change is None else Rule.ONE_MEASURE
    return Outcomes(known, (measure,), paired, below, None, recovery, better & paired, worse & paired)
