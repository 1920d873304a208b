"""One course of therapy and who may care for it."""

from __future__ import annotations

from django.db import models

from rapport.practice.clients.models import Client
from rapport.practice.foundation.models import Record
from rapport.practice.security.accounts.models import Account


class Episode(Record):
    """One course of therapy of one client, from referral to closure."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="episodes")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"episode {self.id}"


class CareRelationship(Record):
    """A therapist's access to a client in an episode. Writing ends with it; reading ends some days later."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="care")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="care")
    started_at = models.DateTimeField()
    granted_by = models.UUIDField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["account", "client", "ended_at"], name="care_of_client")]

    def __str__(self) -> str:
        return f"{self.account_id} cares for {self.client_id}"
