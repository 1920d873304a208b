"""The trail as the database keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from rapport.practice.security.audit.chain import CONTENT, Entry, plain_entry
from rapport.practice.security.audit.exported import Head, Kept
from rapport.practice.security.audit.models import AuditEvent, ChainHead, Checkpoint

BATCH = 2000
# The moment as the text it is kept as: the driver would parse it, to be written out again.
EVERY_ENTRY = (
    f"SELECT {', '.join(Entry._fields)} FROM {AuditEvent._meta.db_table} ORDER BY chain, seq"  # noqa: S608 - no input
).replace(" at,", " at || '',")


class DatabaseTrail:
    """The trail of this practice."""

    def __init__(self) -> None:
        self.heads = {row.chain: Head(row.seq, bytes(row.link), row.stated) for row in ChainHead.objects.all()}
        rows = Checkpoint.objects.order_by("number")
        self.checkpoints = [Kept(row.number, row.at, row.note) for row in rows]

    def entries(self) -> Iterator[Entry]:
        # SQLite's own texts are taken as they are: Django would make objects of them, which costs more than the hashes.
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(EVERY_ENTRY)
                while rows := cursor.fetchmany(BATCH):
                    yield from map(_plain, rows)
            return
        columns = AuditEvent.objects.order_by("chain", "seq").values_list(*Entry._fields)
        yield from map(_plain, columns.iterator(chunk_size=BATCH))


@contextmanager
def one_moment() -> Iterator[None]:
    """Read the trail as it is now, however long that takes, while others go on writing."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":  # `atomic` would begin with the lock that all writers wait for
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def _plain(row: Any) -> Entry:
    """A row in its plain form; one that holds what we never wrote there fits no hash."""
    try:
        return plain_entry(row)
    except (TypeError, ValueError):
        return Entry._make([row[0], row[1], *[""] * (len(CONTENT) - 2), b"", b""])
