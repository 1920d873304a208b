"""What an hour is meant to hold, and the one line for the next."""

from __future__ import annotations

from django.db import models

from rapport.practice.foundation.models import Record
from rapport.practice.security.accounts.models import Account
from rapport.practice.sessions.models.hours import TherapySession

AGENDA_LABEL = "sessions.agenda.words"
REMEMBERED_LABEL = "sessions.remembered.words"


class AgendaItem(Record):
    """One thing to come to in an hour. What the client wishes comes first."""

    session = models.ForeignKey(TherapySession, on_delete=models.PROTECT, related_name="agenda")
    words_sealed = models.BinaryField()
    of_client = models.BooleanField(default=False)
    place = models.PositiveSmallIntegerField()
    added_at = models.DateTimeField()
    added_by = models.UUIDField()
    covered_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["session", "place"], name="agenda_of_session")]

    def __str__(self) -> str:
        return f"agenda item {self.id}"


class Remembered(Record):
    """What the therapist wants to remember at the next hour: one line, under their own and the client's key."""

    session = models.ForeignKey(TherapySession, on_delete=models.PROTECT, related_name="remembered")
    author = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    words_sealed = models.BinaryField()
    written_at = models.DateTimeField()
    put_aside_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "author"], name="one_line_per_session_and_author")]

    def __str__(self) -> str:
        return f"remembered {self.id}"


class RoomSwitches(Record):
    """How one therapist likes their room."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="+")
    glow = models.BooleanField(default=True)
    keys = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"room of {self.account_id}"
