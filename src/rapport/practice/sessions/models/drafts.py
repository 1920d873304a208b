"""Typed text that is kept while it is being typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models

from rapport.practice.foundation.models import Record
from rapport.practice.sessions.choices import DraftState


@dataclass(frozen=True, slots=True)
class Kept:
    """What the practice has of one window's typing: up to which of its saves, and since when."""

    seq: int
    saved_at: datetime
    newer_was_there: bool = False


class DraftQuerySet(models.QuerySet[Any]):
    """Keeping drafts so that a late or repeated save never replaces a newer one."""

    def keep(self, *, note_id: UUID, author_id: UUID, tab: UUID, seq: int, at: datetime, **values: Any) -> Kept:
        """Keep this save unless a newer one of the same window is already there. The same save twice changes nothing.

        `values` must hold `id` (the words are sealed to it), `text_sealed`, `base_version` and `state`.
        """
        place = {"note_id": note_id, "author_id": author_id, "tab": tab}
        row_id = values.pop("id")
        new = {"client_seq": seq, "saved_at": at, **values}
        draft, is_new = self.get_or_create(**place, defaults={"id": row_id, **new})
        if is_new:
            return Kept(seq, at)
        if self.filter(id=draft.id, client_seq__lt=seq).update(**new):
            return Kept(seq, at)
        return Kept(draft.client_seq, draft.saved_at, newer_was_there=draft.client_seq > seq)

    def of_window(self, *, note_id: UUID, author_id: UUID, tab: UUID) -> UUID | None:
        """The row in which a window's typing is kept, if it has one."""
        found: UUID | None = (
            self.filter(note_id=note_id, author_id=author_id, tab=tab).values_list("id", flat=True).first()
        )
        return found


class Draft(Record):
    """What one person typed in one window, up to that window's latest save."""

    author_id = models.UUIDField()
    tab = models.UUIDField()
    client_seq = models.PositiveBigIntegerField()
    base_version = models.PositiveIntegerField()
    text_sealed = models.BinaryField()
    saved_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=[(state, state) for state in DraftState])

    objects = DraftQuerySet.as_manager()

    class Meta:
        abstract = True
