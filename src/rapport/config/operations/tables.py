"""The tables of a store, row by row, written the same way whatever database holds them.

Two stores are equal when every table has as many rows and the same sum. A sum is SHA-256 over the columns' names and
the rows in the order of their key; a value counts by what it means (a moment in UTC, a number, bytes), not by how a
database writes it down.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.apps import apps as present
from django.core.management.color import no_style
from django.db import connections, router
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

from rapport.config.environment import InstallationError

BATCH = 500
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class TableSum:
    """How many rows a table has, and what they come to."""

    rows: int
    sha256: str


def models_of(alias: str, name: str | None = None) -> list[type[Model]]:
    """The tables of a store as its own migrations left them, lower duties first; of an older version, the older tables.

    `name` is under which connection the store is reached, if not its own.
    """
    loader = MigrationLoader(connections[name or alias])
    refuse_newer(loader, alias)
    applied = [node for node in loader.graph.nodes if node in loader.applied_migrations]
    is_current = len(applied) == len(loader.graph.nodes)
    apps = present if is_current else loader.project_state(applied).apps
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and router.allow_migrate(alias, model._meta.app_label)
    ]
    order = {config.label: place for place, config in enumerate(present.get_app_configs())}
    found.sort(key=lambda model: order.get(model._meta.app_label, -1))
    return [MigrationRecorder.Migration, *found]


def refuse_newer(loader: MigrationLoader, alias: str) -> None:
    """A store that a newer version has changed is not touched by an older one."""
    newer = sorted(set(loader.applied_migrations) - set(loader.disk_migrations))
    if newer:
        names = ", ".join(f"{app} {name}" for app, name in newer[:3])
        raise InstallationError(
            f"This practice was opened by a newer version of Rapport ({alias}: {names}). "
            "Install that version, or restore a backup from before; nothing was changed."
        )


def refuse_strange(alias: str, name: str, models: Iterable[type[Model]]) -> None:
    """A table that is not the practice's own would be left behind."""
    known = {model._meta.db_table for model in models}
    strange = sorted(set(connections[name].introspection.table_names()) - known)
    if strange:
        raise InstallationError(
            f"The database ({alias}) holds tables that are not Rapport's: {', '.join(strange[:3])}."
        )


def rows_of(model: type[Model], name: str) -> Iterator[Row]:
    """Every row, in the order of its key."""
    columns = [field.attname for field in model._meta.concrete_fields]
    rows = model._base_manager.using(name).order_by("pk").values_list(*columns)
    return iter(rows.iterator(chunk_size=BATCH))


def sums_of(alias: str, name: str | None = None) -> dict[str, TableSum]:
    """The sum of every table of a store."""
    name = name or alias
    return {model._meta.db_table: sum_of(model, rows_of(model, name)) for model in models_of(alias, name)}


def sum_of(model: type[Model], rows: Iterable[Row]) -> TableSum:
    """What the rows of a table come to."""
    digest = hashlib.sha256(" ".join(str(field.column) for field in model._meta.concrete_fields).encode())
    count = 0
    for row in rows:
        count += 1
        for value in row:
            written = encoded(value)
            digest.update(len(written).to_bytes(8, "big") + written)
    return TableSum(count, digest.hexdigest())


def encoded(value: Any) -> bytes:
    """A value as every database means it."""
    if isinstance(value, bytes | bytearray | memoryview):
        return b"b" + bytes(value)
    if isinstance(value, UUID):
        return b"u" + value.bytes
    if isinstance(value, datetime):
        return b"m" + value.astimezone(UTC).isoformat(timespec="microseconds").encode()
    if isinstance(value, date | time):
        return b"d" + value.isoformat().encode()
    if isinstance(value, timedelta):
        return b"t" + str(value // timedelta(microseconds=1)).encode()
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return b"j" + json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    raise TypeError(f"A {type(value).__name__} has no canonical form.")


def _plain(value: Any) -> Any:
    """PostgreSQL writes 1e16 in JSON as a whole number: the same number counts the same."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return value


def copy_rows(model: type[Model], source: str, target: str) -> None:
    """Put every row of a table into the same, empty table elsewhere, with its own key."""
    connection, fields = connections[target], model._meta.concrete_fields
    quoted = connection.ops.quote_name
    columns, marks = ", ".join(quoted(str(field.column)) for field in fields), ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quoted(model._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608 - our own names
    rows = rows_of(model, source)
    with connection.cursor() as cursor:
        while batch := list(islice(rows, BATCH)):
            cursor.executemany(
                statement,
                [
                    [field.get_db_prep_save(v, connection) for field, v in zip(fields, row, strict=True)]
                    for row in batch
                ],
            )


def copy_store(alias: str, source: str, target: str) -> None:
    """Put every row of a store into another whose tables are there and empty, and let its counters go on from there."""
    models = models_of(alias, source)
    refuse_strange(alias, source, models)
    with connections[target].cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations")  # the source's own list comes with the rows
    for model in models:
        copy_rows(model, source, target)
    with connections[target].cursor() as cursor:
        for statement in connections[target].ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def differences(expected: dict[str, TableSum], found: dict[str, TableSum]) -> list[str]:
    """The tables that are not the same, each with what is wrong."""
    wrong = []
    for table in sorted(expected.keys() | found.keys()):
        one, other = expected.get(table), found.get(table)
        if one is None or other is None:
            wrong.append(f"{table} is {'new' if one is None else 'missing'}")
        elif one.rows != other.rows:
            wrong.append(f"{table} has {other.rows} rows instead of {one.rows}")
        elif one != other:
            wrong.append(f"{table} has other rows")
    return wrong
