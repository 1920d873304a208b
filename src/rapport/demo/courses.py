"""Scores of an invented course, drawn from the growth model of the clinical floor.

A course is drawn again until it has the shape its story needs: what is drawn stays a draw from the model, given that
shape. WHO-5 has moments of its own here; like the shipped ones they are assumptions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

from rapport.clinical.outcomes.expected_course import GrowthModel, draw_course
from rapport.clinical.outcomes.growth_prior import GAD7_MOMENTS, PHQ9_MOMENTS, Moments, prior_from_moments

WHO5_MOMENTS = Moments(36, 17, 56, 20, 0.45, 0.85, 8, "Assumed moments, not a citation")
MOST_DRAWS = 50_000
Course = Sequence[int]


@dataclass(frozen=True, slots=True)
class Scale:
    """What a course of one instrument is drawn with. `way` is -1 where a fall is good, +1 where a rise is."""

    model: GrowthModel
    high: int
    cut: int
    change: int
    way: int
    worst: int

    def is_plausible(self, course: Course, eased: float) -> bool:
        """Nobody who comes here begins at the very end of a scale, and nobody stays for long at the other end."""
        start = self.worst * eased if self.way < 0 else self.worst
        at_the_end = sum(score in (0, self.high) for score in course)
        return (course[0] - start) * self.way >= 0 and at_the_end <= 1 + len(course) // 6

    def better(self, course: Course) -> int:
        """How much better the end is than the beginning."""
        return (course[-1] - course[0]) * self.way

    def is_well(self, score: int) -> bool:
        return (score - self.cut) * self.way > 0 or (self.way > 0 and score == self.cut)


SCALES = {
    "phq9": Scale(prior_from_moments(PHQ9_MOMENTS), 27, 10, 6, -1, 20),
    "gad7": Scale(prior_from_moments(GAD7_MOMENTS), 21, 8, 4, -1, 17),
    "who5": Scale(prior_from_moments(WHO5_MOMENTS), 100, 50, 20, +1, 16),
}


def _recovers(scale: Scale, course: Course) -> bool:
    return not scale.is_well(course[0]) and scale.is_well(course[-1]) and scale.better(course) >= scale.change


def _improves(scale: Scale, course: Course) -> bool:
    return not scale.is_well(course[0]) and scale.change * 0.7 <= scale.better(course) <= scale.change * 1.6


def _unchanged(scale: Scale, course: Course) -> bool:
    spread = max(course) - min(course)
    return not scale.is_well(course[0]) and abs(scale.better(course)) < scale.change and spread < 2.2 * scale.change


def _worsens(scale: Scale, course: Course) -> bool:
    began_in_the_middle = not scale.is_well(course[0]) and abs(course[0] - scale.cut) <= scale.change
    return began_in_the_middle and scale.better(course) <= -scale.change and scale.better(course[-4:]) < 0


def _healthy(scale: Scale, course: Course) -> bool:
    return all(scale.is_well(score) for score in course) and scale.better(course) >= 0


SHAPES: dict[str, Callable[[Scale, Course], bool]] = {
    "recovers": _recovers,
    "improves": _improves,
    "unchanged": _unchanged,
    "worsens": _worsens,
    "healthy": _healthy,
}


def scores(instrument: str, shape: str, length: int, seed: int, *, eased: float = 1.0) -> tuple[int, ...]:
    """One person's scores: the one before the assessment, then one for each hour. `eased` is how mildly they began."""
    scale, fits = SCALES[instrument], SHAPES[shape]
    sessions = range(1, length + 1)
    for attempt in count():
        drawn = draw_course(scale.model, sessions, seed=seed * MOST_DRAWS + attempt, low=0, high=scale.high)
        fitting = scale.is_plausible(drawn, eased) and (length == 1 or fits(scale, drawn))
        if fitting or attempt == MOST_DRAWS:
            return drawn
    raise AssertionError("count() never ends")
