"""Published patterns of answers (PCL-5 by DSM-5, the ITQ by ICD-11, the ASQ): a reason to look, never a diagnosis.

A pattern is met when each of its groups has enough items answered high enough, and none of the patterns it gives way
to is met. Where answers are missing the pattern is unknown as long as they could still decide it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rapport.clinical.measures.instrument import Criterion, Group, Instrument

Answers = Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern and whether the answers show it; None where missing answers leave it open."""

    criterion: Criterion
    met: bool | None


def patterns(instrument: Instrument, answers: Answers) -> tuple[Pattern, ...]:
    """Every pattern of an instrument, in its order.

    >>> from rapport.clinical.measures.registry import load_instrument
    >>> [one.met for one in patterns(load_instrument("asq"), {"1": 0, "2": 0, "3": 1, "4": 0})]
    [True]
    >>> [one.met for one in patterns(load_instrument("asq"), {"1": 0, "2": 0, "3": 0})]
    [None]

    A question that was asked and refused counts where the pattern says so.

    >>> [one.met for one in patterns(load_instrument("asq"), {"1": 0, "2": 0, "3": None, "4": 0})]
    [True]
    """
    by_code = {one.code: one for one in instrument.criteria}
    return tuple(Pattern(one, _met(one, by_code, answers)) for one in instrument.criteria)


def _met(criterion: Criterion, by_code: Mapping[str, Criterion], answers: Answers) -> bool | None:
    found = [_group(group, answers, refused_counts=criterion.or_refused) for group in criterion.groups]
    given_way = [_met(by_code[code], by_code, answers) for code in criterion.unless]
    if False in found or True in given_way:
        return False
    return None if None in found or None in given_way else True


def _group(group: Group, answers: Answers, *, refused_counts: bool) -> bool | None:
    given = [answers.get(key) for key in group.items]
    enough = sum(1 for one in given if one is not None and one >= group.at_least)
    if refused_counts:
        enough += sum(1 for key in group.items if key in answers and answers[key] is None)
    if enough >= group.count:
        return True
    return None if enough + given.count(None) >= group.count else False
