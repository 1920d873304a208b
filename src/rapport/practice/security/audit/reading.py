"""Reading the chains again: are they what was written and signed, and if not, where do they first differ and how."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby, islice

from rapport.practice.security.audit.chain import GENESIS, Entry, fits, link_of
from rapport.practice.security.audit.exported import Head, Kept, Trail
from rapport.practice.security.audit.merkle import grown, leaf_hash, root_of
from rapport.practice.security.audit.naming import Finding, Tampering, changed_leaf, changed_link
from rapport.practice.security.audit.notes import Verifier, text_of
from rapport.practice.security.audit.statements import CLOCK, Statement, read_statement

TOLERANCE = timedelta(minutes=10)  # an event is stamped when its request began


@dataclass(frozen=True, slots=True)
class SetBack:
    """The clock went back, and the trail says so itself."""

    chain: int
    seq: int
    at: str
    said: str

    @property
    def checkpoint(self) -> int:
        return int(self.said.rpartition(" ")[2]) if self.said.rpartition(" ")[2].isdecimal() else 0


@dataclass(frozen=True, slots=True)
class Verification:
    """How many entries were read, how many signed checkpoints they were held against, and what was found."""

    events: int
    checkpoints: int
    anchored: int
    finding: Finding | None
    warnings: tuple[SetBack, ...] = ()


@dataclass(slots=True)
class Signed:
    """What signed checkpoints claim of the chains, and the roots of their tree."""

    claims: dict[int, dict[int, list[tuple[str, Statement]]]] = field(default_factory=dict)
    known: dict[int, int] = field(default_factory=dict)  # chain → the last place the practice's own checkpoints name
    roots: dict[int, str] = field(default_factory=dict)
    finding: Finding | None = None

    def claim(self, statement: Statement) -> None:
        for chain, (seq, link) in statement.heads.items():
            self.claims.setdefault(chain, {}).setdefault(seq, []).append((link, statement))


@dataclass(slots=True)
class _Reading:
    """What is known so far while the entries pass by."""

    count: int = 0
    set_backs: list[SetBack] = field(default_factory=list)
    backdated: dict[tuple[int, int], Entry] = field(default_factory=dict)  # (chain, checkpoint) → earliest entry


def verify_trail(
    trail: Trail, verifier: Verifier, anchor: Iterable[str] = (), roots: Iterable[tuple[int, str]] = ()
) -> Verification:
    """Check every chain from its beginning, the practice's own checkpoints, and anchors kept outside the data.

    `anchor` holds notes that were kept elsewhere; `roots` number and root of checkpoints that were written down.
    """
    notes, written_down = list(anchor), list(roots)
    signed = _own_checkpoints(trail.checkpoints, verifier)
    signed.finding = signed.finding or _stated(trail.heads, signed)
    anchored = _anchored(notes, written_down, signed, verifier)
    reading = _Reading()
    finding = _chains(trail, signed, reading) or anchored or signed.finding or _clock(reading)
    outside = len(notes) + len(written_down)
    return Verification(reading.count, len(trail.checkpoints), outside, finding, tuple(reading.set_backs))


# What was signed


def _own_checkpoints(kept: list[Kept], verifier: Verifier) -> Signed:
    signed, subtrees = Signed(), list[bytes]()
    for number, row in enumerate(kept, start=1):
        statement = _statement(row.note, verifier)
        if statement is None:
            signed.finding = Finding(Tampering.UNSIGNED, checkpoint=number)
            break
        subtrees = grown(subtrees, number - 1, leaf_hash(statement.lines.encode()))
        root = base64.b64encode(root_of(subtrees)).decode()
        same_moment = abs(row.at - statement.at) < timedelta(seconds=1)
        if (row.number, statement.number, statement.root) != (number, number, root) or not same_moment:
            signed.finding = Finding(Tampering.CHECKPOINT, checkpoint=number)
            break
        signed.roots[number] = root
        signed.claim(statement)
        signed.known |= {chain: seq for chain, (seq, _) in statement.heads.items()}
    return signed


def _anchored(
    notes: list[str], written_down: list[tuple[int, str]], signed: Signed, verifier: Verifier
) -> Finding | None:
    """What anchors say against the practice's own checkpoints; their claims are added to what was signed."""
    said = dict(written_down)
    finding = None
    for place, note in enumerate(notes, start=1):
        statement = _statement(note, verifier)
        if statement is None:
            finding = finding or Finding(Tampering.UNSIGNED, checkpoint=place)
            continue
        signed.claim(statement)
        if said.setdefault(statement.number, statement.root) != statement.root:  # two histories were signed
            finding = finding or Finding(Tampering.FORKED, checkpoint=statement.number)
    for number, root in sorted(said.items()):
        if number not in signed.roots:  # nothing else is missing: a copy made before this checkpoint was signed
            return finding or signed.finding or Finding(Tampering.REPLACED, checkpoint=number)
        if signed.roots[number] != root:
            return finding or Finding(Tampering.FORKED, checkpoint=number)
    return finding


