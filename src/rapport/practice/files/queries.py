"""Opening a file. Which file somebody may open is decided first by the duty that holds it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from rapport.practice.files.choices import FileContent, FileFacts, Kind
from rapport.practice.files.models import StoredFile
from rapport.practice.files.rules import card_of, content_of, reachable_files
from rapport.practice.security.audit import trail
from rapport.practice.security.policy.access import not_found, require
from rapport.practice.security.policy.actor import Actor, Thing


def file(*, viewer: Actor, at: datetime, file_id: UUID) -> FileContent:
    """A file with its content."""
    row = reachable_files(viewer, at).filter(id=file_id).first()
    if row is None:
        raise not_found(viewer, "read", Thing("file", id=file_id), at=at)
    require(viewer, "read", Thing("file", id=file_id, client=row.client_id), at=at)
    trail.reading(actor=viewer, kind="file", at=at, client=row.client_id, object_id=row.id)
    card = card_of(row)
    return FileContent(card["name"], Kind(row.kind).media_type, content_of(row, card))


def file_names(*, viewer: Actor, at: datetime, file_ids: Iterable[UUID]) -> dict[UUID, FileFacts]:
    """Names and sizes of files the caller already found to be the viewer's to see."""
    rows = reachable_files(viewer, at).filter(id__in=set(file_ids))
    return {row.id: _facts(row) for row in rows}


def _facts(row: StoredFile) -> FileFacts:
    return FileFacts(row.id, card_of(row)["name"], Kind(row.kind), row.size, row.kept_at)
