"""A script played again through a taped file system, with the settings of the practice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import apsw
from tests.faults.power.script import Chapter, Copy, Script, Statement
from tests.faults.power.tape import Began, Phase, Said, Tape, TapedFiles

from rapport.config.environment import databases

EMPTY = "no tables"


def files_of(home: Path) -> dict[str, Path]:
    """Where a practice in this folder keeps its stores."""
    return {store: Path(given["NAME"]) for store, given in databases(home).items()}


def pragmas_of(home: Path, store: str) -> str:
    """What a practice tells SQLite when it connects."""
    return str(databases(home)[store]["OPTIONS"]["init_command"])


class Player:
    """Plays a script; each commit is put on the tape with the state that it leaves."""

    def __init__(self, home: Path, tape: Tape, synchronous: str | None) -> None:
        self.home, self.tape = home, tape
        self.files = TapedFiles(f"taped {synchronous}", tape)
        self.stores: dict[str, apsw.Connection] = {}
        self.states: dict[str, str] = {}
        for store, file in files_of(home).items():
            connection = apsw.Connection(str(file), vfs=self.files.name)
            connection.execute(pragmas_of(home, store)).fetchall()
            if synchronous:
                connection.pragma("synchronous", synchronous)
            self.stores[store] = connection
            self.states[store] = state_of(connection)
            tape.note(Began(store, self.states[store]))
            tape.note(Said(store, self.states[store]))

    def play(self, script: Script) -> None:
        for each in script:
            match each:
                case Chapter(name):
                    self.tape.note(Phase(name))
                case Copy(store):
                    self._copy(store)
                case Statement():
                    self._execute(each)

    def _execute(self, statement: Statement) -> None:
        connection = self.stores[statement.store]
        ends = not connection.in_transaction or statement.sql == "COMMIT"
        place = len(self.tape.entries)
        run = connection.executemany if statement.many else connection.execute
        run(statement.sql, statement.parameters).fetchall()
        if ends and not connection.in_transaction:
            self._commit(statement.store, state_of(connection), place)

    def _commit(self, store: str, state: str, place: int) -> None:
        """What a commit leaves is known only afterwards; that it began stands before its first write."""
        if state != self.states[store]:
            self.states[store] = state
            self.tape.entries.insert(place, Began(store, state))
            self.tape.note(Said(store, state))

    def _copy(self, store: str) -> None:
        """What a backup makes of the copy is not SQLite's; here it is enough that the store stays as it is."""
        target = apsw.Connection(str(self.home / f"{store}.copy"), vfs=self.files.name)
        with target.backup("main", self.stores[store], "main") as copy:
            while not copy.done:
                copy.step(40)
        target.close()

    def close(self) -> None:
        self.tape.runs = False  # the power fails before anybody closes anything
        for connection in self.stores.values():
            connection.close()
        self.files.unregister()


def state_of(connection: Any) -> str:
    """A fingerprint of everything a store says: its tables, indexes, triggers and rows."""
    made = list(connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name"))
    if not made:
        return EMPTY
    digest = hashlib.sha256(repr(made).encode())
    for kind, name, _ in made:
        if kind == "table":
            digest.update(name.encode())
            rows: Iterable[Any] = connection.execute(f'SELECT * FROM "{name}" ORDER BY rowid')
            for row in rows:
                digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()
