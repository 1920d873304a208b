"""Signed checkpoints: statements of the chains' heads, kept in the database and in anchor files outside it.

A checkpoint is a C2SP tlog-checkpoint: origin, size and root of a Merkle tree whose leaves are the statements so far.
Its statement follows as extension lines: the moment, and the head of every chain that grew since the one before.

Without an anchor outside the data, the loss of the newest events or an older copy put in the place of the whole
database cannot be seen.
"""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from rapport.practice.security.audit import trail
from rapport.practice.security.audit.merkle import grown, leaf_hash, root_of
from rapport.practice.security.audit.models import ChainHead, Checkpoint
from rapport.practice.security.audit.notes import SEPARATOR, origin, signed
from rapport.practice.security.audit.statements import CLOCK, anchored_notes, read_statement

ANCHOR = "audit-anchor.txt"
TAIL = 65536  # bytes: more than any one note
SET_BACK = timedelta(minutes=1)  # less is a clock being kept right


@dataclass(frozen=True, slots=True)
class _Worker:
    """Who signs when nobody asked."""

    id: UUID | None = None
    roles: frozenset[str] = frozenset({"system"})
    session: str = ""


def write_checkpoint(at: datetime, actor: trail.AuditActor | None = None) -> bool:
    """Sign what grew since the last checkpoint, if anything did, and append it to the anchors."""
    with transaction.atomic():
        last = Checkpoint.objects.order_by("-number").first()
        if last is not None:
            _record_clock(last, at, actor or _Worker())
        heads = [head for head in ChainHead.objects.order_by("chain") if head.seq != head.stated]
        if heads:
            _sign(heads, last, at)
            for head in heads:
                ChainHead.objects.filter(chain=head.chain).update(stated=head.seq)
    for anchor in (anchor_file(), second_anchor()):
        if anchor is not None:
            append_missing(anchor)
    return bool(heads)


def _record_clock(last: Checkpoint, at: datetime, actor: trail.AuditActor) -> None:
    """A clock that went back is an event of its own, which names the checkpoint it went back behind."""
    back = last.at - at
    if back < SET_BACK:
        return
    trail.record(
        actor=actor, action="set_back", object_type=CLOCK, object_id=None, at=at, purpose="security",
        reason=f"{back.total_seconds():.0f} s behind checkpoint {last.number}",
    )  # fmt: skip


def _sign(heads: list[ChainHead], last: Checkpoint | None, at: datetime) -> None:
    size = last.number if last else 0
    kept = bytes(last.subtrees) if last else b""
    lines = f"at {at.astimezone(UTC).isoformat(timespec='seconds')}\n"
    lines += "".join(f"chain {head.chain} {head.seq} {bytes(head.link).hex()}\n" for head in heads)
    subtrees = grown([kept[place : place + 32] for place in range(0, len(kept), 32)], size, leaf_hash(lines.encode()))
    root = base64.b64encode(root_of(subtrees)).decode()
    note = signed(f"{origin()}\n{size + 1}\n{root}\n{lines}")
    Checkpoint.objects.create(at=at, number=size + 1, note=note, subtrees=b"".join(subtrees))


def newest_root() -> str:
    """Number and root of the newest checkpoint, short enough for paper; empty before the first."""
    last = Checkpoint.objects.order_by("-number").first()
    if last is None:
        return ""
    statement = read_statement(last.note.rpartition(SEPARATOR)[0])
    return f"{statement.number}:{statement.root}"


def anchor_file() -> Path:
    return Path(settings.INSTALLATION.vault) / ANCHOR


def second_anchor() -> Path | None:
    """A file on another machine or disk, named by RAPPORT_AUDIT_ANCHOR."""
    named = os.environ.get("RAPPORT_AUDIT_ANCHOR", "")
    return Path(named) if named else None


def append_missing(anchor: Path) -> int:
    """Append the checkpoints an anchor does not hold yet, durably; how many. A disk that was away catches up."""
    known = _last_number(anchor)
    notes = list(Checkpoint.objects.filter(number__gt=known).order_by("number").values_list("note", flat=True))
    if notes:
        with anchor.open("ab") as out:
            out.writelines(f"{note}\n".encode() for note in notes)
            out.flush()
            os.fsync(out.fileno())
    return len(notes)


def _last_number(anchor: Path) -> int:
    if not anchor.exists():
        return 0
    with anchor.open("rb") as file:
        file.seek(max(0, anchor.stat().st_size - TAIL))
        notes = list(anchored_notes(file.read().decode(errors="replace")))
    try:
        return read_statement(notes[-1].rpartition(SEPARATOR)[0]).number if notes else 0
    except ValueError:
        return 0
