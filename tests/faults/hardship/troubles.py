"""Troubles of a machine, made for real where this machine allows it and ended again while the practice runs.

`small_disk` gives the practice a disk of its own in a mount namespace that dies with the process; where that is not
allowed, SQLite itself is told that it has no more pages.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from rapport.practice.foundation.trouble import Trouble

SIZE = "64m"
PIECE = 64 * 1024


def own_mounts() -> list[str]:
    """What to put before a command so that it may mount a disk nobody else sees; nothing where that is not allowed."""
    for words in (["unshare", "--mount"], ["unshare", "--map-root-user", "--mount"]):
        trial = [*words, "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
        if shutil.which("unshare") and subprocess.run(trial, capture_output=True, check=False).returncode == 0:
            return words
    return []


def small_disk(folder: Path) -> bool:
    """Put the practice on a disk of its own, if this process may."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    return sys.platform == "linux" and subprocess.run(command, capture_output=True, check=False).returncode == 0


@contextmanager
def full_disk(data: Path) -> Iterator[None]:
    """Not one byte left: the write-ahead log is emptied first, or there would be room in it."""
    _sql("PRAGMA wal_checkpoint(TRUNCATE)")
    filler = data / "somebody-elses-film"
    try:
        with filler.open("wb", buffering=0) as out:
            for piece in (PIECE, 512, 1):
                _fill(out.write, bytes(piece))
        yield
    finally:
        filler.unlink()


@contextmanager
def no_more_pages(data: Path) -> Iterator[None]:
    """The same error from SQLite itself."""
    _sql("PRAGMA max_page_count=1")  # means as many as there are
    try:
        yield
    finally:
        _sql("PRAGMA max_page_count=1073741823")


@contextmanager
def read_only_disk(data: Path) -> Iterator[None]:
    """Mounted anew for reading only, which a kernel also does by itself when a disk fails."""
    _close()
    _mount("remount,ro", data)
    try:
        yield
    finally:
        _close()
        _mount("remount,rw", data)


@contextmanager
def read_only_record(data: Path) -> Iterator[None]:
    """The connection that is open may read and not write."""
    _sql("PRAGMA query_only=ON")
    try:
        yield
    finally:
        _sql("PRAGMA query_only=OFF")


@contextmanager
def io_error(data: Path) -> Iterator[None]:
    """The kernel refuses every write behind the beginning of a file."""
    _sql("PRAGMA wal_checkpoint(TRUNCATE)")
    with _limit(resource.RLIMIT_FSIZE, 64):
        yield


@contextmanager
def too_many_files(data: Path) -> Iterator[None]:
    """Not one more file can be opened, and the databases are not open."""
    _close()
    free = os.dup(0)
    os.close(free)
    with _limit(resource.RLIMIT_NOFILE, free):
        yield


@contextmanager
def audit_refused(data: Path) -> Iterator[None]:
    """Everything can be written but the trail, whose disk is full (PostgreSQL can keep it on one of its own)."""
    from django.db import connection

    if connection.vendor == "sqlite":
        make = "CREATE TRIGGER hardship BEFORE INSERT ON audit_auditevent BEGIN SELECT RAISE(ABORT, 'no audit'); END"
        drop = "DROP TRIGGER hardship"
    else:
        raising = "BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '53100'; END"
        _sql(f"CREATE FUNCTION hardship() RETURNS trigger LANGUAGE plpgsql AS $$ {raising} $$")
        make = "CREATE TRIGGER hardship BEFORE INSERT ON audit_auditevent EXECUTE FUNCTION hardship()"
        drop = "DROP FUNCTION hardship CASCADE"
    _sql(make)
    try:
        yield
    finally:
        _sql(drop)


@contextmanager
def read_only_server(data: Path) -> Iterator[None]:
    """A PostgreSQL that became a standby: it answers, and takes nothing."""
    _sql("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
    try:
        yield
    finally:
        _sql("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE")


@contextmanager
def server_away(data: Path) -> Iterator[None]:
    """A PostgreSQL whose connections are cut, and that takes no new ones at this address."""
    from django.db import connections

    ports = {alias: connections[alias].settings_dict["PORT"] for alias in connections}
    for alias in connections:
        connections[alias].settings_dict["PORT"] = "1"
    _close()
    try:
        yield
    finally:
        for alias, port in ports.items():
            connections[alias].settings_dict["PORT"] = port


Made = Callable[[Path], AbstractContextManager[None]]
SQLITE: dict[str, tuple[Made, Trouble]] = {
    "a read-only record": (read_only_record, Trouble.READ_ONLY),
    "an I/O error": (io_error, Trouble.UNRELIABLE),
    "too many open files": (too_many_files, Trouble.TOO_MANY_FILES),
    "an audit trail that cannot be written": (audit_refused, Trouble.OTHER),
}
ON_ITS_OWN_DISK: dict[str, tuple[Made, Trouble]] = {
    "a full disk": (full_disk, Trouble.FULL),
    "a read-only disk": (read_only_disk, Trouble.READ_ONLY),
}
ON_A_SHARED_DISK: dict[str, tuple[Made, Trouble]] = {"a full record": (no_more_pages, Trouble.FULL)}
POSTGRES: dict[str, tuple[Made, Trouble]] = {
    "a read-only server": (read_only_server, Trouble.READ_ONLY),
    "a full disk under the audit trail": (audit_refused, Trouble.FULL),
    "a server that is away": (server_away, Trouble.AWAY),
}


def _fill(write: Callable[[bytes], int], piece: bytes) -> None:
    try:
        while True:
            write(piece)
    except OSError:
        return


@contextmanager
def _limit(kind: int, soft: int) -> Iterator[None]:
    before, most = resource.getrlimit(kind)
    resource.setrlimit(kind, (soft, most))
    try:
        yield
    finally:
        resource.setrlimit(kind, (before, most))


def _sql(statement: str) -> None:
    from django.db import connections

    aliases = ["default"] if "hardship" in statement else ["default", "keys"]
    for alias in aliases:
        with connections[alias].cursor() as cursor:
            cursor.execute(statement)


def _close() -> None:
    from django.db import connections

    for connection in connections.all():
        connection.close()


def _mount(options: str, folder: Path) -> None:
    subprocess.run(["mount", "-o", options, str(folder)], check=True, capture_output=True)
