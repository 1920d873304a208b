"""What was brought from spreadsheets: files, who is who in them, rows, and hours without a time of day.

Names and identifiers of a file are kept as keyed hashes only: enough to know a row again, too little to read it.
"""

from __future__ import annotations

from django.db import models

from rapport.clinical.sessions.attendance import Attendance
from rapport.practice.clients.models import Client
from rapport.practice.episodes.models import Episode
from rapport.practice.foundation.models import Record
from rapport.practice.security.accounts.models import Account


class StagedImport(Record):
    """A file that was uploaded and not imported yet, sealed for whoever uploaded it; it is dropped after an hour."""

    author = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    content_sealed = models.BinaryField()
    staged_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["author", "staged_at"], name="staged_of_author")]

    def __str__(self) -> str:
        return f"staged {self.id}"


class ImportBatch(Record):
    """One import that changed something."""

    therapist = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    content_hash = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    by = models.UUIDField()
    clients = models.PositiveIntegerField()
    scores = models.PositiveIntegerField()
    hours = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"import {self.id}"


class BroughtClient(Record):
    """Who an identifier of a therapist's spreadsheets is."""

    name_hash = models.BinaryField(max_length=32, unique=True)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="brought_clients")

    def __str__(self) -> str:
        return f"brought {self.client_id}"


class BroughtRow(Record):
    """One value of a file: which place it filled, and with what, both as hashes."""

    place_hash = models.BinaryField(max_length=32, unique=True)
    value_hash = models.BinaryField(max_length=32)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="rows")

    def __str__(self) -> str:
        return f"row {self.id}"


class BroughtHour(Record):
    """An hour known from a file: its day and whether the client came. It has no time, so it is no diary entry."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="brought_hours")
    day = models.DateField()
    attendance = models.CharField(max_length=24, choices=[(code, code) for code in Attendance])
    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="brought_hours")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["episode", "day"], name="one_brought_hour_a_day")]

    def __str__(self) -> str:
        return f"{self.day} of {self.episode_id}"
