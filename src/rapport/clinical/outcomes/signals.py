"""Is this person on the expected course? Four signals, one for each score from the second session on.

Compared with people who began at the same score (bounds of the expected course, on the worse side)::

    red      beyond the two-sided 80 % bound, or reliably worse than at the start whatever the line says
    yellow   beyond the 68 % bound
    green    otherwise
    white    in the healthy range: talk about an ending or a review

White outranks the band but never reliable worsening: nobody gets worse unseen. Without a line the *rational rule,
version 0* reads the score. It is Rapport's own proposal in the tradition of Lambert et al. 2001/2002, not their tables,
RC being the smallest reliable change::

    sessions 2–4    red if worse by 1 RC, yellow if worse by ½ RC
    sessions ≥ 5    red if worse by ½ RC, yellow if not healthy and improved by less than ½ RC
    sessions ≥ 10   red if not healthy and not reliably improved

After Finch, Lambert & Schaalje 2001, Clin Psychol Psychother 8:231–242. Limits: about a tenth of all scores lies beyond
the 80 % bound by construction. A signal is a reason to think together, never a verdict and never a change of treatment.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from rapport.clinical.kernel.cards import NumberCard
from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.measures.norms import Direction
from rapport.clinical.outcomes.expected_course import CourseBand, GrowthModel, Posterior, band_from_first, forecast
from rapport.clinical.outcomes.reliable_change import NotDefined
from rapport.clinical.outcomes.yardstick import TOLERANCE, Yardstick


class Signal(StrEnum):
    """Where a score lies; words and shapes show it, never a traffic light on a person."""

    WHITE = "white"
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"

    @property
    def off_track(self) -> bool:
        """Whether it asks for the five fields."""
        return self in (Signal.YELLOW, Signal.RED)


class Rung(StrEnum):
    """Which data stand behind an expected course."""

    PRIOR = "prior"
    PRIOR_AND_PRACTICE = "prior_and_practice"
    OWN_MODEL = "own_model"
    STRATA = "strata"


def rung(n_clients_with_three: int) -> Rung:
    """The rung of the data ladder that this many clients with three or more scores reach.

    >>> [rung(n).value for n in (29, 30, 200, 1000)]
    ['prior', 'prior_and_practice', 'own_model', 'strata']
    """
    if n_clients_with_three >= 1000:
        return Rung.STRATA
    if n_clients_with_three >= 200:
        return Rung.OWN_MODEL
    return Rung.PRIOR_AND_PRACTICE if n_clients_with_three >= 30 else Rung.PRIOR


class SignalRule(StrEnum):
    """Which rule gave the signal; RATIONAL is our own proposal."""

    BAND = "band"
    RELIABLE_WORSENING = "reliable_worsening"
    RATIONAL = "rational"


class Reason(StrEnum):
    """Why this signal, or why none."""

    FIRST_SCORE = "first_score"
    NO_SCORE = "no_score"
    NO_LEAST_CHANGE = "no_least_change"
    HEALTHY = "healthy"
    WORSE_RELIABLY = "worse_reliably"
    WORSE_BY_HALF = "worse_by_half"
    BEYOND_80 = "beyond_80"
    BEYOND_68 = "beyond_68"
    AS_EXPECTED = "as_expected"
    LITTLE_CHANGE = "little_change"
    NOT_IMPROVED_BY_TEN = "not_improved_by_ten"


@dataclass(frozen=True, slots=True)
class SignalReading:
    """One score read. ``signal`` is None where nothing can be said yet, ``reasons`` then say why."""

    signal: Signal | None
    rule: SignalRule
    session: int
    score: float
    expected: CourseBand | None
    reasons: tuple[Reason, ...]
    rung: Rung
    model_version: str


Verdict = tuple[Signal | None, Reason, SignalRule]


def band_signal(score: float, band: CourseBand, sign: int) -> tuple[Signal, Reason]:
    """Red, yellow or green by how far on the worse side of the band; ``sign`` +1 where higher is better.

    >>> [band_signal(score, CourseBand(4, 10, 4), -1)[0].value for score in (13, 14, 16)]
    ['green', 'yellow', 'red']
    """
    worse = -sign * (score - band.expected)
    if worse > band.high80 - band.expected:
        return Signal.RED, Reason.BEYOND_80
    if worse > band.high68 - band.expected:
        return Signal.YELLOW, Reason.BEYOND_68
    return Signal.GREEN, Reason.AS_EXPECTED


def _rational(first: float, score: float, session: int, yardstick: Yardstick, least: float) -> tuple[Signal, Reason]:
    """The rational rule, version 0, for a score that is neither healthy nor reliably worse."""
    better = yardstick.direction.sign * (score - first)
    if better <= TOLERANCE - least / 2:
        return Signal.RED if session >= 5 else Signal.YELLOW, Reason.WORSE_BY_HALF
    if session >= 10 and yardstick.reliable(score - first) != 1:
        return Signal.RED, Reason.NOT_IMPROVED_BY_TEN
    if session >= 5 and better < least / 2 - TOLERANCE:
        return Signal.YELLOW, Reason.LITTLE_CHANGE
    return Signal.GREEN, Reason.AS_EXPECTED


def _judge(first: float, score: float, session: int, yardstick: Yardstick, band: CourseBand | None) -> Verdict:
    usual = SignalRule.RATIONAL if band is None else SignalRule.BAND
    if yardstick.reliable(score - first) == -1:
        return Signal.RED, Reason.WORSE_RELIABLY, SignalRule.RELIABLE_WORSENING
    if yardstick.healthy(score):
        return Signal.WHITE, Reason.HEALTHY, usual
    if band is not None:
        return *band_signal(score, band, yardstick.direction.sign), usual
    if yardstick.least_change is None:
        return None, Reason.NO_LEAST_CHANGE, usual
    return *_rational(first, score, session, yardstick, yardstick.least_change), usual


def _check(scores: Sequence[float], sessions: Sequence[int]) -> None:
    if len(scores) != len(sessions):
        raise ClinicalError("sessions", "Each score belongs to one session.", "Give as many of one as of the other.")
    if any(later < earlier for earlier, later in pairwise(sessions)):
        raise ClinicalError("sessions", "The sessions are out of order.", "Sort the scores by session.")


def read_signals(
    scores: Sequence[float],
    sessions: Sequence[int],
    *,
    yardstick: Yardstick,
    model: GrowthModel | None,
    rung: Rung,
    model_version: str,
) -> tuple[SignalReading, ...]:
    """Read every score of one course; without ``model`` by the rational rule. A NaN is a form that gave no score.

    The session of the first score counts as session 1, whatever its number, so that all courses start alike.

    >>> from rapport.clinical.measures.registry import load_instrument
    >>> from rapport.clinical.outcomes.growth_prior import PHQ9_MOMENTS, prior_from_moments
    >>> from rapport.clinical.outcomes.yardstick import yardstick
    >>> found = read_signals([16, 15, 21, 23, 9], [1, 2, 4, 5, 9], yardstick=yardstick(load_instrument("phq9")),
    ...                      model=prior_from_moments(PHQ9_MOMENTS), rung=Rung.PRIOR, model_version="assumed/1")
    >>> [one.signal and one.signal.value for one in found]
    [None, 'green', 'red', 'red', 'white']
    >>> [one.rule.value for one in found][2:]
    ['band', 'reliable_worsening', 'band']
    """
    _check(scores, sessions)
    usual = SignalRule.RATIONAL if model is None else SignalRule.BAND
    first: tuple[float, int] | None = None
    readings = []
    for score, session in zip(scores, sessions, strict=True):
        band: CourseBand | None = None
        verdict: Verdict
        if math.isnan(score):
            verdict = None, Reason.NO_SCORE, usual
        elif first is None or session == first[1]:
            first = first or (score, session)
            verdict = None, Reason.FIRST_SCORE, usual
        else:
            number = session - first[1] + 1
            band = None if model is None else band_from_first(model, first[0], number)
            verdict = _judge(first[0], score, number, yardstick, band)
        signal, reason, rule = verdict
        readings.append(SignalReading(signal, rule, session, score, band, (reason,), rung, model_version))
    return tuple(readings)


def chance_of_healthy(
    model: GrowthModel, posterior: Posterior, yardstick: Yardstick, session: float, *, first_score: float | None = None
) -> float:
    """The chance that the score at this session lies in the healthy range, given all scores so far.

    ``posterior`` comes from ``update``; a line that starts from the first score is told it and updates on the later
    ones only. Whole scores are assumed: P(below 10) is Φ((9.5 − mean)/sd).

    >>> from rapport.clinical.measures.registry import load_instrument
    >>> from rapport.clinical.outcomes.expected_course import update
    >>> from rapport.clinical.outcomes.growth_prior import PHQ9_MOMENTS, prior_from_moments
    >>> from rapport.clinical.outcomes.yardstick import yardstick
    >>> line = prior_from_moments(PHQ9_MOMENTS)
    >>> round(chance_of_healthy(line, update(line, [1, 2], [16, 14]), yardstick(load_instrument("phq9")), 8), 3)
    0.467
    """
    if yardstick.cut is None:
        raise NotDefined("cut", "Nobody has said where the healthy range begins.", "Enter norms or a cut-off.")
    intake = None if first_score is None else model.intake_of(first_score)
    ahead = forecast(model, posterior, session, intake)
    if yardstick.direction is Direction.LOWER:
        return ahead.probability_below(math.ceil(yardstick.cut))
    return ahead.probability_above(math.floor(yardstick.cut))


@dataclass(frozen=True, slots=True)
class ChangeChances:
    """The chances that the score at a session to come is reliably better or reliably worse than the first."""

    better: float
    worse: float

    def cards(self, session: float, model: GrowthModel) -> tuple[NumberCard, NumberCard]:
        """What stands behind both."""
        better, worse = (
            NumberCard(
                name=f"Chance of being reliably {word}",
                value=chance,
                unit="",
                formula="share of the forecast beyond the smallest reliable change",
                version="expected_course/1",
                inputs=(("session", session),),
                n=1,
                source=model.source,
                not_meaning="It is a chance among people with such scores, not a promise and no reason to end.",
                verified=model.verified,
            )
            for word, chance in (("better", self.better), ("worse", self.worse))
        )
        return better, worse


def chances_of_reliable_change(
    model: GrowthModel, posterior: Posterior, yardstick: Yardstick, session: float, *, first_score: float
) -> ChangeChances:
    """How likely a reliable change is at this session, on whole scores.

    >>> from rapport.clinical.measures.registry import load_instrument
    >>> from rapport.clinical.outcomes.expected_course import update
    >>> from rapport.clinical.outcomes.growth_prior import PHQ9_MOMENTS, prior_from_moments
    >>> from rapport.clinical.outcomes.yardstick import yardstick
    >>> line = prior_from_moments(PHQ9_MOMENTS)
    >>> found = chances_of_reliable_change(line, update(line, [1, 2], [16, 14]), yardstick(load_instrument("phq9")), 8,
    ...                                    first_score=16)
    >>> round(found.better, 3), round(found.worse, 3)
    (0.55, 0.008)
    """
    if yardstick.least_change is None:
        raise NotDefined("least_change", "Nobody has said what is beyond error.", "Enter a reliability and an SD.")
    least = math.ceil(yardstick.least_change - TOLERANCE)
    if yardstick.reliable(least) == 0:  # strict rules want more than a whole RC
        least += 1
    ahead = forecast(model, posterior, session, model.intake_of(first_score))
    falls = ahead.probability_below(first_score - least + 1)
    rises = ahead.probability_above(first_score + least - 1)
    return ChangeChances(falls, rises) if yardstick.direction is Direction.LOWER else ChangeChances(rises, falls)
