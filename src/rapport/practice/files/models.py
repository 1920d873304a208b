"""Files of a client, cut in pieces, every piece sealed under the client's key."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from rapport.practice.clients.models import Client
from rapport.practice.files.choices import Kind
from rapport.practice.foundation.models import Record

CARD_LABEL = "files.file.card"
PIECE_LABEL = "files.file.piece"


class StoredFile(Record):
    """One file as it is kept: re-drawn or re-written, never what was sent. Its card holds its name and fingerprint."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=4, choices=[(kind, kind) for kind in Kind])
    size = models.PositiveIntegerField()
    card_sealed = models.BinaryField()
    kept_at = models.DateTimeField()
    kept_by = models.UUIDField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(size__gt=0), name="kept_file_is_not_empty")]
        indexes = [models.Index(fields=["client"], name="files_of_client")]

    def __str__(self) -> str:
        return f"file {self.id}"


class FilePiece(Record):
    """One piece. Its number is part of what seals it, so pieces cannot change places."""

    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="pieces")
    number = models.PositiveIntegerField()
    content_sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="one_piece_per_number")]

    def __str__(self) -> str:
        return f"piece {self.number} of {self.file_id}"
