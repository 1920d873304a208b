"""A therapist's appointments for the calendar on their telephone."""

from __future__ import annotations

from django.db import models

from rapport.practice.foundation.models import Record
from rapport.practice.security.accounts.models import Account
from rapport.practice.sessions.choices import FeedTitles


class CalendarFeed(Record):
    """A secret address under which one therapist's hours can be read. Only a hash of the secret is kept."""

    therapist = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    token_hash = models.BinaryField(max_length=32, unique=True)
    titles = models.CharField(max_length=8, choices=[(titles, titles) for titles in FeedTitles])
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    readings = models.PositiveIntegerField(default=0)
    last_read_at = models.DateTimeField(null=True)
    minute_began_at = models.DateTimeField(null=True)
    in_this_minute = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["therapist"], condition=models.Q(revoked_at=None), name="one_feed_per_therapist"
            )
        ]

    def __str__(self) -> str:
        return f"feed {self.id}"
