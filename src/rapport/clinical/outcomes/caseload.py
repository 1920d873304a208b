"""A whole caseload on one measure: every course read by one rule, and the counts that add up to everybody.

Where no clinical norm is known the first scores of the caseload itself stand in for it (n ≥ 30), as in the example
of 66 inpatients. The counts are of the published method, so people who began in the healthy range are counted too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapport.clinical.measures.norms import Norms
from rapport.clinical.outcomes.course import CourseEnds, CourseReading, DatedScore, read_course
from rapport.clinical.outcomes.cut_offs import ChangeClass, count_classes
from rapport.clinical.outcomes.yardstick import (
    SMALLEST_SAMPLE,
    Basis,
    Measure,
    Yardstick,
    norms_of,
    with_sample,
    yardstick,
)

Course = Sequence[DatedScore] | CourseEnds


@dataclass(frozen=True, slots=True)
class CaseloadReading:
    """Every course in the order given, the counts, the rule, and how many began in the healthy range."""

    readings: tuple[CourseReading, ...]
    counts: dict[ChangeClass, int]
    rule: Yardstick
    own_sample: bool
    began_healthy: int

    @property
    def n(self) -> int:
        return len(self.readings)


def first_scores(courses: Sequence[Course]) -> tuple[float, ...]:
    """The first known score of every course that has one."""
    ends = (course if isinstance(course, CourseEnds) else CourseEnds.of(course) for course in courses)
    return tuple(float(one.first.value) for one in ends if one.first is not None and one.first.value is not None)


def caseload_norms(
    courses: Sequence[Course], measure: Measure, norms: Norms | None = None
) -> tuple[Norms | None, bool]:
    """The norms to read this caseload with, and whether its own first scores had to stand in for a clinical norm."""
    known = norms or norms_of(measure)
    own = first_scores(courses)
    needs_sample = yardstick(measure, norms=norms).basis is Basis.NONE and known.clinical_sd is None
    if needs_sample and known.reliability is not None and len(own) >= SMALLEST_SAMPLE:
        return with_sample(known, own), True
    return norms, False


def read_caseload(courses: Sequence[Course], measure: Measure, *, norms: Norms | None = None) -> CaseloadReading:
    """Read every course by the same rule and count the classes. Of a course its ends are enough.

    >>> from datetime import date
    >>> from rapport.clinical.measures.registry import load_instrument
    >>> well = [DatedScore(date(2026, 1, 5), 17), DatedScore(date(2026, 3, 2), 5)]
    >>> read_caseload([well], load_instrument("phq9")).counts[ChangeClass.RECOVERED]
    1
    """
    chosen, own_sample = caseload_norms(courses, measure, norms)
    readings = tuple(read_course(course, measure, norms=chosen) for course in courses)
    return CaseloadReading(
        readings,
        count_classes([reading.counted_as for reading in readings]),
        yardstick(measure, norms=chosen),
        own_sample,
        sum(reading.began_healthy is True for reading in readings),
    )
