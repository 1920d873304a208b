"""Reading tasks: a course's, a client's own, and the number over four weeks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, Prefetch

from rapport.clinical.exercises.practised import practised
from rapport.clinical.exercises.tasks import OPEN, TaskState, WhyNot
from rapport.clinical.kernel.cards import NumberCard
from rapport.practice.episodes.choices import Happened
from rapport.practice.episodes.queries import own_episode
from rapport.practice.episodes.rules import care_of, find_episode, hidden
from rapport.practice.exercises.choices import (
    Obstacle,
    SaidBy,
    TaskEvent,
    TaskFacts,
    TaskReviewFacts,
    TaskSaid,
    TaskWords,
    ToLookAt,
)
from rapport.practice.exercises.models import Task, TaskReview, TaskStep
from rapport.practice.exercises.rules import tasks_within
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing

TASK_LABEL = "exercises.task.words"
STEP_LABEL = "exercises.step.words"
REVIEW_LABEL = "exercises.review.words"


def tasks_of(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[TaskFacts, ...]:
    """Every task of a course, newest first."""
    row = find_episode(viewer, at, episode_id, "task", "read")
    trail.reading(actor=viewer, kind="task", at=at, client=row.client_id, object_id=row.id)
    steps = Prefetch("steps", queryset=TaskStep.objects.order_by("seq"), to_attr="said")
    rows = row.tasks.select_related("episode", "review").prefetch_related(steps).order_by("-agreed_at", "id")
    return tuple(_facts(each) for each in rows)


def task(*, viewer: Actor, at: datetime, task_id: UUID) -> TaskFacts:
    """One task, for whoever cares for the client, or the client."""
    steps = Prefetch("steps", queryset=TaskStep.objects.order_by("seq"), to_attr="said")
    row = tasks_within(viewer, at).filter(id=task_id).select_related("review").prefetch_related(steps).first()
    if row is None:
        raise hidden(viewer, "read", Thing("task", id=task_id), at)
    require(viewer, "read", Thing("task", id=row.id, client=row.episode.client_id), at=at)
    trail.reading(actor=viewer, kind="task", at=at, client=row.episode.client_id, object_id=row.id)
    return _facts(row)


def own_tasks(*, viewer: Actor, at: datetime) -> tuple[TaskFacts, ...]:
    """A client's own tasks in their open course, newest first."""
    require(viewer, "read", Thing("task", client=viewer.client_id), at=at)
    mine = own_episode(viewer=viewer, at=at)
    return tasks_of(viewer=viewer, at=at, episode_id=mine.id) if mine else ()


def the_one(*, viewer: Actor, at: datetime, tasks: Iterable[TaskFacts]) -> TaskFacts | None:
    """The task a client sees now: of those that wait for a word, the one due first."""
    require(viewer, "read", Thing("task", client=viewer.client_id), at=at)
    waiting = sorted((each for each in tasks if each.is_open), key=lambda each: (each.due_on, each.agreed_at))
    return waiting[0] if waiting else None


def practised_card(*, viewer: Actor, at: datetime, tasks: Iterable[TaskFacts]) -> NumberCard:
    """How much of what was agreed was done in four weeks: for the therapist alone."""
    found = tuple(tasks)
    for client_id in {each.client_id for each in found}:
        require(viewer, "review", Thing("task", client=client_id), at=at)
    return practised([each.counted for each in found], at.astimezone(practice_zone()).date())


def happened(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[Happened, ...]:
    """What happened to the tasks of a course, as dates and codes. Whoever shows them records the reading."""
    row = find_episode(viewer, at, episode_id, "course", "read")
    agreed = row.tasks.values_list("agreed_at", "id")
    said = TaskStep.objects.filter(task__episode=row).exclude(state=TaskState.AGREED)
    looked = TaskReview.objects.filter(task__episode=row).values_list("at", "task_id")
    return (
        *(Happened(when, TaskEvent.TASK_AGREED, id=key) for when, key in agreed),
        *(
            Happened(when, TaskEvent.TASK_SAID, state, key)
            for when, state, key in said.values_list("at", "state", "task_id")
        ),
        *(Happened(when, TaskEvent.TASK_REVIEWED, id=key) for when, key in looked),
    )


def to_look_at(*, viewer: Actor, at: datetime) -> tuple[ToLookAt, ...]:
    """For the open courses in the viewer's care: since when a task was spoken of and not looked at together."""
    require(viewer, "list", Thing("course"), at=at)
    in_care = care_of(viewer, at).values("client")
    rows = Task.objects.filter(episode__client__in=in_care, episode__closed_at=None, review=None).exclude(
        state__in=OPEN
    )
    since = (
        rows.annotate(said_at=Max("steps__at")).order_by("said_at").values_list("episode_id", "said_at", "agreed_at")
    )
    first: dict[UUID, ToLookAt] = {}
    for episode_id, said_at, agreed_at in since:
        first.setdefault(episode_id, ToLookAt(episode_id, said_at or agreed_at))
    return tuple(first.values())


def _facts(row: Any) -> TaskFacts:
    drawer = keys.client(row.episode.client_id)
    return TaskFacts(
        id=row.id,
        episode_id=row.episode_id,
        client_id=row.episode.client_id,
        session_id=row.session_id,
        agreed_at=row.agreed_at,
        due_on=row.due_on,
        state=TaskState(row.state),
        words=_words(keys.unseal_data(drawer, TASK_LABEL, row.id, row.words_sealed)),
        said=tuple(_said(each, drawer) for each in row.said),
        review=_review(row, drawer),
        is_course_open=row.episode.closed_at is None,
    )


def _words(kept: dict[str, Any]) -> TaskWords:
    obstacles = tuple(Obstacle(**each) for each in kept["obstacles"])
    return TaskWords(**{**kept, "obstacles": obstacles})


def _said(step: TaskStep, drawer: keys.Compartment) -> TaskSaid:
    kept = keys.unseal_data(drawer, STEP_LABEL, step.id, step.words_sealed) if step.words_sealed else {}
    why_not = WhyNot(kept["why_not"]) if kept.get("why_not") else None
    return TaskSaid(step.at, TaskState(step.state), SaidBy(step.said_by), kept.get("learned", ""), why_not)


def _review(row: Task, drawer: keys.Compartment) -> TaskReviewFacts | None:
    found: TaskReview | None = getattr(row, "review", None)
    if found is None:
        return None
    kept = keys.unseal_data(drawer, REVIEW_LABEL, found.id, found.words_sealed)
    return TaskReviewFacts(found.at, kept["learned"], kept["share"], found.session_id)
