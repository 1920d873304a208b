"""The two phases of a single-case design, and what every index of them looks like.

At least three scores before and two after; five or more before are better. A score is a number: a missing one is left
out by the caller, who knows why it is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from rapport.clinical.kernel.cards import NumberCard
from rapport.clinical.kernel.errors import ClinicalError, OutOfRange

Array = NDArray[np.float64]
LEAST_BEFORE, LEAST_AFTER = 3, 2
Z95 = 1.959963984540054


class TooFewScores(ClinicalError):
    """A phase is too short to say anything."""

    code = "too_few_scores"


class NoSpread(ClinicalError):
    """The scores do not vary, so nothing can be measured in their spread."""

    code = "no_spread"


class Improvement(StrEnum):
    """Which way the scores go when things get better."""

    INCREASE = "increase"
    DECREASE = "decrease"

    @property
    def sign(self) -> int:
        return 1 if self is Improvement.INCREASE else -1


@dataclass(frozen=True, slots=True)
class Phases:
    """Scores before (A) and after (B) the treatment began, in order.

    >>> Phases.of([17, 18, 16], [15, 14], "decrease").pairs
    6
    """

    before: tuple[float, ...]
    after: tuple[float, ...]
    improvement: Improvement

    def __post_init__(self) -> None:
        for field, scores, least in (("before", self.before, LEAST_BEFORE), ("after", self.after, LEAST_AFTER)):
            if len(scores) < least:
                raise TooFewScores(field, f"This phase has fewer than {least} scores.", "Measure more often.")
            if not np.isfinite(scores).all():
                raise OutOfRange(field, "A score is missing or no number.", "Leave missing scores out.")

    @classmethod
    def of(cls, before: Sequence[float], after: Sequence[float], improvement: str) -> Phases:
        """Take lists and a word."""
        return cls(tuple(map(float, before)), tuple(map(float, after)), Improvement(improvement))

    @property
    def pairs(self) -> int:
        return len(self.before) * len(self.after)

    def improving(self) -> tuple[Array, Array]:
        """Both phases turned so that higher is better."""
        sign = self.improvement.sign
        return sign * np.array(self.before), sign * np.array(self.after)


@dataclass(frozen=True, slots=True)
class SingleCaseEffect:
    """One index of one person's two phases, with its standard error and 95 % interval where a formula is known."""

    name: str
    value: float
    formula: str
    version: str
    source: str
    n_before: int
    n_after: int
    se: float | None = None
    interval: tuple[float, float] | None = None

    def card(self) -> NumberCard:
        """What stands behind this figure.

        >>> from rapport.clinical.statistics.single_case.overlap import nonoverlap
        >>> nonoverlap(Phases.of([17, 18, 16], [15, 14], "decrease")).card().n
        5
        """
        return NumberCard(
            name=self.name,
            value=self.value,
            unit="",
            formula=self.formula,
            version=self.version,
            inputs=(("scores before", self.n_before), ("scores after", self.n_after), ("standard error", self.se)),
            n=self.n_before + self.n_after,
            interval=self.interval,
            source=self.source,
            evidence="B",
            not_meaning="Scores of one person follow each other: it does not show that the treatment made the change.",
            verified=True,
        )
