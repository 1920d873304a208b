"""Sudden gains and losses: a large, lasting change from one session to the next.

Between session n and n + 1, improvement counted positive, all three must hold (Tang & DeRubeis 1999, J Consult Clin
Psychol 67:894–904, p. 896)::

    1  change ≥ the smallest reliable change
    2  change ≥ 25 % of the score before it (of its distance from the best score the scale has)
    3  mean of the next three less mean of the last three > t·√(((n₁−1)s₁² + (n₂−1)s₂²)/(n₁+n₂−2))

Last three are n−2, n−1, n; next three n+1, n+2, n+3; at least two known scores on each side. t is the two-sided 5 %
point for n₁ + n₂ − 2 degrees of freedom ("adjusted"), or 2.776 throughout as first published. The pooled SD is not
multiplied by √(1/n₁ + 1/n₂): so it was published, and so it is counted everywhere since. A gain is reversed when a
later score gives back half of it. A loss is the mirror image: a reason to talk, not an alarm.

Limits: bounded scales make large gains impossible for people who began low; regular scores are needed; a sudden gain
has no cause written on it. Adjusted t: Wiedemann, Thew, Stott & Ehlers 2020, PLoS ONE 15:e0230276.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from scipy.stats import t as student

from rapport.clinical.kernel.cards import NumberCard
from rapport.clinical.kernel.errors import OutOfRange
from rapport.clinical.measures.norms import Direction
from rapport.clinical.outcomes.yardstick import TOLERANCE

LEAST_SHARE, WINDOW, LEAST_KNOWN = 0.25, 3, 2
PUBLISHED_T = 2.776


class SuddenKind(StrEnum):
    """GAIN is for the better."""

    GAIN = "gain"
    LOSS = "loss"


@dataclass(frozen=True, slots=True)
class Step:
    """One step from a session to the next, with the three criteria; ``after`` is the position n, from 1.

    ``change`` counts the kind looked for as positive. A criterion is None where a score is missing. ``reversed`` says
    whether half was given back later.
    """

    after: int
    kind: SuddenKind
    change: float | None
    large: bool | None
    large_for_the_score: bool | None
    lasting: bool | None
    reversed: bool

    @property
    def sudden(self) -> bool:
        return self.large is True and self.large_for_the_score is True and self.lasting is True

    def card(self) -> NumberCard:
        """What stands behind the size of this step."""
        return NumberCard(
            name="Sudden gain" if self.kind is SuddenKind.GAIN else "Sudden loss",
            value=self.change,
            unit="points",
            formula="change between two sessions; at least RC, 25 % and beyond the spread around it",
            version="sudden_gains/1",
            inputs=(("after session", self.after), ("reversed later", "yes" if self.reversed else "no")),
            source="Tang & DeRubeis 1999",
            evidence="B",
            not_meaning="It does not say what made the change, nor that it will last.",
            verified=True,
            reason="" if self.change is not None else "no_score",
        )


@cache
def _critical(degrees: int) -> float:
    """Student's t at 97.5 %: every pair of windows asks for one of a handful of degrees of freedom."""
    return float(student.ppf(0.975, degrees))


def _lasts(before: Sequence[float], after: Sequence[float], *, adjusted: bool) -> bool | None:
    """Criterion 3; both windows turned so that higher is what is looked for. A window holds three scores at most."""
    before, after = [v for v in before if not math.isnan(v)], [v for v in after if not math.isnan(v)]
    m, n = len(before), len(after)
    if min(m, n) < LEAST_KNOWN:
        return None
    low, high = sum(before) / m, sum(after) / n
    pooled = (sum((v - low) ** 2 for v in before) + sum((v - high) ** 2 for v in after)) / (m + n - 2)
    critical = _critical(m + n - 2) if adjusted else PUBLISHED_T
    return high - low > critical * math.sqrt(pooled)


def steps(
    scores: Sequence[float | None],
    *,
    least_change: float,
    kind: SuddenKind = SuddenKind.GAIN,
    direction: Direction = Direction.LOWER,
    best: float = 0.0,
    adjusted: bool = True,
) -> tuple[Step, ...]:
    """Every step that has two sessions on each side, with its criteria. ``best`` is the best score of the scale.

    >>> found = steps([19, 18, 19, 17, 10, 9, 8, 9, 7], least_change=6)
    >>> [(one.after, one.sudden) for one in found]
    [(2, False), (3, False), (4, True), (5, False), (6, False), (7, False)]
    """
    if least_change <= 0:
        raise OutOfRange("least_change", "The smallest reliable change is above zero.", "Give it in points.")
    sign = direction.sign * (1 if kind is SuddenKind.GAIN else -1)
    turned = [math.nan if one is None else sign * float(one) for one in scores]
    found = []
    for n in range(LEAST_KNOWN, len(turned) - LEAST_KNOWN + 1):
        change = turned[n] - turned[n - 1]
        lasting = _lasts(turned[max(n - WINDOW, 0) : n], turned[n : n + WINDOW], adjusted=adjusted)
        if math.isnan(change):
            found.append(Step(n, kind, None, None, None, lasting, reversed=False))
            continue
        share = LEAST_SHARE * abs(sign * turned[n - 1] - best)
        given_back = change > 0 and any(later <= turned[n] - change / 2 for later in turned[n + 1 :])
        large, for_score = change >= least_change - TOLERANCE, change > 0 and change >= share - TOLERANCE
        found.append(Step(n, kind, change, large, for_score, lasting, given_back))
    return tuple(found)


def sudden_changes(
    scores: Sequence[float | None],
    *,
    least_change: float,
    kind: SuddenKind = SuddenKind.GAIN,
    direction: Direction = Direction.LOWER,
    best: float = 0.0,
    adjusted: bool = True,
) -> tuple[Step, ...]:
    """Only the steps that fulfil all three criteria.

    >>> [one.after for one in sudden_changes([8, 9, 8, 17, 18, 18], least_change=6, kind=SuddenKind.LOSS)]
    [3]
    """
    every = steps(scores, least_change=least_change, kind=kind, direction=direction, best=best, adjusted=adjusted)
    return tuple(one for one in every if one.sudden)
