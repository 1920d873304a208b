"""Tasks as they are agreed, said and reviewed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from rapport.clinical.exercises.practised import Agreed
from rapport.clinical.exercises.tasks import OPEN, TaskState, WhyNot, may_be_smaller


class TaskEvent(StrEnum):
    """What happens to a task."""

    TASK_AGREED = "task_agreed"
    TASK_SAID = "task_said"
    TASK_REVIEWED = "task_reviewed"


class SaidBy(StrEnum):
    """Where it was said: in the portal, or in the room and entered by the therapist."""

    CLIENT = "client"
    THERAPIST = "therapist"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What could get in the way, and what then: “If …, then I …”."""

    what: str
    then: str = ""


@dataclass(frozen=True, slots=True)
class TaskWords:
    """What was agreed, in words: mostly the client's."""

    what: str
    why: str = ""
    when: str = ""
    where: str = ""
    how_long: str = ""
    obstacles: tuple[Obstacle, ...] = ()
    confidence: int | None = None

    @property
    def may_be_smaller(self) -> bool:
        return may_be_smaller(self.confidence)


@dataclass(frozen=True, slots=True)
class TaskSaid:
    """One thing that was said of a task."""

    at: datetime
    state: TaskState
    by: SaidBy
    learned: str = ""
    why_not: WhyNot | None = None


@dataclass(frozen=True, slots=True)
class TaskReviewFacts:
    """What became of a task when it was looked at together."""

    at: datetime
    learned: str
    share: float | None
    session_id: UUID | None


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """One task with all that was said of it, first to last."""

    id: UUID
    episode_id: UUID
    client_id: UUID
    session_id: UUID | None
    agreed_at: datetime
    due_on: date
    state: TaskState
    words: TaskWords
    said: tuple[TaskSaid, ...]
    review: TaskReviewFacts | None
    is_course_open: bool

    @property
    def is_open(self) -> bool:
        """Whether nothing was said of its outcome yet."""
        return self.state in OPEN and self.review is None

    @property
    def can_change(self) -> bool:
        """Whether its state may still be said: until it was looked at together, or the course is over."""
        return self.review is None and self.is_course_open

    @property
    def learned(self) -> str:
        """What the client last said that they learned."""
        return next((each.learned for each in reversed(self.said) if each.learned), "")

    @property
    def why_not(self) -> WhyNot | None:
        return next((each.why_not for each in reversed(self.said) if each.why_not), None)

    @property
    def counted(self) -> Agreed:
        return Agreed(self.due_on, self.state, self.review.share if self.review else None)


@dataclass(frozen=True, slots=True)
class ToLookAt:
    """A course in which something was said of a task that nobody has looked at together yet, and since when."""

    episode_id: UUID
    since: datetime
