"""The outbox: what is to be sent, written in the transaction of what caused it."""

from __future__ import annotations

from django.db import models

from rapport.practice.foundation.models import Record
from rapport.practice.post.choices import Channel


class OutboxMessage(Record):
    """One message to one person. `dedupe` makes a repeated cause one message; `due_at` is when it ought to leave.

    `about_id` is what it speaks of, and `about_at` the time that has: if either changes, the message is overtaken.
    """

    kind = models.CharField(max_length=32)
    client_id = models.UUIDField(null=True)
    account_id = models.UUIDField(null=True)
    params_sealed = models.BinaryField()
    about_id = models.UUIDField(null=True)
    about_at = models.DateTimeField(null=True)
    channel = models.CharField(max_length=8, default=Channel.EMAIL)
    dedupe = models.CharField(max_length=160, unique=True)
    state = models.CharField(max_length=8)
    reason = models.CharField(max_length=32, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "next_at"], name="outbox_next"),
            models.Index(fields=["about_id", "queued_at"], name="outbox_about"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(client_id__isnull=False) | models.Q(account_id__isnull=False),
                name="message_has_recipient",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
