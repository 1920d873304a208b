"""What was noted in the hour with one key or two taps: marks and interventions."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from rapport.practice.foundation.models import Record
from rapport.practice.sessions.models.hours import TherapySession

MARK_LABEL = "sessions.mark.kind"
WORDS_LABEL = "sessions.mark.words"


class Noted(Record):
    """A moment of an hour. What it was is sealed; when it was is clear. Taken back, it stays and counts no more.

    The page makes `key` when the key is pressed: sent twice, it is kept once.
    """

    key = models.UUIDField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    voided_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class SessionMark(Noted):
    """Something happened here. The words may come later."""

    session = models.ForeignKey(TherapySession, on_delete=models.PROTECT, related_name="marks")
    kind_sealed = models.BinaryField()
    words_sealed = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "key"], name="one_mark_per_key"),
            models.CheckConstraint(
                condition=Q(voided_at=None) | Q(voided_at__gte=models.F("recorded_at")), name="mark_voided_after_it"
            ),
        ]

    def __str__(self) -> str:
        return f"mark {self.id}"
