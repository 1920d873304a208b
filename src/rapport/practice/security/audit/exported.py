"""A trail in a file, to be verified years later without the practice: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TextIO

from rapport.practice.security.audit.chain import Entry

FORMAT = "rapport-audit-1"


class Unverifiable(Exception):
    """The trail cannot be checked; the message says why."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends, and how far a checkpoint has signed it."""

    seq: int
    link: bytes
    stated: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A checkpoint as it is kept."""

    number: int
    at: datetime
    note: str


class Trail(Protocol):
    """What can be verified."""

    heads: dict[int, Head]
    checkpoints: list[Kept]

    def entries(self) -> Iterator[Entry]:
        """Every entry, by chain and place."""


class FileTrail:
    """A trail that was exported: first what it is, then checkpoints, then entries."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.checkpoints: list[Kept] = []
        try:
            with file.open("rb") as lines:
                first = json.loads(next(lines, b""))
                if first.get("format") != FORMAT:
                    raise ValueError
                self.heads = {int(chain): _head(*said) for chain, said in first["heads"].items()}
                for line in lines:
                    said = json.loads(line)
                    if "note" not in said:
                        break
                    self.checkpoints.append(Kept(said["number"], datetime.fromisoformat(said["at"]), said["note"]))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise Unverifiable(f"{file} is not an exported trail.") from None

    def entries(self) -> Iterator[Entry]:
        with self.file.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                try:
                    said = json.loads(line)
                    if number > 1 and "note" not in said:
                        yield _entry(said)
                except (ValueError, KeyError, TypeError):
                    raise Unverifiable(f"Line {number} of {self.file} cannot be read.") from None


def write_trail(out: TextIO, trail: Trail, key: str) -> int:
    """Write a trail to a file; how many entries it holds."""
    heads = {chain: (head.seq, head.link.hex(), head.stated) for chain, head in trail.heads.items()}
    _write(out, {"format": FORMAT, "verifier": key, "heads": heads})
    for kept in trail.checkpoints:
        _write(out, {"number": kept.number, "at": kept.at.isoformat(), "note": kept.note})
    count = 0
    for entry in trail.entries():
        _write(out, entry._asdict() | {"leaf": entry.leaf.hex(), "link": entry.link.hex()})
        count += 1
    return count


def _head(seq: int, link: str, stated: int) -> Head:
    return Head(seq, bytes.fromhex(link), stated)


def _entry(said: dict[str, Any]) -> Entry:
    said |= {"leaf": bytes.fromhex(said["leaf"]), "link": bytes.fromhex(said["link"])}
    return Entry._make(said[name] for name in Entry._fields)


def _write(out: TextIO, said: dict[str, Any]) -> None:
    out.write(json.dumps(said, separators=(",", ":")) + "\n")
