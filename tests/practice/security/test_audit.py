"""The audit trail shows every way of tampering with it, and names the first bad entry."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.utils import DatabaseError
from tests.factories.people import AT

from rapport.practice.security.audit import trail
from rapport.practice.security.audit.chain import leaf_of, link_of
from rapport.practice.security.audit.checkpoints import anchor_file, write_checkpoint
from rapport.practice.security.audit.models import AuditEvent, ChainHead
from rapport.practice.security.audit.notes import is_signed, public_key
from rapport.practice.security.audit.verify import Tampering, verify
from rapport.practice.security.policy.actor import Actor, Role

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
ACTOR = Actor(uuid.uuid4(), frozenset({Role.THERAPIST}), session="s")


@pytest.fixture(autouse=True)
def _clean_anchor() -> None:
    anchor_file().unlink(missing_ok=True)


def write_events(count: int) -> None:
    for number in range(count):
        trail.record(
            actor=ACTOR,
            action="edit",
            object_type="contract",
            object_id=uuid.uuid4(),
            at=AT + timedelta(minutes=number),
        )


def without_guards() -> None:
    """What an intruder with the database file in hand would do first."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP TRIGGER audit_append_only ON audit_auditevent")
        else:
            cursor.execute("DROP TRIGGER audit_no_update")
            cursor.execute("DROP TRIGGER audit_no_delete")


def chain_of_actor() -> int:
    event = AuditEvent.objects.first()
    assert event is not None
    return event.chain


def test_an_untouched_trail_verifies_against_its_anchor() -> None:
    write_events(5)
    assert write_checkpoint(AT)
    write_events(2)
    result = verify(anchor_file().read_text())
    assert (result.events, result.checkpoints, result.finding) == (7, 2, None)


def test_nothing_new_needs_no_new_checkpoint() -> None:
    write_events(1)
    assert write_checkpoint(AT)
    assert not write_checkpoint(AT + timedelta(hours=1))


def test_the_database_refuses_to_change_or_delete_an_event() -> None:
    write_events(1)
    for change in (AuditEvent.objects.all().delete, lambda: AuditEvent.objects.update(action="x")):
        with pytest.raises((IntegrityError, OperationalError, DatabaseError)), transaction.atomic():
            change()


def edit(chain: int) -> None:
    AuditEvent.objects.filter(seq=3).update(action="read")


def delete(chain: int) -> None:
    AuditEvent.objects.filter(seq=3).delete()


def truncate(chain: int) -> None:
    AuditEvent.objects.filter(seq=6).delete()


def swap(chain: int) -> None:
    AuditEvent.objects.filter(seq=3).update(seq=99)
    AuditEvent.objects.filter(seq=4).update(seq=3)
    AuditEvent.objects.filter(seq=99).update(seq=4)


def insert(chain: int) -> None:
    for event in AuditEvent.objects.filter(seq__gte=3).order_by("-seq"):
        event.seq += 1
        AuditEvent.objects.filter(id=event.id).update(seq=event.seq, leaf=leaf_of(event))
    forged = AuditEvent.objects.get(seq=2)
    forged.id, forged.seq = uuid.uuid4(), 3
    forged.leaf = leaf_of(forged)
    forged.link = bytes(32)
    forged.save(force_insert=True)


def rewrite(chain: int) -> None:
    """Change an event and recompute every hash after it: only the anchor can tell."""
    previous = bytes(32)
    for event in AuditEvent.objects.order_by("seq"):
        if event.seq == 3:
            event.action = "read"
        event.leaf = leaf_of(event)
        event.link = previous = link_of(previous, event.leaf)
        AuditEvent.objects.filter(id=event.id).update(action=event.action, leaf=event.leaf, link=event.link)
    ChainHead.objects.filter(chain=chain).update(link=previous)


def replace_by_older_copy(chain: int) -> None:
    AuditEvent.objects.filter(seq__gt=4).delete()
    ChainHead.objects.filter(chain=chain).update(seq=4, link=AuditEvent.objects.get(seq=4).link)


@pytest.mark.parametrize(
    ("attack", "kind", "seq"),
    [
        (edit, Tampering.EDITED, 3),
        (delete, Tampering.DELETED, 3),
        (truncate, Tampering.TRUNCATED, 6),
        (swap, Tampering.REORDERED, 3),
        (insert, Tampering.INSERTED, 3),
        (rewrite, Tampering.FORKED, 6),
        (replace_by_older_copy, Tampering.REPLACED, 6),
    ],
)
def test_tampering_is_named_with_its_first_bad_entry(attack: Callable[[int], None], kind: Tampering, seq: int) -> None:
    write_events(6)
    write_checkpoint(AT)
    without_guards()
    attack(chain_of_actor())
    finding = verify(anchor_file().read_text()).finding
    assert finding is not None
    assert (finding.kind, finding.seq) == (kind, seq)


def test_a_note_signed_by_somebody_else_is_refused() -> None:
    write_events(1)
    write_checkpoint(AT)
    note = anchor_file().read_text()
    assert is_signed(note.rstrip("\n") + "\n", public_key())
    assert not is_signed(note.replace("\n1\n", "\n2\n", 1), public_key())


def test_readings_of_one_page_become_one_event_per_client_and_kind() -> None:
    client = uuid.uuid4()
    with trail.gathered_readings():
        for _ in range(3):
            trail.reading(actor=ACTOR, kind="course", client=client, at=AT)
        trail.reading(actor=ACTOR, kind="progress_note", client=client, at=AT)
        assert AuditEvent.objects.count() == 0
    assert sorted(AuditEvent.objects.values_list("object_type", flat=True)) == ["course", "progress_note"]


def test_what_an_inner_transaction_took_back_leaves_no_event() -> None:
    with trail.gathered_changes():
        with pytest.raises(ValueError, match="no"), trail.gathered_changes():
            write_events(1)
            raise ValueError("no")
        write_events(1)
    assert AuditEvent.objects.count() == 1
