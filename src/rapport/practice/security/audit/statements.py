"""What checkpoints say, and finding them in an anchor file. Needs no practice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

NOTE = re.compile(r"\S[^\n]*\n(?:[^\n]+\n)+\n(?:— \S+ \S+\n)+")
CLOCK = "clock"  # the kind of thing an event is about when the clock went back


@dataclass(frozen=True, slots=True)
class Statement:
    """What a checkpoint says: its number, the root, its moment, and (seq, link) of the chains that grew."""

    number: int
    root: str
    at: datetime
    heads: dict[int, tuple[int, str]]
    lines: str  # the statement as the tree holds it


def read_statement(text: str) -> Statement:
    """What the text of a checkpoint says; ValueError if it is none of ours."""
    _, number, root, *lines = text.removesuffix("\n").split("\n")
    heads, at = {}, datetime.min.replace(tzinfo=UTC)
    for line in lines:
        match line.split(" "):
            case ["at", moment]:
                at = datetime.fromisoformat(moment)
            case ["chain", chain, seq, link]:
                heads[int(chain)] = (int(seq), link)
            case _:
                raise ValueError("unknown line in a checkpoint")
    return Statement(int(number), root, at, heads, "".join(f"{line}\n" for line in lines))


def anchored_notes(text: str) -> Iterator[str]:
    """The notes of an anchor file, oldest first."""
    return (found[0] for found in NOTE.finditer(text))
