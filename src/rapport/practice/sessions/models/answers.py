"""The link in a message by which a client says whether they come."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from rapport.practice.foundation.models import Record
from rapport.practice.sessions.models.hours import TherapySession


class AnswerLink(Record):
    """32 random bytes that answer for one hour at one time, once, until it begins. Only their hash is kept."""

    session = models.ForeignKey(TherapySession, on_delete=models.PROTECT, related_name="answer_links")
    planned_start = models.DateTimeField()
    token_hash = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(made_at__lt=F("planned_start")), name="answer_link_before_the_hour")
        ]

    def __str__(self) -> str:
        return f"answer link of {self.session_id}"
