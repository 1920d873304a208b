"""What the practice finds when the power is back: opened as the practice opens it, and held against what was said."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.faults.again import key_ids
from tests.faults.power.replay import EMPTY, files_of, pragmas_of, state_of
from tests.faults.power.tape import Began, Said

from rapport.practice.security.audit.chain import GENESIS, link_of

CORRUPT, LOST, HALF, ORPHAN, TRAIL = "corrupt", "lost", "half", "key missing", "trail broken"
RECORD_TABLES = {
    "audit_auditevent", "measures_answeralert", "therapy_sessions_progressnote", "outcomes_broughtclient",
}  # fmt: skip
EQUAL = (
    (
        "SELECT count(*) FROM measures_answer",
        "SELECT count(*) FROM measures_answeralert",
        "SELECT count(*) FROM audit_auditevent WHERE object_type = 'questionnaire' AND action = 'answer'",
    ),
    (
        "SELECT count(*) FROM therapy_sessions_therapysession",
        "SELECT count(*) FROM audit_auditevent WHERE object_type = 'appointment' AND action = 'booked'",
    ),
    (
        "SELECT count(*) FROM therapy_sessions_progressnote WHERE state = 'signed'",
        "SELECT count(*) FROM audit_auditevent WHERE object_type = 'progress_note' AND action = 'sign'",
    ),
    (
        "SELECT 2 * count(*) FROM outcomes_importbatch",
        "SELECT count(*) FROM outcomes_broughtclient",
        "SELECT 2 * count(*) FROM audit_auditevent WHERE object_type = 'import' AND action = 'import'",
    ),
)


@dataclass(slots=True)
class Expected:
    """Per store the states that may be found, and those that were acknowledged and are over."""

    said: dict[str, str] = field(default_factory=dict)
    began: dict[str, str] = field(default_factory=dict)
    past: dict[str, set[str]] = field(default_factory=dict)

    def play(self, entry: object) -> None:
        """Follow the tape."""
        if isinstance(entry, Began):
            self.began[entry.store] = entry.state
        elif isinstance(entry, Said):
            self.past.setdefault(entry.store, {EMPTY}).add(self.said.get(entry.store, EMPTY))
            self.said[entry.store] = entry.state


def judged(home: Path, expected: Expected) -> Iterator[tuple[str, str]]:
    """What is wrong with the practice in this folder: a kind of fault, and what exactly."""
    opened: dict[str, Any] = {}
    try:
        for store, file in files_of(home).items():
            try:
                opened[store] = _open(file, pragmas_of(home, store))
                yield from _read(opened[store], store, expected)
            except _sqlite().DatabaseError as error:
                yield CORRUPT, f"{store}: {error}"
                return
        if _has(opened["default"], RECORD_TABLES) and _has(opened["keys"], {"keys_compartmentkey"}):
            yield from _invariants(opened["default"], opened["keys"])
    finally:
        for connection in opened.values():
            connection.close()


def _sqlite() -> Any:
    return importlib.import_module("sqlite3")  # the one the practice runs on


def _open(file: Path, pragmas: str) -> Any:
    connection = _sqlite().connect(file, isolation_level=None)
    with closing(connection.executescript(pragmas)):
        return connection


def _read(connection: Any, store: str, expected: Expected) -> Iterator[tuple[str, str]]:
    whole = connection.execute("PRAGMA integrity_check").fetchall() + connection.execute(
        "PRAGMA foreign_key_check"
    ).fetchall()  # fmt: skip
    if whole != [("ok",)]:
        yield CORRUPT, f"{store}: {whole[:3]}"
        return
    state = state_of(connection)
    if state in {expected.said.get(store, EMPTY), expected.began.get(store, EMPTY)}:
        return
    yield (LOST if state in expected.past.get(store, {EMPTY}) else HALF), store


def _has(connection: Any, tables: set[str]) -> bool:
    return tables <= {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _invariants(record: Any, keys: Any) -> Iterator[tuple[str, str]]:
    for group in EQUAL:
        found = [record.execute(sql).fetchone()[0] for sql in group]
        if len(set(found)) > 1:
            yield HALF, f"{group[0]} … {found}"
    link, count = GENESIS, 0
    for seq, leaf, kept in record.execute("SELECT seq, leaf, link FROM audit_auditevent ORDER BY seq"):
        link, count = link_of(link, leaf), count + 1
        if (seq, kept) != (count, link):
            yield TRAIL, f"entry {count}"
            return
    if count and record.execute("SELECT seq, link FROM audit_chainhead").fetchall() != [(count, link)]:
        yield TRAIL, "head"
    known = {UUID(row[0]) for row in keys.execute("SELECT id FROM keys_compartmentkey")}
    for table, column in _sealed(record):
        for (blob,) in record.execute(f'SELECT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL'):
            if blob and not key_ids(blob) <= known:
                yield ORPHAN, f"{table}.{column}"


def _sealed(record: Any) -> list[tuple[str, str]]:
    return list(
        record.execute(
            "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c"
            " WHERE m.type = 'table' AND c.name LIKE '%_sealed'"
        )
    )