def _statement(note: str, verifier: Verifier) -> Statement | None:
    text = text_of(note, verifier)
    if text is None or text.partition("\n")[0] != verifier.name:
        return None
    try:
        return read_statement(text)
    except ValueError:
        return None


def _stated(heads: dict[int, Head], signed: Signed) -> Finding | None:
    """A head that says it was signed further than any checkpoint goes would never be signed again."""
    for chain, head in sorted(heads.items()):
        if head.stated != signed.known.get(chain, 0):
            return Finding(Tampering.CHECKPOINT, checkpoint=len(signed.roots) + 1)
    return None


# What was written


def _chains(trail: Trail, signed: Signed, reading: _Reading) -> Finding | None:
    read = set()
    for chain, entries in groupby(trail.entries(), key=lambda entry: entry.chain):
        read.add(chain)
        finding = _chain(chain, entries, trail.heads.get(chain), signed, reading)
        if finding:
            return finding
    for chain in sorted((set(trail.heads) | set(signed.claims)) - read):
        finding = _chain(chain, iter(()), trail.heads.get(chain), signed, reading)
        if finding:
            return finding
    return None


def _chain(
    chain: int, entries: Iterator[Entry], head: Head | None, signed: Signed, reading: _Reading
) -> Finding | None:
    claims = signed.claims.get(chain, {})
    previous, place, proven, bound, behind = GENESIS, 0, 0, "", 0
    at_head = GENESIS if head is None or head.seq == 0 else b""
    for entry in entries:
        place += 1
        if entry.seq != place:
            gap = entry.seq > place
            kind = Tampering.DELETED if gap else Tampering.INSERTED
            bad = place if gap else entry.seq
            return Finding(kind, chain, bad, bad - 1)
        if not fits(entry):
            return changed_leaf(entry, list(islice(entries, 2)), max(head.seq if head else 0, place))
        previous, before = link_of(previous, entry.leaf), previous
        if previous != entry.link:
            return changed_link(entry, before, list(islice(entries, 2)))
        if head is not None and place == head.seq:
            at_head = previous
        if entry.at < bound:
            _note_earliest(reading, chain, behind, entry)
        if entry.object_type == CLOCK:
            reading.set_backs.append(SetBack(chain, place, entry.at, entry.reason))
        for link, statement in claims.get(place, ()):
            if previous.hex() != link:
                return Finding(Tampering.FORKED, chain, place, proven, statement.number)
            proven = place
            bound, behind = max((bound, behind), (_moment(statement.at - TOLERANCE), statement.number))
        reading.count += 1
    return _end(chain, place, previous, at_head, head, signed)


def _end(chain: int, place: int, link: bytes, at_head: bytes, head: Head | None, signed: Signed) -> Finding | None:
    """Whether a chain ends where its head and the checkpoints say."""
    claimed = max(signed.claims.get(chain, {}), default=0)
    kept = head.seq if head else 0
    if kept > place or signed.known.get(chain, 0) > place:
        return Finding(Tampering.TRUNCATED, chain, place + 1, place)
    if claimed > place:
        return Finding(Tampering.REPLACED, chain, place + 1, place)
    if head is None or head.link != at_head:
        return None if place == 0 and head is None else Finding(Tampering.FORKED, chain, place)
    if kept < place:
        return Finding(Tampering.INSERTED, chain, kept + 1, kept)
    return None


# What the clock said


def _note_earliest(reading: _Reading, chain: int, behind: int, entry: Entry) -> None:
    known = reading.backdated.get((chain, behind))
    if known is None or entry.at < known.at:
        reading.backdated[chain, behind] = entry


def _clock(reading: _Reading) -> Finding | None:
    """An entry stamped before what was signed before it, if the trail does not say itself that the clock went back."""
    for (chain, behind), entry in sorted(reading.backdated.items()):
        if not any(
            said.checkpoint >= behind and entry.at >= _moment(datetime.fromisoformat(said.at) - TOLERANCE)
            for said in reading.set_backs
        ):
            return Finding(Tampering.CLOCK, chain, entry.seq, entry.seq - 1, behind)
    return None


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
