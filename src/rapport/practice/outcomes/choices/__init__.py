"""The words of outcomes, and what its queries hand to pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from rapport.clinical.exchange.courses import Columns
from rapport.clinical.exchange.problems import Problem
from rapport.clinical.kernel.cards import NumberCard
from rapport.clinical.measures.instrument import Instrument
from rapport.clinical.measures.norms import CustomMeasure
from rapport.clinical.outcomes.course import CourseReading
from rapport.clinical.outcomes.cut_offs import ChangeClass
from rapport.clinical.outcomes.episode_result import EpisodeResult
from rapport.clinical.outcomes.expected_course import GrowthModel
from rapport.clinical.outcomes.five_fields import Bend, Decision, Fields
from rapport.clinical.outcomes.following.thread import OpenEnd, Thread
from rapport.clinical.outcomes.learned_course import OwnLine
from rapport.clinical.outcomes.patterns.sudden_gains import Step
from rapport.clinical.outcomes.signals import Reason, Rung, Signal, SignalReading, SignalRule
from rapport.clinical.outcomes.yardstick import Yardstick
from rapport.practice.episodes.choices import EpisodeFacts, GoalSeries, Happened
from rapport.practice.measures.queries import MeasureSeries

REVIEW_AFTER = 6  # scores; by then one looks together whether it helps (house rule, domain 0.6)
SILENT_AFTER_DAYS = 42
WELLBEING = "wellbeing"
NEW_MEASURE = "new"
STAGED_FOR = timedelta(hours=1)


class OutcomeEvent(StrEnum):
    """What this duty itself adds to a time line."""

    SCORE = "score"
    BROUGHT_HOUR = "brought_hour"
    THOUGHT_THROUGH = "thought_through"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class LineInUse:
    """The expected course by which scores of a measure are read now; without one the rational rule reads them."""

    own: OwnLine | None
    version: str

    @property
    def rung(self) -> Rung:
        return Rung.PRIOR if self.own is None else self.own.rung

    @property
    def n_clients(self) -> int:
        return 0 if self.own is None else self.own.n_clients

    def model_for(self, scores: Sequence[float | None]) -> GrowthModel | None:
        """The line of a course with these scores: that of those who began alike."""
        first = next((score for score in scores if score is not None), None)
        return None if self.own is None or first is None else self.own.model_for(first)


@dataclass(frozen=True, slots=True)
class Expected:
    """A course against its expected course: each known score as it reads now, and what may come."""

    line: LineInUse
    readings: tuple[SignalReading, ...]
    cards: tuple[NumberCard, ...]


@dataclass(frozen=True, slots=True)
class MeasureCourse:
    """One measure of a course. `own_sample`: the caseload's first scores stand in for a clinical norm."""

    series: MeasureSeries
    reading: CourseReading
    own_sample: bool
    expected: Expected | None = None
    sudden: tuple[Step, ...] = ()

    @property
    def instrument(self) -> Instrument:
        return self.series.instrument

    @property
    def is_wellbeing(self) -> bool:
        return self.instrument.concept == WELLBEING


@dataclass(frozen=True, slots=True)
class Thought:
    """The five fields as they were thought through last. `version` counts how often they were written."""

    fields: Fields
    version: int
    at: datetime | None = None
    by: UUID | None = None


