"""What was done to a chain at the first place where it does not fit, as far as its neighbours can tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapport.practice.security.audit.chain import Entry, fits, leaf_of, link_of


class Tampering(StrEnum):
    """What was done to the trail, as far as the trail itself can tell."""

    EDITED = "edited"
    DELETED = "deleted"
    INSERTED = "inserted"
    REORDERED = "reordered"
    TRUNCATED = "truncated"
    FORKED = "forked"
    REPLACED = "replaced by an older copy"
    CLOCK = "stamped before what was signed before it"
    CHECKPOINT = "checkpoint missing or changed"
    UNSIGNED = "checkpoint not signed by this practice"


@dataclass(frozen=True, slots=True)
class Finding:
    """The first bad entry (or checkpoint), what seems to have happened, and the last entry before it that is proven.

    `after` is less than `seq - 1` only where nothing but a signed checkpoint tells: the change lies between them.
    """

    kind: Tampering
    chain: int = -1
    seq: int = 0
    after: int = 0
    checkpoint: int = 0


def changed_leaf(entry: Entry, following: Sequence[Entry], length: int) -> Finding:
    """The content of an entry does not fit its hash."""
    chain, place = entry.chain, entry.seq
    came_from = _written_at(entry, length)
    if came_from is None:
        displaced = bool(following) and _fits_at(following[0], place)
        kind = Tampering.INSERTED if displaced else Tampering.EDITED
        return Finding(kind, chain, place, place - 1)
    if came_from < place:  # its own place was taken
        return Finding(Tampering.INSERTED, chain, came_from, came_from - 1)
    shift = came_from - place
    moved_up = not following or _fits_at(following[0], following[0].seq + shift)
    return Finding(Tampering.DELETED if moved_up else Tampering.REORDERED, chain, place, place - 1)


def changed_link(entry: Entry, previous: bytes, following: Sequence[Entry]) -> Finding:
    """The content fits its hash, and both do not fit what came before."""
    return Finding(_broken_link(entry, previous, following), entry.chain, entry.seq, entry.seq - 1)


def _broken_link(entry: Entry, previous: bytes, following: Sequence[Entry]) -> Tampering:
    if not following:
        return Tampering.EDITED
    after = following[0]
    if after.link == link_of(previous, leaf_of(after._replace(seq=entry.seq))):  # it stood here
        swapped = entry.link == link_of(after.link, leaf_of(entry._replace(seq=after.seq)))
        return Tampering.REORDERED if swapped else Tampering.INSERTED
    if after.link == link_of(entry.link, leaf_of(after._replace(seq=after.seq + 1))):
        return Tampering.DELETED
    if after.link in (link_of(entry.link, after.leaf), link_of(link_of(previous, entry.leaf), after.leaf)):
        return Tampering.EDITED
    return Tampering.FORKED


def _fits_at(entry: Entry, place: int) -> bool:
    return fits(entry._replace(seq=place))


def _written_at(entry: Entry, length: int) -> int | None:
    """The place at which this entry was written, if nothing but its place was changed: near ones are tried first."""
    for distance in range(1, length + 1):
        for place in (entry.seq + distance, entry.seq - distance):
            if 1 <= place <= length + 1 and _fits_at(entry, place):
                return place
    return None
