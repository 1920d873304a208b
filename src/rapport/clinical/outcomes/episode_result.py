"""The result of an episode at its end, where a class applies.

With PHQ-9 and GAD-7 both measured twice the NHS pair decides (a fall in one does not hide a rise in the other). Else
the primary measure decides: the one named, or the first that has a class. Somebody who began well gets words, no class.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapport.clinical.outcomes.course import CourseCode, CourseReading
from rapport.clinical.outcomes.cut_offs import ChangeClass
from rapport.clinical.outcomes.nhs_talking_therapies import FinishedEpisode, PairFlags
from rapport.clinical.outcomes.yardstick import Basis


@dataclass(frozen=True, slots=True)
class EpisodeResult:
    """The class, or None with a reason; ``measures`` it rests on; the NHS's recovery where both measures allow it."""

    outcome: ChangeClass | None
    reason: str
    basis: Basis
    measures: tuple[str, ...]
    code: CourseCode
    nhs_recovery: bool | None = None


def _pair(readings: Sequence[CourseReading]) -> PairFlags | None:
    by_measure = {reading.measure: reading for reading in readings if reading.basis is Basis.NHS}
    phq, gad = by_measure.get("phq9"), by_measure.get("gad7")
    if phq is None or gad is None or phq.change is None or gad.change is None:
        return None
    phq_first, phq_last, gad_first, gad_last = (
        None if score is None else score.value for score in (phq.first, phq.last, gad.first, gad.last)
    )
    return FinishedEpisode(phq_first, phq_last, gad_first, gad_last).flags


def _pair_result(flags: PairFlags) -> EpisodeResult:
    better, worse = bool(flags.reliable_improvement), bool(flags.reliable_deterioration)
    recovered, case_at_end = bool(flags.recovery), bool(flags.case_at_end)
    measures = ("phq9", "gad7")
    if not bool(flags.case_at_start):
        code = CourseCode.STAYED_WELL
        if case_at_end:
            code = CourseCode.LEFT_HEALTHY_RANGE
        elif better or worse:
            code = CourseCode.STAYED_WELL_AND_IMPROVED if better else CourseCode.STAYED_WELL_BUT_WORSE
        return EpisodeResult(None, "began_healthy", Basis.NHS, measures, code, None)
    if better:
        outcome = ChangeClass.RECOVERED if recovered else ChangeClass.IMPROVED
    else:
        outcome = ChangeClass.DETERIORATED if worse else ChangeClass.UNCHANGED
    return EpisodeResult(outcome, "", Basis.NHS, measures, CourseCode(outcome.value), recovered)


def episode_result(readings: Sequence[CourseReading], *, primary: str | None = None) -> EpisodeResult:
    """Combine the courses of an episode.

    >>> from datetime import date
    >>> from rapport.clinical.measures.registry import load_instrument
    >>> from rapport.clinical.outcomes.course import DatedScore, read_course
    >>> days = date(2026, 1, 5), date(2026, 3, 2)
    >>> def course(name, *scores):
    ...     return read_course([DatedScore(*one) for one in zip(days, scores)], load_instrument(name))
    >>> episode_result([course("phq9", 18, 4), course("gad7", 15, 3)]).outcome.value
    'recovered'
    >>> episode_result([course("phq9", 20, 13), course("gad7", 8, 12)]).outcome.value  # one better, one worse
    'unchanged'
    """
    if primary is None:
        flags = _pair(readings)
        if flags is not None:
            return _pair_result(flags)
    chosen = [reading for reading in readings if primary in (None, reading.measure)]
    ranked = sorted(chosen, key=lambda one: (one.outcome is None, one.reason != "began_healthy", one.change is None))
    if not ranked:
        return EpisodeResult(None, "no_measure", Basis.NONE, (), CourseCode.NO_SCORE)
    best = ranked[0]
    return EpisodeResult(best.outcome, best.reason, best.basis, (best.measure,), best.sentence.code)
