"""The outcome rules of NHS Talking Therapies (England).

Two measures, first and last of one episode: PHQ-9 and an anxiety measure (GAD-7, or the one for the problem if it has
both scores). Thresholds include their own value (≥; the mobility inventory is strict), unlike Jacobson & Truax::

    case          PHQ-9 ≥ 10 or anxiety ≥ its threshold (GAD-7 ≥ 8)
    recovery      a case at the start and no case at the end: both below
    improvement   a fall of ≥ 6 (PHQ-9) or ≥ 4 (GAD-7) in one and no such rise in the other; deterioration mirrors it
    reliable recovery = recovery and improvement

Rates: recovery and reliable recovery out of finished episodes that began as a case (finished − not at caseness);
improvement, deterioration and no change out of all finished. Finished people without two scores stay in both.

Sources: Clark 2018, Annu Rev Clin Psychol 14:159–183; PMC8411661 table 1; NHS England's published dashboard rules.
Limits: rules for counting in services for adults with depression and anxiety; an integer is no measure of a person.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.statistics.proportions import Rate

Flags = NDArray[np.bool_]
TOLERANCE = 1e-9  # 2.40 − 1.67 must count as 0.73


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which score a person counts as a case, and how many points are a reliable change."""

    measure: str
    case_from: float
    reliable: float
    strict: bool
    verified: bool

    def is_case(self, score: ArrayLike) -> Flags:
        """Whether the score reaches the threshold (exceeds it, where the rule is strict)."""
        values = np.asarray(score, float)
        return np.asarray(values > self.case_from if self.strict else values >= self.case_from)


