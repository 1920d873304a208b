"""The two stores of a practice, wherever they lie: this process's own, a copy, a place to move to."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.utils import ConnectionHandler

from rapport.config.environment import sqlite_database
from rapport.practice.security.keys.compartments import forget_keys
from rapport.practice.security.keys.router import KEYS

Databases = Mapping[str, dict[str, Any]]
RECORD = DEFAULT_DB_ALIAS
STORES = (RECORD, KEYS)  # a key is written before what it seals, so the record is always read first
SCRATCH = "PRAGMA journal_mode=DELETE;PRAGMA synchronous=OFF;PRAGMA foreign_keys=ON;PRAGMA trusted_schema=OFF"


@contextmanager
def connected(databases: Databases) -> Iterator[None]:
    """While this lasts, everything this thread does happens in these stores."""
    forget_keys()
    try:
        with registered(databases):
            yield
    finally:
        forget_keys()


@contextmanager
def registered(databases: Databases, prefix: str = "") -> Iterator[None]:
    """Make stores reachable, under names of their own if a prefix is given; close them again afterwards."""
    handler = ConnectionHandler(copy.deepcopy(dict(databases)))
    opened = {f"{prefix}{alias}": handler.create_connection(alias) for alias in STORES}
    before = {name: connections[name] for name in opened if not prefix}
    for name, connection in opened.items():
        connection.alias = name  # by which Django's own list of migrations finds its way back to it
        connections[name] = connection
    try:
        yield
    finally:
        for name, connection in opened.items():
            connection.close()
            if name in before:
                connections[name] = before[name]
            else:
                del connections[name]


def own_databases() -> dict[str, dict[str, Any]]:
    """How this process reaches its stores at this moment."""
    return {alias: dict(connections[alias].settings_dict) for alias in STORES}


def scratch_files(folder: Path) -> dict[str, Path]:
    """Where the copies of both stores lie in a folder."""
    return {alias: folder / f"{alias}.sqlite3" for alias in STORES}


def scratch_databases(folder: Path) -> dict[str, dict[str, Any]]:
    """Two files to look at or to fill, of which nothing needs to survive a power cut."""
    found = {alias: sqlite_database(file) for alias, file in scratch_files(folder).items()}
    for database in found.values():
        database["OPTIONS"]["init_command"] = SCRATCH
    return found


def still(databases: Databases) -> dict[str, dict[str, Any]]:
    """The same stores for one who only reads: what is read stays as it was, and no writer waits for it."""
    found = copy.deepcopy(dict(databases))
    for database in found.values():
        if database["ENGINE"].endswith("sqlite3"):
            database["OPTIONS"]["transaction_mode"] = "DEFERRED"
        else:
            from psycopg import IsolationLevel

            database.setdefault("OPTIONS", {})["isolation_level"] = IsolationLevel.REPEATABLE_READ
    return found


@contextmanager
def one_moment(prefix: str = "") -> Iterator[None]:
    """Both stores as they are at one moment each, the record first."""
    with transaction.atomic(using=f"{prefix}{RECORD}"):
        _look(f"{prefix}{RECORD}")
        with transaction.atomic(using=f"{prefix}{KEYS}"):
            _look(f"{prefix}{KEYS}")
            yield


def _look(name: str) -> None:
    """The moment begins with the first thing that is read."""
    with connections[name].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations")
        cursor.fetchone()
