"""Signed checkpoints: a statement of every chain's head, kept in the database and in an anchor file outside it.

Without an anchor outside the data, the loss of the newest events or an older copy put in the place of the whole
database cannot be seen.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from rapport.practice.security.audit.models import ChainHead, Checkpoint
from rapport.practice.security.audit.notes import SEPARATOR, origin, signed

ANCHOR = "audit-anchor.txt"
NOTE = r"(.+?\n)\n(— \S+ \S+\n)"


@dataclass(frozen=True, slots=True)
class Statement:
    """What a checkpoint says: its number, its moment, and (seq, link) of every chain."""

    number: int
    at: str
    previous: str
    heads: dict[int, tuple[int, str]]


def write_checkpoint(at: datetime) -> bool:
    """Sign the heads of all chains, if anything happened since the last checkpoint, and append it to the anchor."""
    with transaction.atomic():
        heads = {head.chain: (head.seq, bytes(head.link).hex()) for head in ChainHead.objects.order_by("chain")}
        last = Checkpoint.objects.order_by("-number").first()
        if not heads or (last is not None and read_note(last.note).heads == heads):
            return False
        number = last.number + 1 if last else 1
        previous = hashlib.sha256(last.note.encode()).hexdigest() if last else "none"
        note = sign(Statement(number, at.astimezone(UTC).isoformat(timespec="seconds"), previous, heads))
        Checkpoint.objects.create(at=at, number=number, note=note)
    with anchor_file().open("a", encoding="utf-8") as out:
        out.write(note + "\n")
        out.flush()
        os.fsync(out.fileno())
    return True


def anchor_file() -> Path:
    return Path(settings.INSTALLATION.vault) / ANCHOR


def sign(statement: Statement) -> str:
    """The signed note of a statement."""
    lines = [origin(), str(statement.number), statement.at, statement.previous]
    lines += [f"{chain} {seq} {link}" for chain, (seq, link) in sorted(statement.heads.items())]
    body = "\n".join(lines) + "\n"
    return signed(body)


def read_note(note: str) -> Statement:
    """Read a note without checking its signature."""
    lines = note.partition(SEPARATOR)[0].split("\n")
    heads = {}
    for line in lines[4:]:
        chain, seq, link = line.split(" ")
        heads[int(chain)] = (int(seq), link)
    return Statement(int(lines[1]), lines[2], lines[3], heads)


def anchored_notes(text: str) -> list[str]:
    """The notes of an anchor file, oldest first."""
    return [f"{body.lstrip(chr(10))}\n{signature}" for body, signature in re.findall(NOTE, text, re.DOTALL)]
