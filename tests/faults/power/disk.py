"""What a disk holds after the power failed: all that was synced, and of the rest whatever the disk had got to.

What was not synced is dropped, torn or written in another order, sector by sector: each sector of 512 bytes is found as
it was after any one of its writes, or as it was before all of them. Names and sizes change in order, as file systems
with a journal keep them, but not necessarily together with what was written.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.faults.power.tape import Gone, Made, Shortened, Synced, Wrote

SECTOR = 512
BEFORE = -1  # as it was last synced
STYLES = ("nothing", "everything", "in order", "any order", "nearly everything")
Pick = Callable[[list[int]], int]


@dataclass(slots=True)
class File:
    """What is surely on the disk, and what was done since, each with its number on the tape."""

    synced: bytearray = field(default_factory=bytearray)
    since: list[tuple[int, Wrote | Shortened]] = field(default_factory=list)

    def sync(self) -> None:
        for _, entry in self.since:
            apply(entry, self.synced)
        self.since.clear()

    def found(self, pick: Pick) -> bytes:
        """One of the contents that may be found."""
        last_cut = pick([BEFORE, *(number for number, entry in self.since if isinstance(entry, Shortened))])
        ground, live = bytearray(self.synced), bytearray(self.synced)
        sizes = {BEFORE: len(ground)}
        sectors: dict[int, dict[int, bytes]] = {}
        hidden = sys.maxsize  # a truncation that did not reach the disk hides what was written past it later
        for number, entry in self.since:
            if isinstance(entry, Wrote):
                apply(entry, live)
                for place in range(entry.offset // SECTOR, -(-(entry.offset + len(entry.data)) // SECTOR)):
                    start = place * SECTOR
                    if start < hidden:
                        kept = sectors.setdefault(place, {BEFORE: bytes(ground[start : start + SECTOR])})
                        kept[number] = bytes(live[start : start + SECTOR])
                if hidden == sys.maxsize:
                    sizes[number] = len(live)
            elif number > last_cut:
                hidden = min(hidden, entry.size)
            else:
                apply(entry, live)
                apply(entry, ground)
                sectors = {place: kept for place, kept in sectors.items() if place * SECTOR < entry.size}
                sizes = {number: entry.size}
        return _laid_down(ground, sectors, sizes[pick(list(sizes))], pick)


def _laid_down(ground: bytearray, sectors: dict[int, dict[int, bytes]], size: int, pick: Pick) -> bytes:
    image = ground[:size].ljust(size, b"\0")
    for place, kept in sectors.items():
        content = kept[pick(list(kept))]
        start = place * SECTOR
        image[start : start + len(content)] = content
    return bytes(image[:size].ljust(size, b"\0"))


def apply(entry: Wrote | Shortened, content: bytearray) -> None:
    """Do to bytes what was done to a file."""
    if isinstance(entry, Shortened):
        del content[entry.size :]
        return
    if len(content) < entry.offset:
        content.extend(bytes(entry.offset - len(content)))
    content[entry.offset : entry.offset + len(entry.data)] = entry.data


class Disk:
    """A directory of files, played from a tape."""

    def __init__(self, content: dict[str, bytes], inodes: dict[str, int]) -> None:
        """Begin with what is on the disk already."""
        self.files = {inodes[name]: File(bytearray(data)) for name, data in content.items()}
        self.names = {name: inodes[name] for name in content}
        self.changes: list[tuple[int, str, int | None]] = []

    def play(self, number: int, entry: object) -> None:
        """Do the next thing on the tape."""
        match entry:
            case Made(name, inode):
                self.files.setdefault(inode, File())
                self.changes.append((number, name, inode))
            case Gone(name, directory_synced):
                self.changes.append((number, name, None))
                if directory_synced:
                    self._sync_names()
            case Wrote() | Shortened():
                self.files[entry.inode].since.append((number, entry))
            case Synced(inode, with_directory):
                self.files[inode].sync()
                if with_directory:
                    self._sync_names()

    def _sync_names(self) -> None:
        for _, name, inode in self.changes:
            self._name(self.names, name, inode)
        self.changes.clear()

    @staticmethod
    def _name(names: dict[str, int], name: str, inode: int | None) -> None:
        if inode is None:
            names.pop(name, None)
        else:
            names[name] = inode

    def after_a_cut(self, style: str, chance: random.Random) -> dict[str, bytes]:
        """The files that are found when the power comes back."""
        pick = _pick(style, chance, self._numbers())
        found = {}
        for name in {*self.names, *(name for _, name, _ in self.changes)}:
            versions = {BEFORE: self.names.get(name)}
            versions |= {number: inode for number, changed, inode in self.changes if changed == name}
            inode = versions[pick(list(versions))]
            if inode is not None:
                found[name] = self.files[inode].found(pick)
        return found

    def _numbers(self) -> list[int]:
        numbers = [number for file in self.files.values() for number, _ in file.since]
        return sorted([*numbers, *(number for number, _, _ in self.changes)])


def _pick(style: str, chance: random.Random, numbers: list[int]) -> Pick:
    """How far each thing had got, out of the moments at which it changed."""
    last = chance.choice(numbers) if numbers else BEFORE

    def in_order(moments: list[int]) -> int:
        reached = [moment for moment in moments if moment <= last]
        torn = reached[-1] == last and len(reached) > 1 and chance.random() < 0.5
        return reached[-2] if torn else reached[-1]

    picks: dict[str, Pick] = {
        "nothing": lambda moments: moments[0],
        "everything": lambda moments: moments[-1],
        "in order": in_order,
        "any order": chance.choice,
        "nearly everything": lambda moments: moments[-1] if chance.random() < 0.95 else chance.choice(moments),
    }
    return picks[style]
