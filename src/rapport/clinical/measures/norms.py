"""Norms: what is known about the scores of a measure, enough for reliable change and a cut-off.

They come with a bundled instrument or are entered by hand for one whose wording may not ship.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from rapport.clinical.kernel.errors import ClinicalError, OutOfRange


class Direction(StrEnum):
    """Which way is better."""

    LOWER = "lower"
    HIGHER = "higher"

    @property
    def sign(self) -> int:
        """+1 where higher is better, −1 where lower is better."""
        return 1 if self is Direction.HIGHER else -1


@dataclass(frozen=True, slots=True)
class Norms:
    """Range, direction, reliability r and the norms of people in and out of treatment (mean, SD with n − 1).

    Without a clinical SD reliable change needs the SD of one's own sample before treatment (n ≥ 30). ``cut`` overrides
    the computed cut-off. ``verified`` is False while a value was not checked against its paper.

    >>> Norms(0, 52, Direction.LOWER, reliability=0.80, functional_mean=8, functional_sd=8).clinical_sd is None
    True
    """

    low: float
    high: float
    direction: Direction
    reliability: float | None = None
    clinical_mean: float | None = None
    clinical_sd: float | None = None
    functional_mean: float | None = None
    functional_sd: float | None = None
    cut: float | None = None
    source: str = ""
    verified: bool = False

    def __post_init__(self) -> None:
        numbers = {
            "low": self.low,
            "high": self.high,
            "reliability": self.reliability,
            "clinical_mean": self.clinical_mean,
            "clinical_sd": self.clinical_sd,
            "functional_mean": self.functional_mean,
            "functional_sd": self.functional_sd,
            "cut": self.cut,
        }
        for field, value in numbers.items():
            if value is not None and not math.isfinite(value):
                raise OutOfRange(field, "This is not a number.", "Give a finite number or leave it empty.")
        if self.low >= self.high:
            raise ClinicalError(
                "high", "The scale has no room between its ends.", "Give a lowest and a higher highest score."
            )
        if self.reliability is not None and not 0 < self.reliability <= 1:
            raise OutOfRange("reliability", "A reliability lies above 0 and at most at 1.", "Give for example 0.84.")
        for field in ("clinical_sd", "functional_sd"):
            value = numbers[field]
            if value is not None and value <= 0:
                raise OutOfRange(field, "A standard deviation is above zero.", "Give the SD of the published sample.")
        for field in ("clinical_mean", "functional_mean", "cut"):
            value = numbers[field]
            if value is not None and not self.low <= value <= self.high:
                raise OutOfRange(field, "This lies outside the scale.", "Give a value between its ends.")


@dataclass(frozen=True, slots=True)
class CustomMeasure:
    """A measure known by its total only, with norms entered by hand.

    >>> CustomMeasure("sleep", "Sleep trouble", Norms(0, 10, Direction.LOWER)).norms.high
    10
    """

    id: str
    title: str
    norms: Norms
    version: str = "1"

    def __post_init__(self) -> None:
        if not self.id.strip() or not self.title.strip():
            raise ClinicalError("title", "A measure needs a name.", "Give the name used in your spreadsheet.")
