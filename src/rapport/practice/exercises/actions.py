"""Agreeing a task, saying what came of it, and looking at it together."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from rapport.clinical.exercises.tasks import HAS_WHY, TaskState, WhyNot
from rapport.practice.episodes.models import Episode
from rapport.practice.episodes.rules import check_open, find_episode, hidden, words
from rapport.practice.exercises.choices import SaidBy, TaskWords
from rapport.practice.exercises.models import Task, TaskReview, TaskStep
from rapport.practice.exercises.queries import REVIEW_LABEL, STEP_LABEL, TASK_LABEL
from rapport.practice.exercises.rules import (
    PASSAGE,
    TaskRefused,
    TaskReviewed,
    check_can_say,
    check_due,
    check_share,
    tasks_within,
    tidy,
)
from rapport.practice.foundation.models import own_id
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Role, Thing
from rapport.practice.sessions.models import TherapySession


@action
def agree_task(
    *,
    actor: Actor,
    at: datetime,
    episode_id: UUID,
    task: TaskWords,
    due_on: date,
    session_id: UUID | None = None,
    key: UUID | None = None,
) -> UUID:
    """Keep what client and therapist agreed to try out. `session_id` is the hour in which they did.

    `key` makes a repeated request the same task.
    """
    row = find_episode(actor, at, episode_id, "task", "agree")
    task_id = own_id(row.id, key)
    if key and Task.objects.filter(id=task_id, episode=row).exists():
        return task_id
    check_open(row)
    hour = _hour(actor, at, row, session_id)
    kept = tidy(task)
    check_due(due_on, at.astimezone(practice_zone()).date())
    made = Task.objects.create(
        id=task_id,
        episode=row,
        session=hour,
        agreed_at=at,
        agreed_by=actor.account,
        due_on=due_on,
        words_sealed=keys.seal_data(keys.client(row.client_id), TASK_LABEL, task_id, asdict(kept)),
        state=TaskState.AGREED,
    )
    _step(actor, at, made, TaskState.AGREED, {})
    return task_id


@action
def say_task(
    *,
    actor: Actor,
    at: datetime,
    task_id: UUID,
    state: TaskState,
    learned: str = "",
    why_not: WhyNot | None = None,
) -> None:
    """Say where a task stands, what was learned, and if it was not done, why.

    Said again, the last word counts; the same once more is nothing new.
    """
    task = _find(actor, at, task_id, "answer")
    check_can_say(task, state)
    said = words("learned", learned, longest=PASSAGE)
    why = str(why_not) if why_not and state in HAS_WHY else ""
    kept = {"learned": said, "why_not": why} if said or why else {}
    if _last_said(task) == (state, kept):
        return
    Task.objects.filter(id=task.id).update(state=state)
    _step(actor, at, task, state, kept)


@action
def review_task(
    *,
    actor: Actor,
    at: datetime,
    task_id: UUID,
    learned: str = "",
    share: float | None = None,
    session_id: UUID | None = None,
) -> None:
    """Keep that client and therapist looked at a task together, what was learned, and how much of it was done."""
    task = _find(actor, at, task_id, "review")
    kept = {"learned": words("learned", learned, longest=PASSAGE), "share": check_share(share)}
    review_id, drawer = uuid.uuid4(), keys.client(task.episode.client_id)
    known: TaskReview | None = getattr(task, "review", None)
    if known and keys.unseal_data(drawer, REVIEW_LABEL, known.id, known.words_sealed) == kept:
        return  # the same form a moment ago, from a double click
    if known:
        raise TaskReviewed("task", _("This task was looked at together already."))
    hour = _hour(actor, at, task.episode, session_id)
    TaskReview.objects.create(
        id=review_id,
        task=task,
        session=hour,
        at=at,
        by=actor.account,
        words_sealed=keys.seal_data(drawer, REVIEW_LABEL, review_id, kept),
    )
    _record(actor, at, "review", task)


def _find(actor: Actor, at: datetime, task_id: UUID, doing: str) -> Task:
    task = tasks_within(actor, at).select_for_update(of=("self",), no_key=True).filter(id=task_id).first()
    if task is None:
        raise hidden(actor, doing, Thing("task", id=task_id), at)
    require(actor, doing, Thing("task", id=task.id, client=task.episode.client_id), at=at)
    check_open(task.episode)
    return task


def _hour(actor: Actor, at: datetime, episode: Episode, session_id: UUID | None) -> TherapySession | None:
    if session_id is None:
        return None
    hour = TherapySession.objects.filter(id=session_id, episode=episode).first()
    if hour is None:
        raise not_found(actor, "read", Thing("appointment", id=session_id), at=at)
    return hour


def _last_said(task: Task) -> tuple[str, dict[str, str]]:
    step = TaskStep.objects.filter(task=task).order_by("-seq")[0]
    if not step.words_sealed:
        return step.state, {}
    drawer = keys.client(task.episode.client_id)
    said: dict[str, str] = keys.unseal_data(drawer, STEP_LABEL, step.id, step.words_sealed)
    return step.state, said


def _step(actor: Actor, at: datetime, task: Task, state: TaskState, said: dict[str, str]) -> None:
    step_id = uuid.uuid4()
    drawer = keys.client(task.episode.client_id)
    last = TaskStep.objects.filter(task=task).aggregate(last=Max("seq"))["last"] or 0
    TaskStep.objects.create(
        id=step_id,
        task=task,
        seq=last + 1,
        state=state,
        said_by=SaidBy.CLIENT if Role.CLIENT in actor.roles else SaidBy.THERAPIST,
        at=at,
        by=actor.account,
        words_sealed=keys.seal_data(drawer, STEP_LABEL, step_id, said) if said else None,
    )
    _record(actor, at, "agree" if state is TaskState.AGREED else "answer", task, reason=str(state))


def _record(actor: Actor, at: datetime, verb: str, task: Task, reason: str = "") -> None:
    trail.record(
        actor=actor, action=verb, object_type="task", object_id=task.id, client=task.episode.client_id, at=at,
        reason=reason,
    )  # fmt: skip


__all__ = ["TaskRefused", "TaskReviewed", "agree_task", "review_task", "say_task"]
