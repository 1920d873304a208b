"""A whole practice in files of its own, opened in this process: what is kept, moved and brought back is all of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper
from django.test import override_settings
from tests.factories.people import AT
from tests.factories.world import a_world
from tests.postgres_cluster import Server

from rapport.config.environment import Installation, change_installation, postgres_database, sqlite_database
from rapport.config.operations import installation as installations
from rapport.config.operations.copies import Sums
from rapport.config.operations.stores import STORES, Databases, connected
from rapport.config.operations.tables import sums_of
from rapport.config.operations.upgrade import bring_up

_said: dict[tuple[str, str], list[tuple[str, Any]]] = {}
FILES = {"default": "data.sqlite3", "keys": "keys.sqlite3"}


@dataclass(slots=True)
class Whole:
    """Where it lies."""

    installation: Installation
    databases: Databases

    @contextmanager
    def opened(self) -> Iterator[None]:
        """While this lasts, it is the practice of this process."""
        with override_settings(INSTALLATION=self.installation), connected(self.databases):
            yield

    def sums(self) -> Sums:
        with self.opened():
            return {alias: sums_of(alias) for alias in STORES}

    def moved_to(self, databases: Databases) -> Whole:
        return replace(self, databases=databases)

    def copied(self, home: Path) -> Whole:
        """The same practice in another folder."""
        shutil.copytree(self.installation.data.parent, home)
        made = replace(self.installation, data=home / "data", vault=home / "vault")
        return Whole(change_installation(made, vault=str(home / "vault")), in_files(home / "data"))


def in_files(data: Path) -> dict[str, dict[str, Any]]:
    """Its two files. A test's disk need not survive a power cut."""
    found = {alias: sqlite_database(data / name) for alias, name in FILES.items()}
    for database in found.values():
        database["OPTIONS"]["init_command"] += ";PRAGMA synchronous=OFF"
    return found


def on_server(server: Server, name: str) -> dict[str, dict[str, Any]]:
    """Two new, empty databases of a server."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        for database in (name, f"{name}_keys"):
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
    return {"default": postgres_database(server.url(name)), "keys": postgres_database(server.url(f"{name}_keys"))}


@pytest.fixture
def tables_made_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Django takes ten seconds to make all tables from nothing. The first time it does, and what it says to the
    database is taken down; afterwards the same is said again."""
    from rapport.config.operations import backup, copies, move, upgrade

    def every() -> None:
        if any("django_migrations" in connections[alias].introspection.table_names() for alias in STORES):
            upgrade.bring_up()
        else:
            _said_again(upgrade.bring_up, STORES)

    for place in (backup, move):
        monkeypatch.setattr(place, "bring_up", every)
    like = copies.bring_up_like
    monkeypatch.setattr(
        copies, "bring_up_like", lambda source, target: _said_again(lambda: like(source, target), [target])
    )


def _said_again(really: Callable[[], object], aliases: Sequence[str]) -> None:
    vendor = connections[aliases[0]].vendor
    if any((vendor, alias) not in _said for alias in aliases):
        with pytest.MonkeyPatch.context() as patched:
            heard: dict[str, list[tuple[str, Any]]] = {alias: [] for alias in aliases}
            execute = CursorWrapper.execute

            def listen(self: Any, sql: Any, params: Any = None) -> Any:
                if self.db.alias in heard and not str(sql).lstrip().upper().startswith(("SELECT", "PRAGMA", "BEGIN")):
                    heard[self.db.alias].append((str(sql), params))
                return execute(self, sql, params)

            patched.setattr(CursorWrapper, "execute", listen)
            really()
        _said.update({(vendor, alias): found for alias, found in heard.items()})
        return
    for alias in aliases:
        with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
            for sql, params in _said[vendor, alias]:
                cursor.execute(sql, params)


def make_whole(home: Path) -> Whole:
    """Two clients with everything a client can have, a signed note, two checkpoints."""
    with pytest.MonkeyPatch.context() as patched:
        patched.delenv("RAPPORT_DATABASE_URL", raising=False)
        made = installations.create_installation(
            home / "data", vault=home / "vault", demo=False, origin="http://localhost"
        )
    whole = Whole(made, in_files(made.data))
    with whole.opened():
        from rapport.practice.security.audit.checkpoints import write_checkpoint

        bring_up()
        write_checkpoint(AT)
        a_world()
        write_checkpoint(AT)  # what tests do next is stamped from then on
    return whole
