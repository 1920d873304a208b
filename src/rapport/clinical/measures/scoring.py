"""From answers to scores.

A scale is the sum of its items times its multiplier; an item worded the other way round counts lowest + highest −
answer, and an optional item left open counts nothing. Missing answers follow the instrument's own rule: up to
``max_missing`` are replaced by the mean of the person's other answers (``sum · items / answered``) and the score is
flagged; with more missing there is no score, and the reason says so. Scores stay unrounded.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from rapport.clinical.kernel.errors import ClinicalError, OutOfRange
from rapport.clinical.measures.instrument import Band, Instrument, Item, Scale

METHOD = "sum/1"
TOTAL_METHOD = "total_entered/1"


class BadAnswer(ClinicalError):
    """An answer that this instrument does not have; ``item`` says which question."""

    code = "bad_answer"

    def __init__(self, item: str, message: str, remedy: str) -> None:
        super().__init__(f"item {item}", message, remedy)
        self.item = item


@dataclass(frozen=True, slots=True)
class ScaleScore:
    """One scale's score, or None with a reason; ``prorated`` when missing answers were replaced."""

    key: str
    value: float | None
    reason: str
    prorated: bool
    n_items: int
    n_missing: int


@dataclass(frozen=True, slots=True)
class Scored:
    """What an administration comes to; recomputed from the answers whenever they are read."""

    instrument: str
    instrument_version: str
    method: str
    scales: tuple[ScaleScore, ...]

    @property
    def total(self) -> ScaleScore:
        return next(scale for scale in self.scales if scale.key == "total")

    @property
    def value(self) -> float | None:
        return self.total.value

    @property
    def reason(self) -> str:
        return self.total.reason

    @property
    def prorated(self) -> bool:
        return self.total.prorated

    @property
    def n_missing(self) -> int:
        return self.total.n_missing


def check_answer(item: Item, answer: object) -> int | None:
    """The answer itself if the item has it (None is "not answered"); a typed error otherwise."""
    if answer is None:
        return None
    if isinstance(answer, bool) or not isinstance(answer, int) or answer not in item.values:
        choices = ", ".join(str(option.value) for option in item.options)
        raise BadAnswer(item.key, "This answer does not exist.", f"Choose one of {choices}, or leave it out.")
    return answer


def _points(scale: Scale, item: Item, answer: int) -> int:
    return min(item.values) + max(item.values) - answer if item.key in scale.turned else answer


def _scale_score(scale: Scale, items: Mapping[str, Item], answers: Mapping[str, int | None]) -> ScaleScore:
    """The items that apply to the person; what does not apply is not missing."""
    asked = [items[key] for key in scale.items if not (items[key].optional and answers[key] is None)]
    given = [_points(scale, item, answer) for item in asked if (answer := answers[item.key]) is not None]
    n_items, n_missing = len(asked), len(asked) - len(given)
    if not given:
        return ScaleScore(scale.key, None, "nothing_answered", False, n_items, n_missing)
    if n_missing > scale.max_missing:
        return ScaleScore(scale.key, None, "too_many_missing", False, n_items, n_missing)
    value = float(scale.multiplier * sum(given) * n_items / len(given))
    return ScaleScore(scale.key, value, "", n_missing > 0, n_items, n_missing)


def score(instrument: Instrument, answers: Mapping[str, int | None]) -> Scored:
    """Score a set of answers, keyed by item; a missing key or None is an unanswered item.

    >>> from rapport.clinical.measures.registry import load_instrument
    >>> phq9 = load_instrument("phq9")
    >>> score(phq9, {str(item): 1 for item in range(1, 10)}).value
    9.0
    >>> score(phq9, {str(item): 1 for item in range(1, 8)}).reason
    'too_many_missing'
    """
    if instrument.total_only:
        raise ClinicalError("answers", f"{instrument.short_title} is known by its total only.", "Enter the total.")
    for key in answers:
        if instrument.item(key) is None:
            raise BadAnswer(key, f"{instrument.short_title} has no such item.", "Check the item's key.")
    items = {item.key: item for item in instrument.items}
    checked = {key: check_answer(item, answers.get(key)) for key, item in items.items()}
    scales = tuple(_scale_score(scale, items, checked) for scale in instrument.scales)
    return Scored(instrument.id, instrument.version, METHOD, scales)


def score_total(instrument: Instrument, total: float) -> Scored:
    """Take a total as it was entered or imported; nothing is recomputed and the method says so.

    >>> from rapport.clinical.measures.registry import load_instrument
    >>> score_total(load_instrument("hrsd"), 24).value
    24.0
    """
    check_total(instrument, total)
    return Scored(
        instrument.id, instrument.version, TOTAL_METHOD, (ScaleScore("total", float(total), "", False, 0, 0),)
    )


def check_total(instrument: Instrument, total: float) -> None:
    """Refuse a total outside the scale."""
    if not math.isfinite(total) or not instrument.low <= total <= instrument.high:
        raise OutOfRange(
            "total",
            f"{instrument.short_title} goes from {instrument.low:g} to {instrument.high:g}.",
            "Check the total.",
        )


def band(instrument: Instrument, value: float | None, age: int | None = None) -> Band | None:
    """The published band a total lies in: the last one whose lower end it reaches; None without a score or bands, or
    where the bands were published for other ages.

    >>> from rapport.clinical.measures.registry import load_instrument
    >>> band(load_instrument("phq9"), 9).code
    'mild'
    >>> band(load_instrument("phq9"), 9, age=11) is None
    True
    """
    if value is None:
        return None
    check_total(instrument, value)
    reached = [one for one in instrument.bands if one.low <= value and one.fits_age(age)]
    return reached[-1] if reached else None


def in_clinical_range(instrument: Instrument, value: float) -> bool | None:
    """Whether a total reaches the instrument's cut-off (the cut-off itself included); None if it has none.

    >>> from rapport.clinical.measures.registry import load_instrument
    >>> in_clinical_range(load_instrument("phq9"), 10), in_clinical_range(load_instrument("phq9"), 9)
    (True, False)
    """
    if instrument.cut_off is None:
        return None
    sign = instrument.direction.sign
    return sign * value <= sign * instrument.cut_off.value
