"""A task, what was said of it, and how it was looked at together. Only the task's state moves; every move is a row."""

from __future__ import annotations

from django.db import models

from rapport.clinical.exercises.tasks import TaskState
from rapport.practice.episodes.models import Episode
from rapport.practice.exercises.choices import SaidBy
from rapport.practice.foundation.models import Record
from rapport.practice.sessions.models import TherapySession

STATES = [str(state) for state in TaskState]


class Task(Record):
    """Something the client tries out until the next session. `session` is the hour in which it was agreed."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="tasks")
    session = models.ForeignKey(TherapySession, null=True, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField()
    agreed_by = models.UUIDField()
    due_on = models.DateField()
    words_sealed = models.BinaryField()
    state = models.CharField(max_length=16)

    class Meta:
        indexes = [models.Index(fields=["episode", "agreed_at"], name="tasks_of_episode")]
        constraints = [models.CheckConstraint(condition=models.Q(state__in=STATES), name="known_task_state")]

    def __str__(self) -> str:
        return f"task {self.id} {self.state}"


class TaskStep(Record):
    """Something that was said of a task; never changed. The last one counts."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="steps")
    seq = models.PositiveIntegerField()
    state = models.CharField(max_length=16)
    said_by = models.CharField(max_length=16)
    at = models.DateTimeField()
    by = models.UUIDField()
    words_sealed = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "seq"], name="task_steps_in_order"),
            models.CheckConstraint(condition=models.Q(state__in=STATES), name="known_task_step"),
            models.CheckConstraint(
                condition=models.Q(said_by__in=[str(who) for who in SaidBy]), name="known_task_speaker"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} of {self.task_id}"


class TaskReview(Record):
    """Client and therapist looked at a task together, once: what was learned, and how much of it was done."""

    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="review")
    session = models.ForeignKey(TherapySession, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.UUIDField()
    words_sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"review of {self.task_id}"
