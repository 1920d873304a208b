"""The audit trail shows every way of tampering with it, and names the first bad entry."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.utils import DatabaseError
from tests.factories.people import AT

from rapport.practice.security.audit import trail
from rapport.practice.security.audit.chain import CONTENT, entry_of, link_of
from rapport.practice.security.audit.chain import leaf_of as leaf_of_entry
from rapport.practice.security.audit.checkpoints import anchor_file, write_checkpoint
from rapport.practice.security.audit.models import AuditEvent, ChainHead, Checkpoint
from rapport.practice.security.audit.notes import own_verifier, text_of
from rapport.practice.security.audit.statements import anchored_notes
from rapport.practice.security.audit.verify import Tampering, verify
from rapport.practice.security.policy.actor import Actor, Role

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
ACTOR = Actor(uuid.uuid4(), frozenset({Role.THERAPIST}), session="s")


@pytest.fixture(autouse=True)
def _clean_anchor() -> None:
    anchor_file().unlink(missing_ok=True)


def leaf_of(event: AuditEvent) -> bytes:
    return leaf_of_entry(entry_of(event))


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
    assert (result.events, result.checkpoints, result.anchored, result.finding) == (7, 1, 1, None)


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
    ChainHead.objects.filter(chain=chain).update(seq=4, link=AuditEvent.objects.get(seq=4).link, stated=0)
    Checkpoint.objects.all().delete()


@pytest.mark.parametrize(
    ("attack", "kind", "seq"),
    [
        (edit, Tampering.EDITED, 3),
        (delete, Tampering.DELETED, 3),
        (truncate, Tampering.TRUNCATED, 6),
        (swap, Tampering.REORDERED, 3),
        (insert, Tampering.INSERTED, 3),
        (rewrite, Tampering.FORKED, 6),
        (replace_by_older_copy, Tampering.REPLACED, 5),
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
    assert text_of(note.rstrip("\n") + "\n", own_verifier())
    assert text_of(note.replace("\n1\n", "\n2\n", 1), own_verifier()) is None


def test_a_reason_cannot_look_like_a_second_entry() -> None:
    """F08: line breaks, terminal colours, turned writing and a million letters."""
    written = "seen\n2026-03-02 manager read\x1b[2J\u202etxt.exe\u2066\x00\ud800"
    for reason in (written, "x" * 1_000_000):
        trail.record(actor=ACTOR, action="edit", object_type="contract", object_id=None, at=AT, reason=reason)
    short, long = AuditEvent.objects.order_by("seq").values_list("reason", flat=True)
    assert short.isprintable()
    assert short.startswith("seen 2026-03-02 manager read [2J txt.exe")
    assert len(long) <= 200
    assert long.endswith("… sha256:" + hashlib.sha256(b"x" * 1_000_000).hexdigest()[:32])
    assert verify(None).finding is None


@pytest.mark.parametrize("person", [uuid.uuid4(), None])
def test_an_entry_is_hashed_as_the_json_that_anybody_can_write(person: uuid.UUID | None) -> None:
    """What docs/duties/security.md says of it: keys sorted, no spaces, UTF-8, without leaf and link."""
    trail.record(
        actor=Actor(person, frozenset({Role.THERAPIST}), session="s"), action="edit", object_type="contract",
        object_id=person, at=AT, client=person, reason='"Grüße" \\ \u2028 </script>', detail=b"\x00\xff",
        private_to=person,
    )  # fmt: skip
    event = AuditEvent.objects.get()
    said = {
        name: value if value is None or isinstance(value, int) else str(value)
        for name, value in ((name, getattr(event, name)) for name in CONTENT)
    }
    said |= {"at": AT.isoformat(timespec="microseconds"), "detail": "00ff"}
    written = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert bytes(event.leaf) == hashlib.sha256(b"\x00" + written).digest()
    assert bytes(event.link) == hashlib.sha256(b"\x01" + bytes(32) + event.leaf).digest()
    assert verify(None).finding is None


def test_a_clock_set_back_is_an_event_of_its_own() -> None:
    """F10: the order stays, and the trail says where the clock went back."""
    write_events(1)
    write_checkpoint(AT + timedelta(hours=2))
    assert not write_checkpoint(AT + timedelta(hours=2) - timedelta(seconds=30))  # a clock being kept right
    write_events(1)
    early = verify(None)
    assert early.finding is not None
    assert early.finding.kind is Tampering.CLOCK  # nothing explains it yet
    assert write_checkpoint(AT + timedelta(minutes=1))
    write_events(1)
    assert write_checkpoint(AT + timedelta(minutes=6))
    result = verify(anchor_file().read_text())
    assert result.finding is None
    assert [said.said for said in result.warnings] == ["7140 s behind checkpoint 1"]
    assert AuditEvent.objects.filter(object_type="clock", action="set_back").count() == 1


def test_tampering_with_one_of_several_chains_is_named() -> None:
    clients = [uuid.UUID(int=number) for number in range(1, 6)]
    for client in clients * 3:
        trail.reading(actor=ACTOR, kind="course", client=client, at=AT)
    write_checkpoint(AT)
    chains = sorted(set(AuditEvent.objects.values_list("chain", flat=True)))
    assert len(chains) == (5 if connection.vendor == "postgresql" else 1)
    without_guards()
    AuditEvent.objects.filter(chain=chains[-1], seq=2).update(decision="deny")
    finding = verify(anchor_file().read_text()).finding
    assert finding is not None
    assert (finding.kind, finding.chain, finding.seq) == (Tampering.EDITED, chains[-1], 2)


def test_an_anchor_that_was_away_catches_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    elsewhere = tmp_path / "stick.txt"
    for number in range(3):
        write_events(1)
        monkeypatch.setenv("RAPPORT_AUDIT_ANCHOR", str(elsewhere) if number == 2 else "")
        write_checkpoint(AT + timedelta(hours=number))
    assert elsewhere.read_text() == anchor_file().read_text()
    assert len(list(anchored_notes(elsewhere.read_text()))) == 3
    assert verify(elsewhere.read_text()).anchored == 3


def test_an_anchor_that_cannot_be_written_stops_nothing_but_itself(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write_events(1)
    monkeypatch.setenv("RAPPORT_AUDIT_ANCHOR", str(tmp_path / "away" / "stick.txt"))
    with pytest.raises(FileNotFoundError):  # the worker says so, and tries again
        write_checkpoint(AT)
    assert len(list(anchored_notes(anchor_file().read_text()))) == 1
    (tmp_path / "away").mkdir()
    assert not write_checkpoint(AT)
    assert (tmp_path / "away" / "stick.txt").read_text() == anchor_file().read_text()


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
