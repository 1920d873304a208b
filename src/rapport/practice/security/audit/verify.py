"""Reading the chain again: is it what was written, and if not, where does it first differ and how."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from rapport.practice.security.audit.chain import GENESIS, leaf_of, link_of
from rapport.practice.security.audit.checkpoints import anchored_notes, read_note
from rapport.practice.security.audit.models import AuditEvent, ChainHead, Checkpoint
from rapport.practice.security.audit.notes import is_signed, public_key

BATCH = 2000


class Tampering(StrEnum):
    """What was done to the trail, as far as the trail itself can tell."""

    EDITED = "edited"
    DELETED = "deleted"
    INSERTED = "inserted"
    REORDERED = "reordered"
    TRUNCATED = "truncated"
    FORKED = "forked"
    REPLACED = "replaced by an older copy"
    UNSIGNED = "checkpoint not signed by this practice"


@dataclass(frozen=True, slots=True)
class Finding:
    """The first bad entry and what seems to have happened to it."""

    kind: Tampering
    chain: int
    seq: int


@dataclass(frozen=True, slots=True)
class Verification:
    """How many events were read, how many anchored checkpoints they were held against, and what was found."""

    events: int
    checkpoints: int
    finding: Finding | None


def verify(anchor: str | None) -> Verification:
    """Check every chain from its beginning, then the checkpoints, then the anchor kept outside the data."""
    heads = {head.chain: head for head in ChainHead.objects.all()}
    chains = sorted(set(heads) | set(AuditEvent.objects.values_list("chain", flat=True).distinct()))
    count = 0
    for chain in chains:
        read, finding = _verify_chain(chain, heads.get(chain))
        count += read
        if finding:
            return Verification(count, 0, finding)
    notes = [row.note for row in Checkpoint.objects.order_by("number")]
    notes += anchored_notes(anchor) if anchor else []
    return Verification(count, len(notes), _verify_notes(notes))


def _verify_chain(chain: int, head: ChainHead | None) -> tuple[int, Finding | None]:
    previous, expected = GENESIS, 0
    for event in _events(chain):
        expected += 1
        if event.seq != expected:
            return expected, Finding(Tampering.DELETED, chain, expected)
        if leaf_of(event) != bytes(event.leaf):
            length = max(head.seq if head else 0, event.seq)
            return expected, Finding(_kind_of_change(event, length), chain, expected)
        link = link_of(previous, bytes(event.leaf))
        if link != bytes(event.link):
            return expected, Finding(Tampering.INSERTED, chain, event.seq)
        previous = link
    kept = (head.seq, bytes(head.link)) if head else (0, GENESIS)
    if kept[0] > expected:
        return expected, Finding(Tampering.TRUNCATED, chain, expected + 1)
    if kept != (expected, previous):
        return expected, Finding(Tampering.FORKED, chain, expected)
    return expected, None


def _events(chain: int) -> Iterator[AuditEvent]:
    yield from AuditEvent.objects.filter(chain=chain).order_by("seq").iterator(chunk_size=BATCH)


def _kind_of_change(event: AuditEvent, length: int) -> Tampering:
    """A leaf that fits the same event at another place was moved; any other was edited."""
    kept, place = bytes(event.leaf), event.seq
    for seq in range(1, length + 1):
        event.seq = seq
        if leaf_of(event) == kept:
            return Tampering.REORDERED
    event.seq = place
    return Tampering.EDITED


def _verify_notes(notes: list[str]) -> Finding | None:
    key = public_key()
    for note in notes:
        statement = read_note(note)
        if not is_signed(note, key):
            return Finding(Tampering.UNSIGNED, -1, statement.number)
        for chain, (seq, link) in statement.heads.items():
            event = AuditEvent.objects.filter(chain=chain, seq=seq).only("link").first()
            if event is None:
                return Finding(Tampering.REPLACED, chain, seq)
            if bytes(event.link).hex() != link:
                return Finding(Tampering.FORKED, chain, seq)
    return None
