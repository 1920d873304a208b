"""Copies of both stores as SQLite files, whatever database the practice runs on; and proving that a copy is whole.

One format for every backup: what was saved on PostgreSQL is proven here without a second server, and comes back on
either database. No program of PostgreSQL's is needed.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connections, transaction

from rapport.config.operations.sealed_stream import BackupDamaged
from rapport.config.operations.stores import (
    STORES,
    connected,
    one_moment,
    own_databases,
    registered,
    scratch_databases,
    scratch_files,
    still,
)
from rapport.config.operations.tables import TableSum, copy_store, differences, models_of, refuse_strange, sums_of
from rapport.config.operations.upgrade import bring_up, bring_up_like

FROM = "from "
Sums = dict[str, dict[str, TableSum]]


@dataclass(frozen=True, slots=True)
class Proof:
    """What was looked at in a copy that is whole."""

    tables: int
    rows: int
    events: int


def copy_both(folder: Path) -> Sums:
    """Copy both stores of this process into a folder, each as it was at one moment; what their tables come to."""
    own = own_databases()
    with registered(still(own), FROM), one_moment(FROM):
        sums = {alias: sums_of(alias, f"{FROM}{alias}") for alias in STORES}
        if connections[f"{FROM}default"].vendor == "sqlite":
            for alias, file in scratch_files(folder).items():
                _copy_file(connections[f"{FROM}{alias}"].connection, file)
        else:
            for alias in STORES:
                refuse_strange(alias, f"{FROM}{alias}", models_of(alias, f"{FROM}{alias}"))
            with connected(scratch_databases(folder)):
                for alias in STORES:
                    bring_up_like(f"{FROM}{alias}", alias)
                    with transaction.atomic(using=alias):
                        copy_store(alias, f"{FROM}{alias}", alias)
    return sums


def _copy_file(source: Any, file: Path) -> None:
    """SQLite's own way to copy a file that is written to meanwhile."""
    with closing(importlib.import_module("sqlite3").connect(file)) as target:
        source.backup(target)


def prove(folder: Path, expected: Sums, *, look: Callable[[], int], bring_it_up: bool = True) -> Proof:
    """Open the copies in a folder and look at everything; BackupDamaged says what is wrong.

    They are brought up to this version on the way. `look` looks at the trail and says how many entries it has.
    """
    for alias, file in scratch_files(folder).items():
        _prove_file(alias, file)
    with connected(scratch_databases(folder)):
        for alias in STORES:
            wrong = differences(expected[alias], sums_of(alias))
            if wrong:
                raise BackupDamaged(f"The copy is not what was saved: {'; '.join(wrong[:3])}.")
        if bring_it_up:
            bring_up()
        events = look()
    every = [one for sums in expected.values() for one in sums.values()]
    return Proof(len(every), sum(one.rows for one in every), events)


def _prove_file(alias: str, file: Path) -> None:
    sqlite = importlib.import_module("sqlite3")
    with closing(sqlite.connect(file)) as copy:
        try:
            if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise BackupDamaged(f"The copy ({alias}) does not pass SQLite's integrity check.")
            if copy.execute("PRAGMA foreign_key_check").fetchone():
                raise BackupDamaged(f"The copy ({alias}) has rows that refer to rows which are not there.")
        except sqlite.DatabaseError as problem:
            raise BackupDamaged(f"The copy ({alias}) cannot be read: {problem}.") from None


def whole_trail(anchor: str | None) -> int:
    """How many entries the trail of the connected stores has; BackupDamaged if it is not whole."""
    from rapport.practice.security.audit.verify import verify

    result = verify(anchor)
    if result.finding:
        found = result.finding
        raise BackupDamaged(f"The audit trail is not whole: entry {found.seq} of chain {found.chain} was {found.kind}.")
    return result.events
