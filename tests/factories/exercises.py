"""Tasks between sessions."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from rapport.clinical.exercises.tasks import TaskState, WhyNot
from rapport.practice.exercises import actions
from rapport.practice.exercises.choices import Obstacle, TaskWords
from tests.factories.people import AT, Course

if TYPE_CHECKING:
    from tests.factories.world import Someone

BUS = TaskWords(
    what="Take the bus for two stops",
    why="So that I can see my sister again",
    when="Wednesday after work",
    where="Stop at the library",
    how_long="10 minutes",
    obstacles=(Obstacle("It is full", "I wait for the next one"),),
    confidence=7,
)


def a_task(
    course: Course,
    task: TaskWords = BUS,
    *,
    at: datetime = AT,
    due_on: date | None = None,
    session: UUID | None = None,
) -> UUID:
    """A task agreed with the client's therapist, due in a week."""
    return actions.agree_task(
        actor=course.therapist,
        at=at,
        episode_id=course.episode,
        task=task,
        due_on=due_on or (at + timedelta(days=7)).date(),
        session_id=session,
    )


def tasks_of_the_world(someone: Someone) -> None:
    """One task that was reviewed, and one that waits; every sealed column holds a word."""
    from tests.factories.world import Grade

    def say(name: str) -> str:
        return someone.say(f"task-{name}", Grade.SHARED)

    def words(name: str) -> TaskWords:
        obstacle = Obstacle(say(f"{name}-obstacle"), say(f"{name}-then"))
        return TaskWords(say(name), say(f"{name}-why"), say(f"{name}-when"), say(f"{name}-where"), "", (obstacle,), 6)

    assert someone.account is not None
    reviewed = a_task(someone.course, words("reviewed"), session=UUID(someone.ids["session_draft"]))
    for state, why_not in ((TaskState.STARTED, None), (TaskState.PARTLY, WhyNot.TOO_HARD)):
        actions.say_task(
            actor=someone.account, at=AT, task_id=reviewed, state=state, learned=say("learned"), why_not=why_not
        )
    looked = someone.say("task-review", Grade.SHARED)
    actions.review_task(actor=someone.therapist, at=AT, task_id=reviewed, learned=looked, share=0.5)
    waiting = a_task(someone.course, words("waiting"), session=UUID(someone.ids["session_id"]))
    someone.ids |= {"task_id": str(waiting), "task_reviewed": str(reviewed)}
