"""What a service report consists of: codes and numbers; a page or a console makes sentences of them (``words``).

Counts and shares are None where they are not known or not published, and ``reason`` says why. Shares are 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rapport.clinical.outcomes.cut_offs import ChangeClass
from rapport.clinical.outcomes.service.benchmarks import Benchmark, Position

Interval = tuple[float, float]


class Design(StrEnum):
    """Whether there was anybody to compare with who had something else."""

    UNCONTROLLED = "uncontrolled"
    CONTROLLED = "controlled"


class Grain(StrEnum):
    """The steps of a trend."""

    MONTH = "month"
    QUARTER = "quarter"


class Rule(StrEnum):
    """By which rule the rates are counted: the NHS pair of measures, or reliable change on one measure."""

    NHS_PAIR = "nhs_pair"
    ONE_MEASURE = "one_measure"
    NONE = "none"


class RateCode(StrEnum):
    """The rates. RECOVERY without reliability is the NHS's only."""

    PAIRED = "paired"
    RECOVERY = "recovery"
    RELIABLE_RECOVERY = "reliable_recovery"
    RELIABLE_IMPROVEMENT = "reliable_improvement"
    RELIABLE_DETERIORATION = "reliable_deterioration"
    NO_RELIABLE_CHANGE = "no_reliable_change"
    RECOVERY_PAIRED = "recovery_paired"
    RELIABLE_IMPROVEMENT_PAIRED = "reliable_improvement_paired"
    UNPLANNED_ENDING = "unplanned_ending"


class Counted(StrEnum):
    """Whom a denominator counts."""

    FINISHED = "finished"
    FINISHED_NOT_BELOW = "finished_not_below"
    PAIRED = "paired"
    PAIRED_CASES = "paired_cases"


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """From the first day to the day after the last: [start, end)."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class ReportRate:
    """A share with what was counted out of whom, and Wilson's 95 % interval."""

    code: RateCode
    counted: Counted
    count: int | None
    out_of: int | None
    share: float | None
    interval: Interval | None
    reason: str = ""


class Step(StrEnum):
    """The way of those referred in the period, as far as they have come."""

    REFERRED = "referred"
    STARTED = "started"
    FINISHED = "finished"
    PAIRED = "paired"


class Aside(StrEnum):
    """Why somebody is not in the next step."""

    WAITING = "waiting"
    ENDED_BEFORE_START = "ended_before_start"
    IN_TREATMENT = "in_treatment"
    ENDED_BEFORE_TWO_SESSIONS = "ended_before_two_sessions"
    NO_SECOND_SCORE = "no_second_score"


@dataclass(frozen=True, slots=True)
class FlowStep:
    """How many reached a step, the share of the step before, and who stands aside before the next."""

    step: Step
    count: int | None
    of_previous: float | None
    aside: tuple[tuple[Aside, int | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Activity:
    """What happened in the period, whoever it happened to: not the same people from number to number."""

    referred: int | None
    started: int | None
    finished: int | None
    paired: int | None


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One month or quarter; ``partial`` where the period covers only a part of it."""

    start: date
    rate: ReportRate
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Trend:
    """A rate over the months or quarters in which episodes finished."""

    code: RateCode
    grain: Grain
    points: tuple[TrendPoint, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """g before to after within the group, in SDs before (positive is better), with its interval."""

    n: int | None
    mean_first: float | None
    mean_last: float | None
    g: float | None
    interval: Interval | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MeasureResult:
    """One measure: who has scores, the classes of change of who has two, and the size of the change."""

    measure: str
    with_first: int | None
    paired: int | None
    classes: tuple[tuple[ChangeClass, int | None], ...]
    effect: Effect
    reason: str = ""


class MissingMethod(StrEnum):
    """What stands for an end score that is missing."""

    ALL_SCORES = "all_scores"
    LAST_CARRIED = "last_carried"
    BASELINE_CARRIED = "baseline_carried"
    COMPLETERS = "completers"


@dataclass(frozen=True, slots=True)
class MissingRow:
    """One way of dealing with missing end scores: mean improvement in points and in SDs before, with its interval."""

    method: MissingMethod
    n: int | None
    improvement: float | None
    interval: Interval | None
    effect: float | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MissingTable:
    """The ways side by side, on one measure."""

    measure: str
    rows: tuple[MissingRow, ...]


class Clock(StrEnum):
    """What a curve counts."""

    SESSIONS = "sessions"
    WEEKS = "weeks"


class Curve(StrEnum):
    """A cumulative incidence: what happened, with what else could have happened first."""

    UNPLANNED_ENDING = "unplanned_ending"
    PLANNED_ENDING = "planned_ending"
    RELIABLE_IMPROVEMENT = "reliable_improvement"
    LEFT_WITHOUT = "left_without"


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The share to whom it had happened by a time, with its interval."""

    time: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Incidence:
    """One curve; ``half_by`` is when half had it (None if fewer did)."""

    curve: Curve
    clock: Clock
    n: int | None
    points: tuple[CurvePoint, ...]
    half_by: int | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DosePoint:
    """People with so many sessions, and the share of them who recovered."""

    sessions: int
    rate: ReportRate


@dataclass(frozen=True, slots=True)
class Dose:
    """The number of sessions by which half recovered (a fitted curve), and what was seen. Always with its caveat."""

    n: int | None
    half_by: float | None
    interval: Interval | None
    points: tuple[DosePoint, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One of our figures beside a published one it may stand beside; no position where the interval leaves it open."""

    figure: str
    found: float | None
    interval: Interval | None
    benchmark: Benchmark
    position: Position | None
    reason: str = ""


class LimitCode(StrEnum):
    """What a reader must know before believing a number."""

    NO_CONTROL = "no_control"
    REGRESSION_TO_THE_MEAN = "regression_to_the_mean"
    PAIRING = "pairing"
    MISSING_END_DATA = "missing_end_data"
    SMALL_N = "small_n"
    MULTIPLE_TESTING = "multiple_testing"
    THERAPIST_ASSESSED = "therapist_assessed"
    CASE_MIX = "case_mix"
    UNVERIFIED_VALUES = "unverified_values"
    SPARSE_TREND = "sparse_trend"
    DOSE_CONFOUNDED = "dose_confounded"


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit and the numbers its sentence needs."""

    code: LimitCode
    values: tuple[tuple[str, float | int], ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceReport:
    """Everything; ``published`` is True once small numbers were taken out and counts were rounded.

    ``endings_known`` is False where episodes were guessed from scores: nobody said who waited, left or went on.
    """

    question: str
    period: ReportPeriod
    design: Design
    rule: Rule
    rule_measures: tuple[str, ...]
    activity: Activity
    flow: tuple[FlowStep, ...]
    rates: tuple[ReportRate, ...]
    measures: tuple[MeasureResult, ...]
    trends: tuple[Trend, ...]
    comparisons: tuple[Comparison, ...]
    missing: tuple[MissingTable, ...]
    endings: tuple[Incidence, ...]
    improvement: tuple[Incidence, ...]
    dose: Dose
    limits: tuple[Limit, ...]
    published: bool = False
    endings_known: bool = True

    def rate(self, code: RateCode) -> ReportRate | None:
        """One rate by its code, if this report has it."""
        return next((one for one in self.rates if one.code is code), None)
