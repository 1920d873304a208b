"""What is wrong with the machine when the record cannot be read or kept, told apart: each has its own remedy."""

from __future__ import annotations

import errno
import os
from enum import StrEnum
from pathlib import Path

from django.db import DatabaseError

ROOM_FOR_A_PAGE = 64 * 1024


class Trouble(StrEnum):
    """One thing that keeps a practice from reading or writing."""

    FULL = "full"
    READ_ONLY = "read_only"
    UNRELIABLE = "unreliable"
    TOO_MANY_FILES = "too_many_files"
    AWAY = "away"
    OTHER = "other"


SQLITE = {8: Trouble.READ_ONLY, 13: Trouble.FULL}
SQLITE_ASK = frozenset({10, 14})  # an I/O error, a file that does not open: SQLite does not say why
POSTGRES = {
    "25006": Trouble.READ_ONLY,
    "53100": Trouble.FULL,
    "58030": Trouble.UNRELIABLE,
    "53300": Trouble.AWAY,
    "57P01": Trouble.AWAY,
    "57P03": Trouble.AWAY,
}
SYSTEM = {
    errno.ENOSPC: Trouble.FULL,
    errno.EDQUOT: Trouble.FULL,
    errno.EROFS: Trouble.READ_ONLY,
    errno.EIO: Trouble.UNRELIABLE,
    errno.EMFILE: Trouble.TOO_MANY_FILES,
    errno.ENFILE: Trouble.TOO_MANY_FILES,
}


def trouble_behind(problem: BaseException, folder: Path) -> Trouble | None:
    """What is wrong, or None if the machine is not to blame. `folder` is where the record lies."""
    if isinstance(problem, OSError):
        return SYSTEM.get(problem.errno or 0)
    if not isinstance(problem, DatabaseError):
        return None
    cause = problem.__cause__
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        kind = code & 0xFF  # the rest of an extended code says in which of its own files
        return ask_the_machine(folder) if kind in SQLITE_ASK else SQLITE.get(kind, Trouble.OTHER)
    state = getattr(cause, "sqlstate", "")
    return Trouble.AWAY if state is None else POSTGRES.get(state, Trouble.OTHER)


def ask_the_machine(folder: Path) -> Trouble:
    """Why a file in this folder could neither be opened nor written."""
    try:
        os.close(os.open(folder, os.O_RDONLY))
        disk = os.statvfs(folder)
    except OSError as problem:
        return SYSTEM.get(problem.errno or 0, Trouble.UNRELIABLE)
    if disk.f_flag & os.ST_RDONLY:
        return Trouble.READ_ONLY
    return Trouble.FULL if disk.f_bavail * disk.f_frsize < ROOM_FOR_A_PAGE else Trouble.UNRELIABLE
