"""The hour's own effect: how the client said they were, 0–10, before it and after it.

An own slider without norms (grade C). It says how the hour felt, not whether therapy works.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from rapport.clinical.kernel.cards import NumberCard
from rapport.clinical.kernel.errors import OutOfRange

LOW, HIGH = 0, 10


@dataclass(frozen=True, slots=True)
class HourEffect:
    """``after − before`` in points of 0–10; None with a reason when one of them was not given."""

    before: int | None
    after: int | None
    difference: int | None
    reason: str = ""


def hour_effect(before: int | None, after: int | None) -> HourEffect:
    """How much better (positive) or worse (negative) the client said they were after the hour.

    >>> hour_effect(4, 6).difference
    2
    >>> hour_effect(None, 6).reason
    'before_not_given'
    """
    for name, value in (("before", before), ("after", after)):
        if value is not None and (isinstance(value, bool) or value != int(value) or not LOW <= value <= HIGH):
            raise OutOfRange(name, "The slider goes from 0 to 10 in whole steps.", "Give a whole number or nothing.")
    if before is None:
        return HourEffect(before, after, None, "before_not_given")
    if after is None:
        return HourEffect(before, after, None, "after_not_given")
    return HourEffect(before, after, after - before)


def mean_effect(hours: Sequence[HourEffect]) -> NumberCard:
    """The mean difference over the hours that have both answers.

    >>> mean_effect([hour_effect(4, 6), hour_effect(5, 5), hour_effect(None, 7)]).value
    1.0
    """
    known = [hour.difference for hour in hours if hour.difference is not None]
    return NumberCard(
        name="The hour's own effect",
        value=fmean(known) if known else None,
        unit="points",
        formula="mean of (after − before)",
        version="hour_effect/1",
        n=len(known),
        missing=len(hours) - len(known),
        source="Own 0–10 slider",
        evidence="C",
        not_meaning="It does not say whether therapy works: a hard hour can be a good hour.",
        verified=True,
        reason="" if known else "no_hour_with_both_answers",
    )
