"""The agreement between client and therapist."""

from __future__ import annotations

from django.db import models

from rapport.practice.episodes.choices import AcceptedHow
from rapport.practice.episodes.models.course import Episode
from rapport.practice.foundation.models import Record


class ContractVersion(Record):
    """An agreement as it was offered. Never changed; another offer is another version."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="contracts")
    number = models.PositiveIntegerField()
    offered_at = models.DateTimeField()
    offered_by = models.UUIDField()
    agreement_sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["episode", "number"], name="one_contract_per_number")]

    def __str__(self) -> str:
        return f"{self.episode_id} contract {self.number}"


class Acceptance(Record):
    """The client accepted a version, in the portal or on paper, after crisis information was shown."""

    contract = models.OneToOneField(ContractVersion, on_delete=models.PROTECT, related_name="acceptance")
    how = models.CharField(max_length=8)
    at = models.DateTimeField()
    by = models.UUIDField()
    signed_on = models.DateField()
    signed_by_sealed = models.BinaryField()
    crisis_shown_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(how__in=[str(how) for how in AcceptedHow]), name="known_acceptance"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contract_id} accepted"
