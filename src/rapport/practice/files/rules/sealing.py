"""Cutting a file in pieces, sealing each to its place, and putting them together again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from rapport.practice.clients.rules.care import in_care_of
from rapport.practice.files.models import CARD_LABEL, PIECE_LABEL, FilePiece, StoredFile
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.actor import Actor

PIECE = 256 * 1024
NO_CLIENT = UUID(int=0)


def reachable_files(viewer: Actor, at: datetime) -> QuerySet[StoredFile]:
    """The files of clients in this person's care, and a client's own. Who holds a file may narrow it further."""
    own = Q(client_id=viewer.client_id or NO_CLIENT, client__erased_at=None)
    return StoredFile.objects.filter(own | Q(client__in=in_care_of(viewer, at).values("pk")))


def pieces_of(file: StoredFile, content: bytes) -> Iterator[FilePiece]:
    """The pieces of a file, sealed."""
    drawer = keys.client(file.client_id)
    for number, start in enumerate(range(0, len(content), PIECE)):
        sealed = keys.seal_bytes(drawer, f"{PIECE_LABEL}.{number}", file.id, content[start : start + PIECE])
        yield FilePiece(file=file, number=number, content_sealed=sealed)


def card_of(file: StoredFile) -> dict[str, Any]:
    """Its name and fingerprint."""
    card: dict[str, Any] = keys.unseal_data(keys.client(file.client_id), CARD_LABEL, file.id, file.card_sealed)
    return card


def content_of(file: StoredFile, card: dict[str, Any]) -> bytes:
    """The whole file; SealBroken if a piece is missing, changed or of another file."""
    drawer = keys.client(file.client_id)
    pieces = FilePiece.objects.filter(file=file).order_by("number").values_list("number", "content_sealed")
    content = b"".join(keys.unseal_bytes(drawer, f"{PIECE_LABEL}.{n}", file.id, sealed) for n, sealed in pieces)
    if hashlib.sha256(content).hexdigest() != card["sha256"]:
        raise keys.SealBroken("A piece of this file is missing.")
    return content
