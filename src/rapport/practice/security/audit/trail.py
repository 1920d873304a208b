"""Writing the audit trail: `from rapport.practice.security.audit import trail`.

Changes are recorded in their own transaction. Readings are gathered over a page, once per client and kind, and are
committed before the page leaves the building.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from rapport.practice.foundation.prepared import prepared
from rapport.practice.security.audit.chain import GENESIS, entry_of, leaf_of, link_of
from rapport.practice.security.audit.models import AuditEvent, ChainHead

POSTGRES_CHAINS = 64  # one chain would make every writer of a service queue behind one row
REASON_LENGTH = 200
# Every page and every change ends with these; Django would take longer to work out their SQL than they take.
_FIELDS = AuditEvent._meta.concrete_fields
_NEW_EVENT = (
    "INSERT INTO audit_auditevent (id, chain, seq, at, actor, roles, session, action, object_type, object_id, client,"
    " purpose, decision, reason, detail, private_to, leaf, link)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_NEW_HEAD = "UPDATE audit_chainhead SET seq = %s, link = %s WHERE chain = %s"


class AuditActor(Protocol):
    """What the trail needs to know of whoever acts."""

    @property
    def id(self) -> UUID | None: ...
    @property
    def roles(self) -> frozenset[Any]: ...
    @property
    def session(self) -> str: ...


_pending: ContextVar[list[AuditEvent] | None] = ContextVar("pending_events", default=None)
_readings: ContextVar[dict[tuple[Any, ...], AuditEvent] | None] = ContextVar("readings", default=None)


def record(
    *,
    actor: AuditActor,
    action: str,
    object_type: str,
    object_id: UUID | None,
    at: datetime,
    client: UUID | None = None,
    purpose: str = "care",
    reason: str = "",
    detail: bytes = b"",
    private_to: UUID | None = None,
    decision: str = "allow",
) -> None:
    """Record a change (or a denial) in the transaction it belongs to."""
    event = _event(
        actor=actor,
        action=action,
        object_type=object_type,
        object_id=object_id,
        at=at,
        client=client,
        purpose=purpose,
        reason=reason,
        detail=detail,
        private_to=private_to,
        decision=decision,
    )
    pending = _pending.get()
    if pending is None:
        write([event])
    else:
        pending.append(event)


def reading(
    *,
    actor: AuditActor,
    kind: str,
    at: datetime,
    client: UUID | None,
    object_id: UUID | None = None,
    purpose: str = "care",
    private_to: UUID | None = None,
) -> None:
    """Record that a record was read: one event per page, client and kind of reading."""
    event = _event(
        actor=actor,
        action="read",
        object_type=kind,
        object_id=object_id,
        at=at,
        client=client,
        purpose=purpose,
        private_to=private_to,
    )
    readings = _readings.get()
    if readings is None:
        write([event])
    else:
        readings.setdefault((kind, client, purpose, private_to), event)


def write_denial(*, actor: AuditActor, at: datetime, **event: Any) -> None:
    """Record a refusal at once. The client is left out: who was refused must not tell whether the client exists."""
    write([_event(actor=actor, at=at, client=None, purpose="care", decision="deny", **event)])


@contextmanager
def gathered_changes() -> Iterator[None]:
    """Hold back the events of one transaction and write them last, so that a chain is locked only briefly."""
    outer = _pending.get()
    if outer is not None:
        mark = len(outer)
        try:
            yield
        except BaseException:
            del outer[mark:]  # what an inner transaction took back did not happen
            raise
        return
    events: list[AuditEvent] = []
    token = _pending.set(events)
    try:
        yield
        write(events)
    finally:
        _pending.reset(token)


@contextmanager
def gathered_readings() -> Iterator[None]:
    """Gather a page's readings and commit them together. If they cannot be written, the page must not be sent."""
    readings: dict[tuple[Any, ...], AuditEvent] = {}
    token = _readings.set(readings)
    try:
        yield
        write(list(readings.values()))
    finally:
        _readings.reset(token)


def write(events: list[AuditEvent]) -> None:
    """Append events to their chains, in one transaction, chains in a fixed order."""
    if not events:
        return
    with transaction.atomic(savepoint=False):  # nothing stands of what cannot be recorded
        for chain in sorted({event.chain for event in events}):
            _append(chain, [event for event in events if event.chain == chain])


def _append(chain: int, events: list[AuditEvent]) -> None:
    head = next(iter(_head(chain)), None) or _first_head(chain)
    seq, link = head.seq, bytes(head.link)
    for event in events:
        seq += 1
        event.seq = seq
        event.leaf = leaf_of(entry_of(event))
        event.link = link = link_of(link, event.leaf)
    rows = [[f.get_db_prep_save(f.value_from_object(event), connection) for f in _FIELDS] for event in events]
    with connection.cursor() as cursor:
        cursor.executemany(_NEW_EVENT, rows)
        cursor.execute(_NEW_HEAD, [seq, link, chain])


@prepared
def _head(chain: int) -> QuerySet[ChainHead]:
    return ChainHead.objects.select_for_update(no_key=True).filter(chain=chain)


def _first_head(chain: int) -> ChainHead:
    defaults = {"seq": 0, "link": GENESIS}
    head, _ = ChainHead.objects.select_for_update(no_key=True).get_or_create(chain=chain, defaults=defaults)
    return head


def _event(*, actor: AuditActor, at: datetime, client: UUID | None, reason: str = "", **rest: Any) -> AuditEvent:
    return AuditEvent(
        chain=_chain_for(client or actor.id),
        actor=actor.id,
        roles=",".join(sorted(str(role) for role in actor.roles)),
        session=actor.session,
        at=at,
        client=client,
        reason=_printable(reason),
        **{"decision": "allow", "detail": b"", **rest},
    )


def _chain_for(subject: UUID | None) -> int:
    if connection.vendor != "postgresql" or subject is None:
        return 0
    return subject.bytes[-1] % POSTGRES_CHAINS


def _printable(text: str) -> str:
    """One short line: no line breaks, control or direction characters, so that an event cannot look like two.

    What is too long is cut, and ends with the hash of the whole.
    """
    if len(text) > REASON_LENGTH:
        digest = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:32]
        text = f"{text[: REASON_LENGTH - 42]}… sha256:{digest}"
    return "".join(character if character.isprintable() else " " for character in text)
