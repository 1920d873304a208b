"""A charge that is not asked for, or is again."""

from __future__ import annotations

from django.db import models

from rapport.practice.foundation.models import Record
from rapport.practice.sessions.models.hours import TherapySession

WAIVER_LABEL = "sessions.waiver.reason"


class ChargeWaiver(Record):
    """What a person decided about the charge of one hour, and why. The last word counts; none is ever changed."""

    session = models.ForeignKey(TherapySession, on_delete=models.PROTECT, related_name="waivers")
    number = models.PositiveIntegerField()
    waived = models.BooleanField()
    reason_sealed = models.BinaryField()
    decided_at = models.DateTimeField()
    decided_by = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "number"], name="one_waiver_per_number")]

    def __str__(self) -> str:
        return f"waiver {self.number} of {self.session_id}"
