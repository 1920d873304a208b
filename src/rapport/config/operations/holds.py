"""Who is in a practice just now, and folders that vanish with whoever needed them."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from rapport.config.environment import Installation, InstallationError

OPEN, KEEPING = ".open.lock", ".keeping.lock"
SCRATCH = ".scratch-"
_held: dict[Path, IO[str]] = {}


def come_in(installation: Installation, *, alone: bool = False) -> None:
    """Be in the practice until this process ends; refuse if somebody moves it, or, to be alone, if anybody is in it."""
    file = installation.data / OPEN
    if file in _held:
        _held.pop(file).close()
    lock = _lock_file(file)
    try:
        fcntl.flock(lock, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        if alone:
            raise InstallationError("The practice is open. Stop it and every other Rapport command first.") from None
        raise InstallationError("The practice is being moved. Wait until the move is done.") from None
    _held[file] = lock


@contextmanager
def scratch(installation: Installation) -> Iterator[Path]:
    """A folder for copies, in the data folder, where the same already lies: one at a time, and gone afterwards.

    What a killed command left there is removed first: keys in it might be of somebody who was erased since.
    """
    with _lock_file(installation.data / KEEPING) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InstallationError("A backup or a drill is under way. Wait until it is done.") from None
        for left in installation.data.glob(f"{SCRATCH}*"):
            shutil.rmtree(left)
        with tempfile.TemporaryDirectory(dir=installation.data, prefix=SCRATCH) as folder:
            yield Path(folder)


def to_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _lock_file(file: Path) -> IO[str]:
    descriptor = os.open(file, os.O_RDONLY | os.O_CREAT, 0o600)  # held open for writing, no disk can become read-only
    return os.fdopen(descriptor)
