"""Wrapped keys. They live in a database of their own, with a backup chain of their own."""

from __future__ import annotations

from django.db import models

from rapport.practice.foundation.models import Record


class PracticeKey(Record):
    """Wraps the compartments' keys and is itself wrapped by the root key, so that changing the root is cheap."""

    version = models.PositiveIntegerField(unique=True)
    wrapped = models.BinaryField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"practice key {self.version}"


class CompartmentKey(Record):
    """One compartment's key. Deleting the row is the erasure of everything sealed in the compartment."""

    kind = models.CharField(max_length=32)
    subject = models.UUIDField()
    version = models.PositiveIntegerField()
    practice_key = models.ForeignKey(PracticeKey, on_delete=models.PROTECT, related_name="+")
    wrapped = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject", "version"], name="one_key_per_version")]

    def __str__(self) -> str:
        return f"{self.kind} key {self.version}"
