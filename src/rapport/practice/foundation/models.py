"""The base of every row."""

from __future__ import annotations

import uuid
from uuid import UUID

from django.db import models


def own_id(place: UUID, key: UUID | None) -> UUID:
    """The id of what a page makes. The page's own number makes the same page the same row within its place; whatever
    number is sent, it names no row that stands elsewhere."""
    return uuid.uuid5(place, str(key)) if key else uuid.uuid4()


class Record(models.Model):
    """A row with a random id, made before it is inserted, so that words can be sealed to it first."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True
