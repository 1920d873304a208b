"""Taking a practice from SQLite to PostgreSQL, or back.

Nothing is written into either place but the rows, so both come to the same sums: the trail goes on where it ended, old
entries in the chains they were written to, new ones in the chains of the new place.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connections, transaction

from rapport.config.environment import (
    Installation,
    InstallationError,
    change_installation,
    postgres_database,
    sqlite_database,
)
from rapport.config.operations.arriving import ARRIVING, FILES, finish_arrival, mark, marked, refuse_half_moved
from rapport.config.operations.backup import anchor_text
from rapport.config.operations.copies import FROM, Sums, whole_trail
from rapport.config.operations.holds import to_disk
from rapport.config.operations.stores import STORES, Databases, connected, own_databases, registered
from rapport.config.operations.tables import copy_store, differences, models_of, sums_of
from rapport.config.operations.upgrade import bring_up

LOOSE_FUNCTIONS = """
SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = current_schema()
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"""
OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved, and how many entries of the trail were read again there."""

    sums: Sums
    events: int

    @property
    def rows(self) -> int:
        return sum(one.rows for sums in self.sums.values() for one in sums.values())


def postgres_pair(record: str, keys: str) -> dict[str, dict[str, object]]:
    """The two databases a practice is taken to."""
    return {"default": postgres_database(record), "keys": postgres_database(keys)}


def move_to_postgres(installation: Installation, target: Databases, *, at: datetime) -> Moved:
    """Copy both stores into two empty databases, compare them, and only then say that the practice lies there."""
    if installation.engine == "postgresql":
        raise InstallationError(
            "This practice lies in PostgreSQL already. Between servers, use pg_dump and pg_restore."
        )
    move = str(uuid.uuid4())
    with _only_reading(own_databases()), connected(target):
        for alias in STORES:
            _empty(alias)
        # The mark is committed first and by itself: whatever comes into these databases later, nobody opens it.
        for alias in STORES:
            mark(alias, move)
        with ExitStack() as both:
            for alias in STORES:
                both.enter_context(transaction.atomic(using=alias))
            bring_up()
            sums = _fill()
        events = whole_trail(anchor_text(installation))
        changed = change_installation(installation, engine="postgresql", move=move)
        refuse_half_moved(changed)
    return Moved(sums, events)


def move_to_sqlite(installation: Installation, *, at: datetime) -> Moved:
    """Copy both stores into files beside the data, compare them, and only then say that the practice lies there."""
    if installation.engine == "sqlite":
        raise InstallationError(f"This practice lies in {installation.data} already.")
    for name in FILES.values():
        if (installation.data / name).exists():
            raise InstallationError(f"{installation.data / name} is there already. Take it away first.")
    arriving = installation.data / ARRIVING
    shutil.rmtree(arriving, ignore_errors=True)
    arriving.mkdir(mode=0o700)
    with _only_reading(own_databases()), connected(_files(arriving)):
        bring_up()
        with ExitStack() as both:
            for alias in STORES:
                both.enter_context(transaction.atomic(using=alias))
            sums = _fill()
        events = whole_trail(anchor_text(installation))
    for file in (*arriving.iterdir(), arriving, installation.data):
        to_disk(file)
    finish_arrival(change_installation(installation, engine="sqlite", move=None))
    return Moved(sums, events)


def _files(folder: Path) -> dict[str, dict[str, object]]:
    return {alias: sqlite_database(folder / name) for alias, name in FILES.items()}


@contextmanager
def _only_reading(source: Databases) -> Iterator[None]:
    """Hold both stores still: whoever would write to them waits, and what is read is what is there in the end."""
    for alias in STORES:
        connections[alias].close()
    with registered(source, FROM), ExitStack() as both:
        for alias in STORES:
            both.enter_context(transaction.atomic(using=f"{FROM}{alias}"))  # on SQLite, nobody else writes from here on
            if connections[f"{FROM}{alias}"].vendor != "sqlite":
                _lock(f"{FROM}{alias}")
        for alias in STORES:
            _refuse_old(alias)
        yield


def _lock(name: str) -> None:
    connection = connections[name]
    with connection.cursor() as cursor:
        cursor.execute(OTHERS)
        others = cursor.fetchone()[0]
        if others:
            raise InstallationError(f"{others} other programs use the PostgreSQL database. Stop them first.")
        tables = ", ".join(connection.ops.quote_name(table) for table in connection.introspection.table_names(cursor))
        cursor.execute(f"LOCK TABLE {tables} IN SHARE MODE")


def _refuse_old(alias: str) -> None:
    """The place moved to is made by this version, so what is moved must be of this version."""
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections[f"{FROM}{alias}"])
    models_of(alias, f"{FROM}{alias}")
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise InstallationError("The practice is of an older version. Open it once with this one: rapport serve")


def _fill() -> Sums:
    """Copy every row, then read both places again and compare them; inside the transaction that filled the new one."""
    sums = {}
    for alias in STORES:
        copy_store(alias, f"{FROM}{alias}", alias)
        sums[alias] = sums_of(alias, f"{FROM}{alias}")
        wrong = differences(sums[alias], sums_of(alias))
        if wrong:
            raise InstallationError(f"Nothing was moved: the copy differs. {'; '.join(wrong[:3])}.")
    return sums


def _empty(alias: str) -> None:
    """Refuse a database that holds anything but the half of a move; empty that."""
    connection = connections[alias]
    tables = connection.introspection.table_names()
    if not tables:
        return
    if marked(alias) is None:
        raise InstallationError(f"The PostgreSQL database ({alias}) is not empty. Name an empty one.")
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        names = ", ".join(connection.ops.quote_name(table) for table in tables)
        cursor.execute(f"DROP TABLE {names} CASCADE")
        cursor.execute(LOOSE_FUNCTIONS)
        for (function,) in cursor.fetchall():
            cursor.execute(f"DROP FUNCTION {function} CASCADE")
