"""Published figures to hold one's own against, and the rule which may be compared with which.

The figures are data (``data/benchmarks.json``) with population, kind of measure, design, date, source and whether they
were checked. The rule:

* an uncontrolled change (d before to after) stands beside an uncontrolled change on the same kind of measure only,
  never beside a difference between the groups of trials: that one has what happens anyway taken off already;
* a rate stands beside the same rate counted by the same rule;
* above or below is said only where the 95 % interval of one's own figure excludes the published one; else it is within
  what chance allows. A therapist is never compared.

Limits: who comes to one service differs from who came to another: deprivation alone moves recovery by twelve points.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

from rapport.clinical.kernel.errors import ClinicalError


class BenchmarkDesign(StrEnum):
    """Where a published figure comes from."""

    ROUTINE_UNCONTROLLED = "routine_uncontrolled"
    TRIAL_ARM_UNCONTROLLED = "trial_arm_uncontrolled"
    NATURAL_HISTORY = "natural_history"
    TRIAL_BETWEEN_GROUPS = "trial_between_groups"
    NATIONAL_SERVICE = "national_service"
    NATIONAL_STANDARD = "national_standard"


class Position(StrEnum):
    """Where one's own figure lies; WITHIN when its interval holds the benchmark, so that nothing can be said."""

    ABOVE = "above"
    WITHIN = "within"
    BELOW = "below"


class NotComparable(ClinicalError):
    """These two figures may not stand beside each other."""

    code = "not_comparable"


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One published figure; ``low`` and ``high`` are its own interval where one was published."""

    id: str
    figure: str
    population: str
    measure_type: str
    design: BenchmarkDesign
    value: float
    low: float | None
    high: float | None
    as_of: str
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class OwnFigure:
    """What is to be compared: ``controlled`` is True where it is a difference to people who had something else."""

    figure: str
    measure_type: str
    controlled: bool = False


@dataclass(frozen=True, slots=True)
class _File:
    measure_types: dict[str, str]
    benchmarks: tuple[Benchmark, ...]
    terms: dict[str, str]


@lru_cache(maxsize=1)
def _file() -> _File:
    text = files("rapport.clinical.outcomes").joinpath("data", "benchmarks.json").read_text("utf-8")
    found = json.loads(text)
    rows = (Benchmark(**{**row, "design": BenchmarkDesign(row["design"])}) for row in found["benchmarks"])
    return _File(found["measure_types"], tuple(rows), found["terms"])


def benchmarks() -> tuple[Benchmark, ...]:
    """Every figure of the data file."""
    return _file().benchmarks


def terms() -> dict[str, str]:
    """The attributions that go beside the figures."""
    return dict(_file().terms)


def measure_type(measure: str) -> str | None:
    """The kind of a measure; None where nobody said, and then nothing may be compared.

    >>> measure_type("phq9")
    'depression_self_report'
    """
    return _file().measure_types.get(measure)


def comparable(own: OwnFigure, other: Benchmark) -> bool:
    """Whether the two may stand beside each other.

    >>> found = {one.id: one for one in benchmarks()}
    >>> change = OwnFigure("d_pre", "depression_self_report")
    >>> comparable(change, found["gaskell_2023_depression"]), comparable(change, found["metapsy_dep_all"])
    (True, False)
    """
    between = other.design is BenchmarkDesign.TRIAL_BETWEEN_GROUPS
    return own.figure == other.figure and own.measure_type == other.measure_type and own.controlled == between


def candidates(own: OwnFigure) -> tuple[Benchmark, ...]:
    """Every published figure that this one may stand beside."""
    return tuple(one for one in benchmarks() if comparable(own, one))


def position(own: OwnFigure, interval: tuple[float, float], other: Benchmark) -> Position:
    """Above or below when the interval excludes the benchmark, else within; refused where they may not be compared.

    >>> other = next(one for one in benchmarks() if one.id == "gaskell_2023_depression")
    >>> position(OwnFigure("d_pre", "depression_self_report"), (0.98, 1.2), other).value
    'above'
    """
    if not comparable(own, other):
        raise NotComparable("benchmark", f"{other.id} is of another kind.", "Take one of the same measure and design.")
    low, high = interval
    if low > other.value:
        return Position.ABOVE
    return Position.BELOW if high < other.value else Position.WITHIN
