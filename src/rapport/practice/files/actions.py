"""Keeping a file."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Sum

from rapport.practice.clients.models import Client
from rapport.practice.clients.rules.care import visible_to
from rapport.practice.files.models import CARD_LABEL, FilePiece, StoredFile
from rapport.practice.files.rules import (
    MOST_BYTES,
    MOST_FILES,
    FileDamaged,
    FileEmpty,
    FileKindUnknown,
    FileLocked,
    FileRefused,
    FileTooLarge,
    NoRoomLeft,
    TooManyPages,
    TooManyPixels,
    accepted,
    kept_name,
    pieces_of,
)
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Thing

__all__ = [
    "FileDamaged",
    "FileEmpty",
    "FileKindUnknown",
    "FileLocked",
    "FileRefused",
    "FileTooLarge",
    "NoRoomLeft",
    "TooManyPages",
    "TooManyPixels",
    "keep_file",
]


@action
def keep_file(*, actor: Actor, at: datetime, client_id: UUID, name: str, content: bytes) -> UUID:
    """Keep a file of a client: told by its bytes, drawn or written anew, sealed under the client's key."""
    thing = Thing("file", client=client_id)
    require(actor, "keep", thing, at=at)
    client = visible_to(actor, at).select_for_update(no_key=True).filter(id=client_id).first()
    if client is None:
        raise not_found(actor, "keep", thing, at=at)
    kind, kept = accepted(content)
    _check_room(client, len(kept))
    card = {"name": kept_name(name, kind), "sha256": hashlib.sha256(kept).hexdigest()}
    file_id = uuid.uuid4()
    file = StoredFile.objects.create(
        id=file_id,
        client=client,
        kind=kind,
        size=len(kept),
        card_sealed=keys.seal_data(keys.client(client_id), CARD_LABEL, file_id, card),
        kept_at=at,
        kept_by=actor.account,
    )
    FilePiece.objects.bulk_create(pieces_of(file, kept), batch_size=8)
    trail.record(
        actor=actor, action="keep", object_type="file", object_id=file_id, client=client_id, at=at, reason=kind
    )
    return file_id


def _check_room(client: Client, size: int) -> None:
    kept = StoredFile.objects.filter(client=client).aggregate(files=Count("id"), bytes=Sum("size"))
    if kept["files"] >= MOST_FILES or (kept["bytes"] or 0) + size > MOST_BYTES:
        raise NoRoomLeft
