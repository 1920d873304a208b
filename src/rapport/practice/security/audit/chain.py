"""How events become a chain (domain separation as in RFC 6962: leaves begin with 0, links with 1)."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

if TYPE_CHECKING:
    from rapport.practice.security.audit.models import AuditEvent

GENESIS = bytes(32)
_text = json.encoder.encode_basestring


class Entry(NamedTuple):
    """One event as it is hashed: every value a plain text, number or None; `detail` in hexadecimal."""

    chain: int
    seq: int
    id: str
    at: str
    actor: str | None
    roles: str
    session: str
    action: str
    object_type: str
    object_id: str | None
    client: str | None
    purpose: str
    decision: str
    reason: str
    detail: str
    private_to: str | None
    leaf: bytes = b""
    link: bytes = b""


CONTENT = Entry._fields[:-2]


def entry_of(event: AuditEvent) -> Entry:
    """An event that was just made or read, in its plain form."""
    return plain_entry([getattr(event, name) for name in Entry._fields])


def plain_entry(values: Any) -> Entry:
    """A row in the order of `Entry`, as a database driver hands it out, in its plain form."""
    chain, seq, ident, at, actor, roles, session, action, kind, thing, client, *rest = values
    purpose, decision, reason, detail, private_to, leaf, link = rest
    return Entry(
        chain, seq, _id(ident) or "", _moment(at), _id(actor), roles, session, action, kind, _id(thing), _id(client),
        purpose, decision, reason, bytes(detail).hex(), _id(private_to), bytes(leaf), bytes(link),
    )  # fmt: skip


def canonical(entry: Entry) -> str:
    """The event as JSON: sorted keys, no spaces, UTF-8. Written out by hand, as a trail is hashed by the million."""
    return (
        f'{{"action":{_text(entry.action)},"actor":{_text_or_null(entry.actor)},"at":{_text(entry.at)},'
        f'"chain":{entry.chain:d},"client":{_text_or_null(entry.client)},"decision":{_text(entry.decision)},'
        f'"detail":{_text(entry.detail)},"id":{_text(entry.id)},"object_id":{_text_or_null(entry.object_id)},'
        f'"object_type":{_text(entry.object_type)},"private_to":{_text_or_null(entry.private_to)},'
        f'"purpose":{_text(entry.purpose)},"reason":{_text(entry.reason)},"roles":{_text(entry.roles)},'
        f'"seq":{entry.seq:d},"session":{_text(entry.session)}}}'
    )


def _text_or_null(value: str | None) -> str:
    return "null" if value is None else _text(value)


def leaf_of(entry: Entry) -> bytes:
    """SHA-256 over the event's canonical JSON in UTF-8."""
    return hashlib.sha256(b"\x00" + canonical(entry).encode(errors="surrogatepass")).digest()


def fits(entry: Entry) -> bool:
    """Whether the content of an entry is what its hash was taken of."""
    try:
        return leaf_of(entry) == entry.leaf
    except (TypeError, ValueError):  # bytes in the place of a text, a text in the place of a number
        return False


def link_of(previous: bytes, leaf: bytes) -> bytes:
    """SHA-256 of the previous link and this leaf."""
    return hashlib.sha256(b"\x01" + previous + leaf).digest()


def _id(value: UUID | str | None) -> str | None:
    if isinstance(value, str) and len(value) == 32:  # SQLite keeps an id as 32 digits
        return f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"
    return None if value is None else str(value)


def _moment(value: datetime | str) -> str:
    """ISO 8601 in UTC with microseconds; SQLite keeps a moment as such a text, without zone and trailing zeros."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if len(value) == 26 and value[10] == " ":
        return f"{value[:10]}T{value[11:]}+00:00"
    if len(value) == 19 and value[10] == " ":
        return f"{value[:10]}T{value[11:]}.000000+00:00"
    return value
