"""By which rule a course is read: the NHS's whole points for PHQ-9 and GAD-7, Jacobson & Truax for everything else.

The two conventions differ at the edges and are never mixed: the NHS counts a score on the threshold as clinical and a
change of exactly the threshold as reliable (≥); Jacobson & Truax want more than the cut-off and more than RC (strict).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import fmean, stdev

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.measures.instrument import ChangeKind, ChangeRule, Instrument
from rapport.clinical.measures.norms import CustomMeasure, Direction, Norms
from rapport.clinical.outcomes.cut_offs import ChangeClass, CutOffKind, choose_cut, clinical_reference
from rapport.clinical.outcomes.reliable_change import NotDefined, least_reliable_change

Measure = Instrument | CustomMeasure
SMALLEST_SAMPLE = 30
TOLERANCE = 1e-9


class Basis(StrEnum):
    """Which rule; NONE when there are no norms to judge a change by."""

    NHS = "nhs"
    JACOBSON_TRUAX = "jacobson_truax"
    NONE = "none"


class SampleTooSmall(ClinicalError):
    """Too few first scores to stand in for a clinical norm."""

    code = "sample_too_small"


@dataclass(frozen=True, slots=True)
class Yardstick:
    """Cut-off and smallest reliable change of one measure, with the rule's own edges."""

    basis: Basis
    direction: Direction
    low: float
    high: float
    cut: float | None
    cut_kind: CutOffKind | None
    least_change: float | None
    source: str
    verified: bool
    reason: str = ""
    confidence: float = 0.95
    norms: Norms | None = None

    def clinical(self, score: float) -> bool | None:
        """Whether the score lies in the clinical range; None without a cut-off."""
        if self.cut is None:
            return None
        worse = -self.direction.sign * (score - self.cut)
        return bool(worse >= 0 if self.basis is Basis.NHS else worse > 0)

    def healthy(self, score: float) -> bool | None:
        """Whether it lies on the healthy side; by the strict rule a score on the cut-off is on neither."""
        if self.cut is None:
            return None
        return bool(self.direction.sign * (score - self.cut) > 0)

    def reliable(self, change: float) -> int | None:
        """+1 reliably better, −1 reliably worse, 0 within error; None if nothing says what error is."""
        if self.least_change is None:
            return None
        better = self.direction.sign * change
        if self.basis is Basis.NHS:
            beyond = abs(better) >= self.least_change - TOLERANCE
        else:
            beyond = abs(better) > self.least_change + TOLERANCE
        return 0 if not beyond else (1 if better > 0 else -1)

    def classify(self, first: float, last: float) -> ChangeClass:
        """The class of one course, as it is counted in a table."""
        reliable = self.reliable(last - first)
        if reliable is None:
            return ChangeClass.NOT_CLASSIFIABLE
        if reliable > 0:
            crossed = self.clinical(first) and self.healthy(last)
            return ChangeClass.RECOVERED if crossed else ChangeClass.IMPROVED
        if reliable < 0:
            entered = self.clinical(first) is False and self.healthy(last) is False
            return ChangeClass.HARMED if entered else ChangeClass.DETERIORATED
        return ChangeClass.UNCHANGED

    def near_best(self, first: float) -> bool:
        """Whether the first score was so good that a reliable improvement is not possible on this scale."""
        best = self.high if self.direction is Direction.HIGHER else self.low
        return self.least_change is not None and self.reliable(best - first) == 0


def with_sample(norms: Norms, first_scores: Sequence[float]) -> Norms:
    """Put the mean and SD of one's own first scores in the place of a clinical norm (n ≥ 30).

    >>> from rapport.clinical.measures.norms import Direction, Norms
    >>> with_sample(Norms(0, 10, Direction.LOWER), [4, 6] * 15).clinical_mean
    5.0
    """
    if len(first_scores) < SMALLEST_SAMPLE:
        raise SampleTooSmall("first_scores", "Fewer than 30 people are no norm.", "Enter a published SD.")
    return replace(norms, clinical_mean=fmean(first_scores), clinical_sd=stdev(first_scores))


def norms_of(measure: Measure) -> Norms:
    """The norms a measure came with."""
    return measure.norms


def _nhs(instrument: Instrument) -> Yardstick | None:
    change = instrument.change_value(ChangeKind.RELIABLE, ChangeRule.NHS)
    cut = instrument.cut_off
    if change is None or cut is None:
        return None
    return Yardstick(
        Basis.NHS,
        instrument.direction,
        instrument.low,
        instrument.high,
        cut.value,
        CutOffKind.GIVEN,
        change.value,
        change.source,
        change.verified and cut.verified,
    )


def yardstick(measure: Measure, *, norms: Norms | None = None, confidence: float = 0.95) -> Yardstick:
    """The rule for a measure. ``norms`` replaces its own, and with them the NHS rule too.

    >>> from rapport.clinical.measures.registry import load_instrument
    >>> rule = yardstick(load_instrument("gad7"))
    >>> rule.basis.value, rule.cut, rule.least_change
    ('nhs', 8, 4)
    """
    if isinstance(measure, Instrument) and norms is None:
        nhs = _nhs(measure)
        if nhs is not None:
            return nhs
    known = norms or norms_of(measure)
    chosen = choose_cut(known)
    try:
        least, reason = least_reliable_change(clinical_reference(known), confidence), ""
    except NotDefined as undefined:
        least, reason = None, f"no_{undefined.field}"
    return Yardstick(
        Basis.NONE if least is None else Basis.JACOBSON_TRUAX,
        known.direction,
        known.low,
        known.high,
        chosen[1] if chosen and least is not None else None,
        chosen[0] if chosen and least is not None else None,
        least,
        known.source,
        known.verified,
        reason,
        confidence,
        known,
    )
