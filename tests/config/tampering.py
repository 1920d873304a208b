"""What somebody with the database file in hand can do to a trail. Each attack changes a copy that has no guards."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from uuid import uuid4

from rapport.practice.security.audit.chain import GENESIS, Entry, leaf_of, link_of, plain_entry

TABLE, HEAD, CHECKPOINTS = "audit_auditevent", "audit_chainhead", "audit_checkpoint"
COLUMNS = ", ".join(Entry._fields)
OTHER = {
    "id": uuid4().hex, "at": "2026-03-02 09:05:00.000001", "actor": uuid4().hex, "roles": "manager", "session": "two",
    "action": "read", "object_type": "goal", "object_id": uuid4().hex, "client": uuid4().hex, "purpose": "billing",
    "decision": "deny", "reason": "as never agreed", "detail": b"other", "private_to": uuid4().hex, "leaf": bytes(32),
    "link": bytes(32),
}  # fmt: skip
Database = sqlite3.Connection
Attack = Callable[[Database], None]


def attacked(whole: Path, to: Path, attack: Attack) -> Path:
    """A copy after the attack. The attack must have done something, or finding nothing would prove nothing."""
    shutil.copy(whole, to)
    with closing(sqlite3.connect(to)) as database:
        before = _contents(database)
        attack(database)
        database.commit()
        assert _contents(database) != before
    return to


def _contents(database: Database) -> list[tuple[object, ...]]:
    tables = (TABLE, HEAD, CHECKPOINTS)
    return [row for table in tables for row in database.execute(f"SELECT * FROM {table} ORDER BY 1")]


def edited(column: str, value: object, seq: int = 5) -> Attack:
    return lambda database: database.execute(f"UPDATE {TABLE} SET {column} = ? WHERE seq = ?", (value, seq)) and None


def deleted(seq: int) -> Attack:
    return lambda database: database.execute(f"DELETE FROM {TABLE} WHERE seq = ?", (seq,)) and None


def shift(database: Database, after: int, by: int) -> None:
    """Make room for an entry, or close the gap one left."""
    rows = database.execute(f"SELECT id, seq FROM {TABLE} WHERE seq > ? ORDER BY seq", (after,)).fetchall()
    for key, seq in sorted(rows, key=lambda row: -by * row[1]):
        database.execute(f"UPDATE {TABLE} SET seq = ? WHERE id = ?", (seq + by, key))


def deleted_and_closed(database: Database) -> None:
    deleted(5)(database)
    shift(database, 5, -1)
    database.execute(f"UPDATE {HEAD} SET seq = seq - 1")


def inserted(like: int, at: int, *, new_leaf: bool = True) -> Attack:
    """A forged entry with a hash of its own, linked to the one before it; what followed makes room."""

    def attack(database: Database) -> None:
        forged = _entry(database, like)._replace(id=str(uuid4()), seq=at, reason="forged")
        shift(database, at - 1, 1)
        leaf = leaf_of(forged) if new_leaf else forged.leaf
        previous = _entry(database, at - 1).link
        _add(database, forged._replace(leaf=leaf, link=link_of(previous, leaf)))
        database.execute(f"UPDATE {HEAD} SET seq = seq + 1")

    return attack


def duplicated(database: Database) -> None:
    """The same entry twice, under a new id."""
    twin = _entry(database, 5)
    shift(database, 5, 1)
    _add(database, twin._replace(id=str(uuid4()), seq=6))
    database.execute(f"UPDATE {HEAD} SET seq = seq + 1")


def swapped(one: int, other: int) -> Attack:
    def attack(database: Database) -> None:
        for old, new in ((one, 900), (other, one), (900, other)):
            database.execute(f"UPDATE {TABLE} SET seq = ? WHERE seq = ?", (new, old))

    return attack


def swapped_with_new_leaves(database: Database) -> None:
    swapped(5, 6)(database)
    _new_leaves(database, 5, 6)


def edited_with_new_leaf(database: Database) -> None:
    edited("action", "read")(database)
    _new_leaves(database, 5)


def forked(database: Database) -> None:
    """Another history from entry 5 on, whole in itself; the head is left."""
    edited("action", "read")(database)
    _relink(database)


def rewritten(database: Database) -> None:
    """Every hash and every head computed anew: nothing but what was signed can tell."""
    forked(database)
    _new_head(database)


def rewritten_unsigned(database: Database) -> None:
    """And everything that was signed in the database taken away: only an anchor can tell."""
    rewritten(database)
    without_checkpoints(database)


def without_checkpoints(database: Database) -> None:
    database.execute(f"DELETE FROM {CHECKPOINTS}")
    database.execute(f"UPDATE {HEAD} SET stated = 0")


def truncated(last: int, *, hidden: bool) -> Attack:
    """The newest entries cut off; `hidden`: the head follows."""

    def attack(database: Database) -> None:
        database.execute(f"DELETE FROM {TABLE} WHERE seq > ?", (last,))
        if hidden:
            _new_head(database)

    return attack


def appended_past_the_head(database: Database) -> None:
    last = _entry(database, _last(database))
    forged = last._replace(id=str(uuid4()), seq=last.seq + 1)
    leaf = leaf_of(forged)
    _add(database, forged._replace(leaf=leaf, link=link_of(last.link, leaf)))


def backdated(database: Database) -> None:
    """An entry written in due form while the clock stood an hour back."""
    last = _entry(database, _last(database))
    forged = last._replace(id=str(uuid4()), seq=last.seq + 1, at="2026-03-02T08:05:00.000000+00:00")
    leaf = leaf_of(forged)
    _add(database, forged._replace(leaf=leaf, link=link_of(last.link, leaf)))
    _new_head(database)


def checkpoint_changed(column: str, value: object) -> Attack:
    return lambda database: (
        database.execute(f"UPDATE {CHECKPOINTS} SET {column} = ? WHERE number = 2", (value,)) and None
    )


def _entry(database: Database, seq: int) -> Entry:
    return plain_entry(database.execute(f"SELECT {COLUMNS} FROM {TABLE} WHERE seq = ?", (seq,)).fetchone())


def _last(database: Database) -> int:
    return int(database.execute(f"SELECT max(seq) FROM {TABLE}").fetchone()[0])


def _add(database: Database, entry: Entry) -> None:
    kept = entry._asdict() | {"detail": bytes.fromhex(entry.detail), "at": entry.at[:26].replace("T", " ")}
    for name in ("id", "actor", "object_id", "client", "private_to"):
        kept[name] = kept[name].replace("-", "")
    marks = ", ".join("?" * len(kept))
    database.execute(f"INSERT INTO {TABLE} ({', '.join(kept)}) VALUES ({marks})", tuple(kept.values()))


def _new_leaves(database: Database, *places: int) -> None:
    for seq in places:
        leaf = leaf_of(_entry(database, seq))
        database.execute(f"UPDATE {TABLE} SET leaf = ? WHERE seq = ?", (leaf, seq))


def _relink(database: Database) -> None:
    previous = GENESIS
    for seq in range(1, _last(database) + 1):
        leaf = leaf_of(_entry(database, seq))
        previous = link_of(previous, leaf)
        database.execute(f"UPDATE {TABLE} SET leaf = ?, link = ? WHERE seq = ?", (leaf, previous, seq))


def _new_head(database: Database) -> None:
    last = _last(database)
    database.execute(f"UPDATE {HEAD} SET seq = ?, link = ?", (last, _entry(database, last).link))
