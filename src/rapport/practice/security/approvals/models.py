"""What was asked for, by whom, and what became of it."""

from __future__ import annotations

from django.db import models

from rapport.practice.foundation.models import Record


class PendingAct(Record):
    """An act that waits for a second person or for its delay. It can be cancelled until it is done."""

    act = models.CharField(max_length=32)
    subject = models.UUIDField()
    facts_sealed = models.BinaryField()
    requested_by = models.UUIDField()
    requested_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    approved_by = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)
    cancelled_by = models.UUIDField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["act", "subject"],
                condition=models.Q(done_at=None, cancelled_at=None),
                name="one_waiting_act_per_subject",
            ),
            models.CheckConstraint(
                condition=~models.Q(approved_by=models.F("requested_by")), name="nobody_approves_their_own"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} of {self.subject}"