class NoThreshold(ClinicalError):
    """NHS Talking Therapies publishes no threshold for this measure that we know of."""

    code = "no_threshold"


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    text = files("rapport.clinical.outcomes").joinpath("data", "nhs_tt_thresholds.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@lru_cache(maxsize=64)
def threshold(measure: str, on: date | None = None) -> Threshold:
    """The thresholds of one measure, by instrument id, as they were in force on a day (default: the newest).

    >>> threshold("gad7").case_from, threshold("gad7", date(2024, 4, 1)).reliable
    (8, 4)
    """
    editions = sorted(_data()["editions"], key=lambda edition: str(edition["valid_from"]))
    in_force = [one for one in editions if on is None or date.fromisoformat(one["valid_from"]) <= on]
    entry = (in_force or editions)[-1 if in_force else 0]["measures"].get(measure)
    if entry is None:
        raise NoThreshold("measure", f"There is no NHS threshold for {measure}.", "Use reliable change instead.")
    return Threshold(measure=measure, **entry)


def anxiety_measure(problem: str | None, twice: Collection[str]) -> str:
    """Which measure is paired with PHQ-9: the one for the problem if it has a first and a last score, else GAD-7.

    ``twice`` names the measures that have both; a first score of one is never set against a last of another.
    Clark 2018, table 2.

    >>> anxiety_measure("ptsd", {"pcl5", "gad7"}), anxiety_measure("ptsd", {"gad7"}), anxiety_measure("depression", [])
    ('pcl5', 'gad7', 'gad7')
    """
    fitting = _data()["problems"].get(problem, ())
    return next((str(name) for name in fitting if name in twice), "gad7")


@dataclass(frozen=True, slots=True)
class PairFlags:
    """The published flags, one array entry per episode."""

    case_at_start: Flags
    case_at_end: Flags
    recovery: Flags
    reliable_improvement: Flags
    reliable_deterioration: Flags
    no_reliable_change: Flags
    reliable_recovery: Flags


def pair_flags(
    phq_first: ArrayLike, phq_last: ArrayLike, anxiety_first: ArrayLike, anxiety_last: ArrayLike, anxiety: str = "gad7"
) -> PairFlags:
    """Apply the rules to episodes that have both measures twice.

    >>> flags = pair_flags(10, 9, 7, 7)  # recovered, though one point is no reliable change
    >>> bool(flags.recovery), bool(flags.reliable_recovery)
    (True, False)
    """
    p1, p2, a1, a2 = (np.asarray(scores, float) for scores in (phq_first, phq_last, anxiety_first, anxiety_last))
    phq, anx = threshold("phq9"), threshold(anxiety)
    start = phq.is_case(p1) | anx.is_case(a1)
    end = phq.is_case(p2) | anx.is_case(a2)
    better = (p1 - p2 >= phq.reliable - TOLERANCE) | (a1 - a2 >= anx.reliable - TOLERANCE)
    worse = (p2 - p1 >= phq.reliable - TOLERANCE) | (a2 - a1 >= anx.reliable - TOLERANCE)
    recovery, improvement = start & ~end, better & ~worse
    return PairFlags(start, end, recovery, improvement, worse & ~better, better == worse, recovery & improvement)


@dataclass(frozen=True, slots=True)
class FinishedEpisode:
    """One finished episode (≥ 2 attended treatment sessions, discharged); a missing score is None."""

    phq_first: float | None
    phq_last: float | None
    anxiety_first: float | None
    anxiety_last: float | None
    anxiety: str = "gad7"

    @property
    def flags(self) -> PairFlags | None:
        """The flags of this episode; None unless both measures have a first and a last score."""
        if self.phq_first is None or self.phq_last is None or self.anxiety_first is None or self.anxiety_last is None:
            return None
        return pair_flags(self.phq_first, self.phq_last, self.anxiety_first, self.anxiety_last, self.anxiety)


@dataclass(frozen=True, slots=True)
class ServiceRates:
    """The rates of a service, always with how many episodes had both measures twice."""

    finished: int
    paired: int
    not_at_caseness: int
    recovery: Rate
    reliable_recovery: Rate
    reliable_improvement: Rate
    reliable_deterioration: Rate
    no_reliable_change: Rate
    recovery_paired_only: Rate


def _starts_below(episode: FinishedEpisode) -> bool:
    """Not at caseness: both first scores are known and both below."""
    if episode.phq_first is None or episode.anxiety_first is None:
        return False
    anxious = threshold(episode.anxiety).is_case(episode.anxiety_first)
    return not (threshold("phq9").is_case(episode.phq_first) or anxious)


def service_rates(episodes: Sequence[FinishedEpisode]) -> ServiceRates:
    """Rates over finished episodes, with the published denominators."""
    finished = len(episodes)
    below = sum(_starts_below(one) for one in episodes)
    flags = [found for one in episodes if (found := one.flags) is not None]
    paired_cases = sum(bool(one.case_at_start) for one in flags)
    recovered = sum(bool(one.recovery) for one in flags)
    return ServiceRates(
        finished=finished,
        paired=len(flags),
        not_at_caseness=below,
        recovery=Rate(recovered, finished - below),
        reliable_recovery=Rate(sum(bool(one.reliable_recovery) for one in flags), finished - below),
        reliable_improvement=Rate(sum(bool(one.reliable_improvement) for one in flags), finished),
        reliable_deterioration=Rate(sum(bool(one.reliable_deterioration) for one in flags), finished),
        no_reliable_change=Rate(sum(bool(one.no_reliable_change) for one in flags), finished),
        recovery_paired_only=Rate(recovered, paired_cases),
    )


def publishable_count(count: int) -> int | None:
    """A count as NHS England publishes it: none below 5, else to the nearest 5 (``5·⌊(x + 2)/5⌋``).

    >>> [publishable_count(count) for count in (4, 7, 8, 12, 13, 498)]
    [None, 5, 10, 10, 15, 500]
    """
    return None if count < 5 else 5 * ((count + 2) // 5)


def publishable_rate(rate: Rate) -> float | None:
    """A share to two decimals of its percentage; none when numerator or denominator is below 5.

    >>> publishable_rate(Rate(102, 479)), publishable_rate(Rate(4, 100))
    (21.29, None)
    """
    share = rate.share
    return None if share is None or rate.count < 5 or rate.out_of < 5 else round(100 * share, 2)
