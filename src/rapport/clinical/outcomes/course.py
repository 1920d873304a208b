"""One course on one measure: from the first score to the last, in numbers and one code for the plain sentence.

A person who began in the healthy range (growth work) is not forced into a class: nothing could recover. Tables that
count a whole caseload as the published methods do use ``counted_as``, which every course with two scores has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from rapport.clinical.kernel.cards import NumberCard
from rapport.clinical.kernel.errors import OutOfRange
from rapport.clinical.measures.instrument import Instrument
from rapport.clinical.measures.norms import Norms
from rapport.clinical.outcomes.course_cards import course_cards
from rapport.clinical.outcomes.cut_offs import ChangeClass
from rapport.clinical.outcomes.yardstick import Basis, Measure, Yardstick, yardstick


@dataclass(frozen=True, slots=True)
class DatedScore:
    """A score on a day; None where a form was opened but gave no score."""

    on: date
    value: float | None


@dataclass(frozen=True, slots=True)
class CourseEnds:
    """All that is read of a course: its first and its last known score, and how many forms gave one or none."""

    first: DatedScore | None
    last: DatedScore | None
    n: int
    missing: int = 0

    @classmethod
    def of(cls, scores: Sequence[DatedScore]) -> Self:
        """The ends of a course that is there whole, in whatever order."""
        known = sorted((one for one in scores if one.value is not None), key=lambda one: one.on)
        return cls(known[0] if known else None, known[-1] if known else None, len(known), len(scores) - len(known))


class CourseCode(StrEnum):
    """Which plain sentence fits."""

    NO_SCORE = "no_score"
    ONE_SCORE = "one_score"
    CHANGE_ONLY = "change_only"
    RECOVERED = "recovered"
    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    DETERIORATED = "deteriorated"
    STAYED_WELL = "stayed_well"
    STAYED_WELL_AND_IMPROVED = "stayed_well_and_improved"
    STAYED_WELL_BUT_WORSE = "stayed_well_but_worse"
    LEFT_HEALTHY_RANGE = "left_healthy_range"


Parameter = tuple[str, float | int | str | None]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A code and what to fill it with; the top floor knows the words."""

    code: CourseCode
    parameters: tuple[Parameter, ...]

    @property
    def values(self) -> dict[str, float | int | str | None]:
        return dict(self.parameters)


@dataclass(frozen=True, slots=True)
class CourseReading:
    """What a course comes to.

    ``outcome`` is the class to say about this person (None where none applies, ``reason`` says why); ``counted_as`` the
    class in a table of a whole caseload. ``reliable`` is None when nothing tells change from error.
    """

    measure: str
    n: int
    missing: int
    first: DatedScore | None
    last: DatedScore | None
    change: float | None
    reliable: bool | None
    outcome: ChangeClass | None
    counted_as: ChangeClass
    began_healthy: bool | None
    near_best: bool
    rule: Yardstick
    sentence: Sentence
    reason: str
    cards: tuple[NumberCard, ...]

    @property
    def basis(self) -> Basis:
        return self.rule.basis

    @property
    def reliable_from(self) -> float | None:
        """The score from which an improvement is beyond error: a line in the trend picture, cut to the scale."""
        if self.first is None or self.first.value is None or self.rule.least_change is None:
            return None
        line = self.first.value + self.rule.direction.sign * self.rule.least_change
        return min(max(line, self.rule.low), self.rule.high)


def _check_scale(scores: Sequence[DatedScore], rule: Yardstick) -> None:
    for score in scores:
        if score.value is not None and not rule.low <= score.value <= rule.high:
            raise OutOfRange("scores", "A score lies outside the scale.", f"Give {rule.low:g} to {rule.high:g}.")


def _code(
    rule: Yardstick, counted: ChangeClass, began_healthy: bool | None, last: float, direction: int | None
) -> CourseCode:
    if counted is ChangeClass.NOT_CLASSIFIABLE:
        return CourseCode.CHANGE_ONLY
    if not began_healthy:
        return CourseCode(counted.without_subtype.value)
    if not rule.healthy(last):
        return CourseCode.LEFT_HEALTHY_RANGE
    return {
        1: CourseCode.STAYED_WELL_AND_IMPROVED,
        -1: CourseCode.STAYED_WELL_BUT_WORSE,
    }.get(direction or 0, CourseCode.STAYED_WELL)


