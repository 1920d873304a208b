"""How somebody came to the practice."""

from __future__ import annotations

from django.db import models

from rapport.clinical.episodes.referral import ReferralOutcome
from rapport.practice.episodes.models.course import Episode
from rapport.practice.foundation.models import Record


class Referral(Record):
    """A request for therapy as it was typed. Source, urgency and reason are sealed: a court or a crisis is no one's."""

    episode = models.OneToOneField(Episode, on_delete=models.PROTECT, related_name="referral")
    received_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    consented_at = models.DateTimeField(null=True)
    consent_recorded_by = models.UUIDField(null=True)
    words_sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"referral {self.id}"


class ReferralDecision(Record):
    """What was decided about a referral. A waiting one may be decided again; nothing is overwritten."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=16)
    at = models.DateTimeField()
    by = models.UUIDField()
    words_sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["referral", "number"], name="one_referral_decision_per_number"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=[str(outcome) for outcome in ReferralOutcome]),
                name="known_referral_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.outcome}"
