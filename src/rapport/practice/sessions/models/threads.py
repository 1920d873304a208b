"""Threads that run from hour to hour."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from rapport.clinical.sessions.room.threads import ThreadStatus
from rapport.practice.episodes.models import Episode
from rapport.practice.foundation.models import Record
from rapport.practice.sessions.choices import ThreadStepKind
from rapport.practice.sessions.models.hours import TherapySession
from rapport.practice.sessions.models.marks import SessionMark

THREAD_LABEL = "sessions.thread.title"


class Thread(Record):
    """Something to come back to. The columns say where it stands; its steps say how it came to that."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="threads")
    title_sealed = models.BinaryField()
    status = models.CharField(max_length=8, choices=[(status, status) for status in ThreadStatus])
    importance = models.PositiveSmallIntegerField(default=2)
    opened_at = models.DateTimeField()
    opened_by = models.UUIDField()
    touched_at = models.DateTimeField()
    from_mark = models.OneToOneField(SessionMark, null=True, on_delete=models.PROTECT, related_name="thread")

    class Meta:
        indexes = [models.Index(fields=["episode", "status"], name="threads_of_episode")]
        constraints = [models.CheckConstraint(condition=Q(importance__range=(1, 3)), name="thread_importance_1_to_3")]

    def __str__(self) -> str:
        return f"thread {self.id}"


class ThreadStep(Record):
    """What happened to a thread, in which hour, and who did it. Never changed."""

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="steps")
    session = models.ForeignKey(TherapySession, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=[(kind, kind) for kind in ThreadStepKind])
    importance = models.PositiveSmallIntegerField(null=True)
    at = models.DateTimeField()
    by = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["thread", "at"], name="steps_of_thread")]

    def __str__(self) -> str:
        return f"{self.kind} {self.thread_id}"
