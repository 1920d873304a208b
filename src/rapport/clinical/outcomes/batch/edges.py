"""A yardstick's edges as plain numbers: from which difference, from which score.

Turned so that higher is worse, the rules are comparisons with four thresholds. For whole scores the thresholds are
whole, and every comparison is ≥: "more than 5.6 points" is "at least 6", "more than 6 points" is "at least 7".
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from rapport.clinical.measures.norms import Direction
from rapport.clinical.outcomes.yardstick import TOLERANCE, Basis, Yardstick


@dataclass(frozen=True, slots=True)
class Edges:
    """Thresholds: a difference of at least ``least`` is reliable, a score at least as bad as ``clinical`` is
    clinical, one at most as bad as ``healthy`` is healthy. Badness is −score unless ``lower`` scores are better.
    """

    least: float
    clinical: float | None
    healthy: float | None
    lower: bool


def _next(value: float) -> float:
    return math.nextafter(value, math.inf)


def whole_edges(rule: Yardstick) -> Edges:
    """The thresholds for whole scores.

    >>> from rapport.clinical.measures.registry import load_instrument
    >>> from rapport.clinical.outcomes.yardstick import yardstick
    >>> whole_edges(yardstick(load_instrument("phq9")))
    Edges(least=6, clinical=10, healthy=9, lower=True)
    """
    exact = exact_edges(rule)
    return Edges(
        math.ceil(exact.least),
        None if exact.clinical is None else math.ceil(exact.clinical),
        None if exact.healthy is None else math.floor(exact.healthy),
        exact.lower,
    )


def exact_edges(rule: Yardstick) -> Edges:
    """The thresholds for any scores: a strict edge becomes the next number a float can hold."""
    if rule.least_change is None:
        raise ValueError("a rule without a smallest reliable change has no edges")
    nhs, lower = rule.basis is Basis.NHS, rule.direction is Direction.LOWER
    least = rule.least_change - TOLERANCE if nhs else _next(rule.least_change)
    if rule.cut is None:
        return Edges(least, None, None, lower)
    badness = rule.cut if lower else -rule.cut
    return Edges(least, badness if nhs else _next(badness), -_next(-badness), lower)
