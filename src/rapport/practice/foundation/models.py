"""The base of every row."""

from __future__ import annotations

import uuid

from django.db import models


class Record(models.Model):
    """A row with a random id, made before it is inserted, so that words can be sealed to it first."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True
