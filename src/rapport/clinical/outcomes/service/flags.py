"""What became of every finished episode, by the NHS pair of measures or by reliable change on one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rapport.clinical.outcomes.nhs_talking_therapies import pair_flags, threshold
from rapport.clinical.outcomes.service.ends import Ends, Flags, Rows, Values, clinical, healthy, reliable, written
from rapport.clinical.outcomes.service.parts import Rule
from rapport.clinical.outcomes.service.table import ServiceTable
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


def is_pair(measures: tuple[str, ...]) -> bool:
    """Whether the NHS rules apply: PHQ-9 and GAD-7 are both there."""
    return set(PAIR) <= set(measures)


def anxiety_places(ends: Ends, table: ServiceTable) -> NDArray[np.int8] | None:
    """Which anxiety measure counts for each episode: that of its problem if it has both scores, else GAD-7.

    None where it is GAD-7 for everybody.
    """
    if table.specific is None:
        return None
    chosen = np.maximum(table.specific, 0)
    has_both = (table.specific >= 0) & ends.paired[chosen, np.arange(chosen.size)]
    return np.where(has_both, chosen, np.int8(table.measures.index(PAIR[1]))).astype(np.int8)


def paired_by_rule(ends: Ends, table: ServiceTable) -> Flags:
    """Episodes with two scores on whatever the rule reads."""
    if not is_pair(table.measures):
        return np.asarray(ends.paired[0])
    phq, gad = (ends.paired[table.measures.index(one)] for one in PAIR)
    places = anxiety_places(ends, table)
    if places is not None:
        gad = ends.paired[places, np.arange(places.size)]
    return np.asarray(phq & gad)


def outcomes(ends: Ends, table: ServiceTable, rules: Mapping[str, Yardstick], rows: Rows) -> Outcomes:
    """Read the episodes of ``rows``: by the NHS rules when PHQ-9 and GAD-7 are there, else by the first measure."""
    measures, paired = table.measures, paired_by_rule(ends, table).take(rows)
    if not is_pair(measures):
        return _single(ends.first[0].take(rows), ends.last[0].take(rows), paired, measures[0], rules[measures[0]])
    phq, gad = (measures.index(one) for one in PAIR)
    places = anxiety_places(ends, table)
    if places is None:
        return _pair(ends, phq, gad, rows, paired, measures[gad])
    found = [
        (group, _pair(ends, phq, place, rows[group], paired[group], measures[place]))
        for place in np.unique(places.take(rows)).tolist()
        if (group := np.flatnonzero(places.take(rows) == place)).size
    ]
    return _together(found, paired)


def _pair(ends: Ends, phq: int, anxious: int, rows: Rows, paired: Flags, measure: str) -> Outcomes:
    """The NHS rules on PHQ-9 and one anxiety measure."""
    p1, p2, a1, a2 = (written(column[each].take(rows)) for each in (phq, anxious) for column in (ends.first, ends.last))
    flags = pair_flags(p1, p2, a1, a2, measure)
    case = threshold(PAIR[0]).is_case(p1) | threshold(measure).is_case(a1)
    below = ~case & ~np.isnan(p1) & ~np.isnan(a1)
    return Outcomes(
        Rule.NHS_PAIR,
        (PAIR[0], measure),
        paired,
        below,
        flags.recovery & paired,
        flags.reliable_recovery & paired,
        flags.reliable_improvement & paired,
        flags.reliable_deterioration & paired,
    )


def _together(groups: Sequence[tuple[Rows, Outcomes]], paired: Flags) -> Outcomes:
    """Groups that were read on different anxiety measures, in the order of the episodes."""

    def column(name: str) -> Flags:
        found = np.zeros(paired.shape, np.bool_)
        for rows, one in groups:
            found[rows] = getattr(one, name)
        return found

    names = ("below", "recovery", "reliable_recovery", "improvement", "deterioration")
    measures = (PAIR[0], *(one.measures[1] for _, one in groups))
    return Outcomes(Rule.NHS_PAIR, measures, paired, *(column(name) for name in names))


def _single(first: Values, last: Values, paired: Flags, measure: str, rule: Yardstick) -> Outcomes:
    better, worse = reliable(first, last, rule)
    recovery = None
    below = np.zeros(first.shape, np.bool_)
    if rule.cut is not None:
        case = clinical(first, rule)
        below = ~case & ~np.isnan(first)
        recovery = case & healthy(last, rule) & better & paired
    known = Rule.NONE if rule.least_change is None else Rule.ONE_MEASURE
    return Outcomes(known, (measure,), paired, below, None, recovery, better & paired, worse & paired)
