"""The flags of NHS Talking Therapies for millions of episodes: the same as ``pair_flags`` one by one.

One byte per episode, a bit per flag. An episode without both measures twice has no bit but perhaps STARTS_BELOW: such
finished episodes stay in the published denominators.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from enum import IntFlag

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rapport.clinical.outcomes.batch.blocks import Block, Column, Pair, Scale, either, over_blocks, same_length
from rapport.clinical.outcomes.nhs_talking_therapies import TOLERANCE, ServiceRates, Threshold, threshold
from rapport.clinical.statistics.proportions import Rate

Codes = NDArray[np.uint8]
HIGHEST = {"phq9": 27, "gad7": 21}
UNBOUNDED = 32_767


class NhsFlag(IntFlag):
    """What one byte says."""

    CASE_AT_START = 1
    CASE_AT_END = 2
    RECOVERY = 4
    RELIABLE_IMPROVEMENT = 8
    RELIABLE_DETERIORATION = 16
    RELIABLE_RECOVERY = 32
    PAIRED = 64
    STARTS_BELOW = 128


def _case(scores: Column, rule: Threshold) -> NDArray[np.bool_]:
    return np.greater(scores, rule.case_from) if rule.strict else np.greater_equal(scores, rule.case_from)


def _least(rule: Threshold, block: Block) -> float:
    """From which difference a change is reliable."""
    return math.ceil(rule.reliable) if block.whole else rule.reliable - TOLERANCE


def _packed(flags: Iterable[NDArray[np.bool_]]) -> Codes:
    """One byte from flags, the highest bit first; doubling a byte is much faster than shifting it."""
    code: NDArray[np.uint8] | None = None
    for flag in flags:
        bit = flag.view(np.uint8)
        if code is None:
            code = bit.copy()
        else:
            code += code
            code += bit
    return np.zeros(0, np.uint8) if code is None else code


def _flags(phq: Block, calm: Block, rules: tuple[Threshold, Threshold]) -> Codes:
    """One block of episodes on PHQ-9 and the anxiety measure."""
    start = _case(phq.first, rules[0]) | _case(calm.first, rules[1])
    end = _case(phq.last, rules[0]) | _case(calm.last, rules[1])
    fall, ease = phq.first - phq.last, calm.first - calm.last
    least_fall, least_ease = _least(rules[0], phq), _least(rules[1], calm)
    better = (fall >= least_fall) | (ease >= least_ease)
    worse = (fall <= -least_fall) | (ease <= -least_ease)
    recovery, improvement = start > end, better > worse
    paired = np.ones(len(start), np.bool_)
    return _packed((~start, paired, recovery & improvement, worse > better, improvement, recovery, end, start))


def _only_below(codes: Codes, phq: Block, calm: Block) -> None:
    """An episode without both measures twice keeps no flag but "below at the start", if both first scores are known."""
    unpaired = either(phq.unknown, calm.unknown)
    if unpaired is not None:
        begun = either(phq.first_missing, calm.first_missing)
        codes[unpaired] &= np.uint8(NhsFlag.STARTS_BELOW)
        if begun is not None:
            codes[begun] = 0


class Flagger:
    """The flags of episodes on PHQ-9 and one anxiety measure, filled block by block."""

    def __init__(self, columns: Sequence[ArrayLike], anxiety: str) -> None:
        phq_first, phq_last, first, last = columns
        self.phq = Pair.of(("phq_first", "phq_last"), phq_first, phq_last, Scale(0, HIGHEST["phq9"]))
        scale = Scale(0, HIGHEST.get(anxiety, UNBOUNDED))
        self.calm = Pair.of(("anxiety_first", "anxiety_last"), first, last, scale)
        self.codes = np.empty(same_length(self.phq, self.calm), np.uint8)
        self._rules = threshold("phq9"), threshold(anxiety)

    def fill(self, where: slice) -> Block:
        """Write the flags of one block, and give its scores on PHQ-9."""
        phq, calm = self.phq.read(where), self.calm.read(where)
        self.codes[where] = _flags(phq, calm, self._rules)
        _only_below(self.codes[where], phq, calm)
        return phq


def nhs_flags(
    phq_first: ArrayLike,
    phq_last: ArrayLike,
    anxiety_first: ArrayLike,
    anxiety_last: ArrayLike,
    *,
    anxiety: str = "gad7",
    threads: int = 1,
) -> Codes:
    """The flags of every episode; NaN where a score is missing.

    >>> NhsFlag(int(nhs_flags([10], [9], [7], [7])[0])) == NhsFlag.CASE_AT_START | NhsFlag.RECOVERY | NhsFlag.PAIRED
    True
    """
    flags = Flagger((phq_first, phq_last, anxiety_first, anxiety_last), anxiety)
    over_blocks(len(flags.codes), flags.fill, threads)
    return flags.codes


def service_rates_of(codes: Codes) -> ServiceRates:
    """The published rates of finished episodes from their flags: equal to ``service_rates`` one by one.

    >>> service_rates_of(nhs_flags([10, 18, 5], [9, 17, 4], [7, 12, 3], [7, 11, 2])).recovery
    Rate(count=1, out_of=2)
    """
    seen = np.bincount(codes, minlength=256)
    values = np.arange(256)

    def count(bits: int) -> int:
        return int(seen[(values & bits) == bits].sum())

    finished, paired = len(codes), count(NhsFlag.PAIRED)
    cases = finished - count(NhsFlag.STARTS_BELOW)
    better, worse = count(NhsFlag.RELIABLE_IMPROVEMENT), count(NhsFlag.RELIABLE_DETERIORATION)
    return ServiceRates(
        finished=finished,
        paired=paired,
        not_at_caseness=count(NhsFlag.STARTS_BELOW),
        recovery=Rate(count(NhsFlag.RECOVERY), cases),
        reliable_recovery=Rate(count(NhsFlag.RELIABLE_RECOVERY), cases),
        reliable_improvement=Rate(better, finished),
        reliable_deterioration=Rate(worse, finished),
        no_reliable_change=Rate(paired - better - worse, finished),
        recovery_paired_only=Rate(count(NhsFlag.RECOVERY), count(NhsFlag.CASE_AT_START)),
    )
