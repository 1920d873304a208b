"""What the therapist did in the hour."""

from __future__ import annotations

from django.db import models

from rapport.practice.sessions.models.hours import TherapySession
from rapport.practice.sessions.models.marks import Noted

INTERVENTION_LABEL = "sessions.intervention.code"


class SessionIntervention(Noted):
    """One thing from the list of the method, with its mode; both are sealed."""

    session = models.ForeignKey(TherapySession, on_delete=models.PROTECT, related_name="interventions")
    what_sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "key"], name="one_intervention_per_key")]

    def __str__(self) -> str:
        return f"intervention {self.id}"