@dataclass(frozen=True, slots=True)
class SignalFacts:
    """A score off the expected course, as it was read then."""

    id: UUID
    measure: str
    signal: Signal
    rule: SignalRule
    session: int
    score: float | None
    expected: float | None
    rung: Rung
    model_version: str
    taken_at: datetime
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """What was decided, by whom, and what followed until the next decision: `scores` of the same measure since."""

    decision: Decision
    words: str
    look_again: int | None
    at: datetime
    by: UUID
    bend: Bend
    scores: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a thread: the signal, what was thought, what was decided."""

    signal: SignalFacts
    thought: Thought | None
    decided: DecisionFacts | None


@dataclass(frozen=True, slots=True)
class ThreadFacts:
    """A course's thread in full, oldest turn first.

    `question` is the signal one thinks about now and `pending` what was thought since the last decision; `session` is
    where the course is now.
    """

    thread: Thread
    turns: tuple[Turn, ...]
    question: SignalFacts
    pending: Thought
    session: int

    @property
    def open_end(self) -> OpenEnd | None:
        return self.thread.open_end

    @property
    def must_look_again(self) -> bool:
        """Whether a decision now has to say when one looks again: the course is off, or nobody knows yet."""
        return self.thread.signal is not None or self.thread.bend is not Bend.BETTER


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """The course so far: what was measured, what was wanted, what happened."""

    episode: EpisodeFacts
    measures: tuple[MeasureCourse, ...]
    result: EpisodeResult
    goals: tuple[GoalSeries, ...]
    timeline: tuple[Happened, ...]
    sessions_held: int
    thread: ThreadFacts | None = None

    @property
    def began_healthy(self) -> bool:
        """Whether everything with a cut-off began in the healthy range: growth work, where no class is forced."""
        judged = [each.reading.began_healthy for each in self.measures if each.reading.began_healthy is not None]
        return bool(judged) and all(judged)


@dataclass(frozen=True, slots=True)
class OwnCourse:
    """A client's own course, as they may read it."""

    episode: EpisodeFacts
    measures: tuple[MeasureCourse, ...]
    goals: tuple[GoalSeries, ...]


class NeedsMe(StrEnum):
    """Why a course stands where it stands in the caseload, the most pressing first."""

    ALERT = "alert"
    DOES_NOT_OPEN = "does_not_open"
    OFF_TRACK = "off_track"
    LOOK_AGAIN = "look_again"
    WORSE = "worse"
    LEFT_HEALTHY = "left_healthy"
    LOOK_TOGETHER = "look_together"
    NOTHING_MEASURED = "nothing_measured"
    SILENT = "silent"
    NOTHING = "nothing"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class LineMeasure:
    """One measure in a line of the caseload."""

    instrument: Instrument
    reading: CourseReading


@dataclass(frozen=True, slots=True)
class CaseloadLine:
    """One course of the caseload. `reasons`: what outcomes knows of why it needs somebody; other duties know more."""

    episode: EpisodeFacts
    reasons: tuple[NeedsMe, ...]
    measures: tuple[LineMeasure, ...]
    last_score_on: date | None
    thread: Thread | None = None

    @property
    def needs(self) -> NeedsMe:
        """The most pressing reason."""
        return self.reasons[0]


@dataclass(frozen=True, slots=True)
class MeasureCounts:
    """How the courses on one measure came out. The counts add up to everybody measured."""

    instrument: Instrument
    n: int
    counts: dict[ChangeClass, int]
    rule: Yardstick
    own_sample: bool
    began_healthy: int


@dataclass(frozen=True, slots=True)
class CaseloadFacts:
    """All courses in somebody's care, who needs them first, and what they come to."""

    lines: tuple[CaseloadLine, ...]
    counts: tuple[MeasureCounts, ...]


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """How a file is to be read and whose courses they become. A score column may name `NEW_MEASURE`."""

    therapist_id: UUID
    columns: Columns
    new_measure: CustomMeasure | None = None


@dataclass(frozen=True, slots=True)
class StagedFile:
    """A file that waits for its columns to be named."""

    id: UUID
    columns: tuple[str, ...]
    rows: int
    sample: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One client of a file, as an import would take them."""

    client: str
    name: str
    is_new: bool
    scores: int
    hours: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do, or why it would not."""

    problems: tuple[Problem, ...]
    lines: tuple[PreviewLine, ...]
    new_scores: int
    new_hours: int
    known_before: int
    missing: int

    @property
    def changes_nothing(self) -> bool:
        return not self.problems and not any(line.is_new or line.scores or line.hours for line in self.lines)


@dataclass(frozen=True, slots=True)
class ImportDone:
    """What an import changed. A file that was imported before changes nothing."""

    clients: int
    scores: int
    hours: int
    known_before: int
    batch_id: UUID | None = None

    @property
    def changed_nothing(self) -> bool:
        return not (self.clients or self.scores or self.hours)
