"""Erasure: destroying a compartment's key, so that what it sealed can never be read again, backups included."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connections

from rapport.practice.security.keys.compartments import forget_compartment
from rapport.practice.security.keys.models import CompartmentKey
from rapport.practice.security.keys.root import LEDGER
from rapport.practice.security.keys.router import KEYS


def _ledger() -> Path:
    return Path(settings.INSTALLATION.vault) / LEDGER


def destroy_compartment(kind: str, subject: UUID, *, at: datetime, authority: UUID) -> None:
    """Write the erasure into the ledger outside the data, then destroy the key.

    The ledger comes first: a crash in between is completed by the next `replay_erasures`.
    """
    entry = {"at": at.isoformat(), "kind": kind, "subject": str(subject), "authority": str(authority)}
    with _ledger().open("ab") as out:
        out.write(f"{json.dumps(entry)}\n".encode())
        out.flush()
        os.fsync(out.fileno())
    _delete(kind, subject)
    empty_log()


def replay_erasures() -> int:
    """Destroy again every key the ledger names. Runs before a practice serves, and so after every restore."""
    if not _ledger().exists():
        return 0
    count = 0
    for line in _ledger().read_bytes().splitlines():
        entry = json.loads(line)
        count += _delete(entry["kind"], UUID(entry["subject"]))
    if count:
        empty_log()
    return count


def _delete(kind: str, subject: UUID) -> int:
    count, _ = CompartmentKey.objects.filter(kind=kind, subject=subject).delete()
    forget_compartment(kind, subject)
    return count


def empty_log() -> None:
    """Move deletions out of SQLite's write-ahead log, where a key's bytes would stay.

    An open reader can hold this up; the worker does it again every half minute.
    """
    connection = connections[KEYS]
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
