"""The course itself, where it stands, and who cares."""

from __future__ import annotations

from django.db import models

from rapport.clinical.episodes.modality import Modality
from rapport.practice.clients.models import Client
from rapport.practice.episodes.choices import EpisodeState
from rapport.practice.foundation.models import Record
from rapport.practice.security.accounts.models import Account


class Episode(Record):
    """One course of therapy of one client, from referral to closure."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="episodes")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"episode {self.id}"


class StateChange(Record):
    """The episode came to a state at a moment, by a person. Never changed, never by a timer."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="states")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=16)
    at = models.DateTimeField()
    by = models.UUIDField()
    reason_sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "number"], name="one_state_per_number"),
            models.CheckConstraint(
                condition=models.Q(state__in=[str(state) for state in EpisodeState]), name="known_episode_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.episode_id} {self.number} {self.state}"


class ModalityChosen(Record):
    """The method the course is held in, from a moment on. The last one counts."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="modalities")
    modality = models.CharField(max_length=16, choices=[(way, way) for way in Modality])
    at = models.DateTimeField()
    by = models.UUIDField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(modality__in=[str(way) for way in Modality]), name="known_modality"
            ),
        ]
        indexes = [models.Index(fields=["episode", "at"], name="modality_of_episode")]

    def __str__(self) -> str:
        return f"{self.episode_id} {self.modality}"


class CareRelationship(Record):
    """A therapist's access to a client in an episode. Reading and writing end with it."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="care")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="care")
    started_at = models.DateTimeField()
    granted_by = models.UUIDField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "episode"], condition=models.Q(ended_at=None), name="one_care_per_therapist"
            )
        ]
        indexes = [models.Index(fields=["account", "client", "ended_at"], name="care_of_client")]

    def __str__(self) -> str:
        return f"{self.account_id} cares for {self.client_id}"
