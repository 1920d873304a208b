"""Typing that was not sent, one row for each window, opened by nobody but whoever typed it."""

from __future__ import annotations

from django.db import models

from rapport.practice.clients.models import Client
from rapport.practice.foundation.models import Record

LABEL = "unsent.typing.fields"
LONGEST_PLACE = 200


class UnsentTyping(Record):
    """One window's typing on one page, about a client or about nobody.

    Once it was sent the words go and its number stays: a save that comes late loses.
    """

    author_id = models.UUIDField()
    place = models.CharField(max_length=LONGEST_PLACE)
    tab = models.UUIDField()
    client_seq = models.PositiveBigIntegerField()
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", null=True)
    fields_sealed = models.BinaryField(null=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["author_id", "place", "tab"], name="one_typing_per_window"),
        ]
        indexes = [models.Index(fields=["author_id", "saved_at"], name="typing_of_author")]

    def __str__(self) -> str:
        return f"typing {self.id}"
