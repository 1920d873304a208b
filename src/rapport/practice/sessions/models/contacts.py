"""Contacts between hours."""

from __future__ import annotations

from django.db import models

from rapport.clinical.sessions.frame import ContactPurpose, Initiator
from rapport.practice.episodes.models import Episode
from rapport.practice.foundation.models import Record
from rapport.practice.sessions.choices import ContactChannel, ContactDirection

CONTACT_LABEL = "sessions.contact.words"


class ContactEvent(Record):
    """One contact between hours: who began it, how, for what, and whether it lay inside the agreed hours."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="+")
    happened_at = models.DateTimeField()
    direction = models.CharField(max_length=8, choices=[(way, way) for way in ContactDirection])
    initiator = models.CharField(max_length=16, choices=[(who, who) for who in Initiator])
    channel = models.CharField(max_length=16, choices=[(channel, channel) for channel in ContactChannel])
    purpose = models.CharField(max_length=16, choices=[(purpose, purpose) for purpose in ContactPurpose])
    minutes = models.PositiveSmallIntegerField(null=True)
    in_window = models.BooleanField(null=True)  # None: the agreement does not say it so that it can be told
    words_sealed = models.BinaryField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    voided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["episode", "happened_at"], name="contacts_of_episode")]

    def __str__(self) -> str:
        return f"contact {self.id}"
