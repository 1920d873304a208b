"""The person, as the practice knows them. Everything about them is sealed under their own key."""

from __future__ import annotations

from django.db import models

from rapport.practice.foundation.models import Record


class Client(Record):
    """Somebody who comes, or asks to come, to the practice."""

    name_sealed = models.BinaryField()
    created_at = models.DateTimeField()
    created_by = models.UUIDField()
    erased_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"client {self.id}"
