"""A SQLite file system that writes down, in order, everything it is asked to do to files.

The work goes on in real files; the tape keeps each write, truncation, sync, creation and deletion, and the marks that
the work itself puts down: what began, what was acknowledged. What a disk would hold if the power failed at any place of
the tape is worked out from it afterwards (`disk.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import apsw

KEPT = apsw.SQLITE_OPEN_MAIN_DB | apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_WAL
WITH_DIRECTORY = apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_WAL


class Made(NamedTuple):
    """A file appeared in the directory."""

    name: str
    inode: int


class Gone(NamedTuple):
    """A file left the directory."""

    name: str
    directory_synced: bool


class Wrote(NamedTuple):
    """Bytes were handed to the operating system."""

    inode: int
    offset: int
    data: bytes


class Shortened(NamedTuple):
    """A file was cut to a size."""

    inode: int
    size: int


class Synced(NamedTuple):
    """All that was written to a file until here is on the disk; with its name, for a new journal or write-ahead log."""

    inode: int
    with_directory: bool


class Began(NamedTuple):
    """From here on a transaction may be found committed."""

    store: str
    state: str


class Said(NamedTuple):
    """The commit returned: from here on it was acknowledged."""

    store: str
    state: str


class Phase(NamedTuple):
    """What kind of work begins here."""

    name: str


@dataclass(slots=True)
class Tape:
    """What was done, in order, and the number of each file."""

    entries: list[Any] = field(default_factory=list)
    inodes: dict[str, int] = field(default_factory=dict)
    made: int = 0
    runs: bool = True

    def note(self, entry: Any) -> None:
        if self.runs:
            self.entries.append(entry)

    def inode(self, name: str) -> int:
        """The number of a file; a file that is made anew after it was deleted is another one."""
        if name not in self.inodes:
            self.made += 1
            self.inodes[name] = self.made
            self.note(Made(name, self.made))
        return self.inodes[name]


class TapedFiles(apsw.VFS):  # type: ignore[misc]
    """The file system of the platform, with a tape running."""

    def __init__(self, name: str, tape: Tape) -> None:
        self.tape, self.name = tape, name
        super().__init__(name, "")

    def xOpen(self, name: Any, flags: list[int]) -> Any:  # noqa: N802 - the names of SQLite's interface
        if name is None or not flags[0] & KEPT:
            return apsw.VFSFile("", name, flags)
        return TapedFile(name, flags, self.tape)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        super().xDelete(filename, False)
        name = Path(filename).name
        if self.tape.inodes.pop(name, None):
            self.tape.note(Gone(name, syncdir))


class TapedFile(apsw.VFSFile):  # type: ignore[misc]
    """One file, with a tape running. Nothing is really synced: the tape knows."""

    def __init__(self, name: Any, flags: list[int], tape: Tape) -> None:
        super().__init__("", name, flags)
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self.tape, self.name = tape, Path(path).name
        self.inode = tape.inode(self.name)
        self.names_itself = bool(flags[0] & WITH_DIRECTORY)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        super().xWrite(data, offset)
        self.tape.note(Wrote(self.inode, offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        super().xTruncate(newsize)
        self.tape.note(Shortened(self.inode, newsize))

    def xSync(self, flags: int) -> None:  # noqa: N802
        self.tape.note(Synced(self.inode, self.names_itself))
        self.names_itself = False  # SQLite's own file system syncs the directory once, for a file it made