def _reason(code: CourseCode, rule: Yardstick, began_healthy: bool | None) -> str:
    if code in (CourseCode.NO_SCORE, CourseCode.ONE_SCORE):
        return code.value
    if code is CourseCode.CHANGE_ONLY:
        return rule.reason
    return "began_healthy" if began_healthy else ""


@dataclass(frozen=True, slots=True)
class _Compared:
    """What first and last score say; ``direction`` is +1 reliably better, −1 reliably worse, 0 within error."""

    start: float | None
    end: float | None
    change: float | None
    direction: int | None
    began_healthy: bool | None
    counted_as: ChangeClass
    code: CourseCode


def _compared(ends: CourseEnds, rule: Yardstick) -> _Compared:
    """Compare the first score with the last, if they are of two different days."""
    if ends.first is None or ends.last is None or ends.first.value is None or ends.last.value is None:
        return _Compared(None, None, None, None, None, ChangeClass.NOT_CLASSIFIABLE, CourseCode.NO_SCORE)
    start, end = float(ends.first.value), float(ends.last.value)
    began_healthy = rule.healthy(start)
    if ends.first.on == ends.last.on:
        counted, code = ChangeClass.NOT_CLASSIFIABLE, CourseCode.ONE_SCORE
        return _Compared(start, end, None, None, began_healthy, counted, code)
    direction, counted = rule.reliable(end - start), rule.classify(start, end)
    code = _code(rule, counted, began_healthy, end, direction)
    return _Compared(start, end, end - start, direction, began_healthy, counted, code)


def _parameters(title: str, n: int, found: _Compared, rule: Yardstick) -> tuple[Parameter, ...]:
    return (
        ("measure", title),
        ("n", n),
        ("first", found.start),
        ("last", found.end),
        ("change", found.change),
        ("least_change", rule.least_change),
        ("cut", rule.cut),
        ("low", rule.low),
        ("high", rule.high),
    )


def read_course(
    scores: Sequence[DatedScore] | CourseEnds,
    measure: Measure,
    *,
    norms: Norms | None = None,
    confidence: float = 0.95,
) -> CourseReading:
    """Read a course from its first to its last score (two different days), by the rule that fits the measure.

    >>> from rapport.clinical.measures.registry import load_instrument
    >>> course = [DatedScore(date(2026, 1, 5), 16), DatedScore(date(2026, 3, 2), 7)]
    >>> reading = read_course(course, load_instrument("phq9"))
    >>> reading.outcome.value, reading.change, reading.basis.value
    ('recovered', -9.0, 'nhs')
    >>> read_course([DatedScore(date(2026, 1, 5), 4), DatedScore(date(2026, 3, 2), 5)], load_instrument("phq9")).outcome
    """
    rule = yardstick(measure, norms=norms, confidence=confidence)
    ends = scores if isinstance(scores, CourseEnds) else CourseEnds.of(scores)
    _check_scale([one for one in (ends.first, ends.last) if one] if isinstance(scores, CourseEnds) else scores, rule)
    found = _compared(ends, rule)
    title = measure.short_title if isinstance(measure, Instrument) else measure.title
    applies = found.counted_as is not ChangeClass.NOT_CLASSIFIABLE and not found.began_healthy
    reason = _reason(found.code, rule, found.began_healthy)
    return CourseReading(
        measure=measure.id,
        n=ends.n,
        missing=ends.missing,
        first=ends.first,
        last=ends.last,
        change=found.change,
        reliable=None if found.direction is None else found.direction != 0,
        outcome=found.counted_as.without_subtype if applies else None,
        counted_as=found.counted_as,
        began_healthy=found.began_healthy,
        near_best=found.start is not None and rule.near_best(found.start),
        rule=rule,
        sentence=Sentence(found.code, _parameters(title, ends.n, found, rule)),
        reason=reason,
        cards=course_cards(rule, found.start, found.end, found.change, ends.n, ends.missing, reason),
    )
