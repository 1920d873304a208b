"""What an event says, when it is written, and how checkpoints reach their anchors."""

from __future__ import annotations

import base64
import hashlib
import time
import uuid
from contextlib import nullcontext, suppress
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import DatabaseError, transaction
from tests.factories.people import AT

from rapport.practice.security.audit import chain, checkpoints, sources, trail
from rapport.practice.security.audit.chain import Entry, entry_of, fits, plain_entry
from rapport.practice.security.audit.checkpoints import anchor_file, append_missing, newest_root, write_checkpoint
from rapport.practice.security.audit.merkle import root_of
from rapport.practice.security.audit.models import AuditEvent, ChainHead, Checkpoint
from rapport.practice.security.audit.notes import own_verifier, read_verifier, signed, text_of, write_signing_key
from rapport.practice.security.audit.sources import DatabaseTrail, one_moment
from rapport.practice.security.audit.tasks import checkpoint
from rapport.practice.security.audit.verify import verify
from rapport.practice.security.policy.actor import Actor, Role

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
ACTOR = Actor(uuid.UUID(int=9), frozenset({Role.THERAPIST, Role.MANAGER}), session="s")


@pytest.fixture(autouse=True)
def _clean_anchor() -> None:
    anchor_file().unlink(missing_ok=True)


def write_one(**more: Any) -> AuditEvent:
    known = set(AuditEvent.objects.values_list("id", flat=True))
    trail.record(**{"actor": ACTOR, "action": "edit", "object_type": "goal", "object_id": None, "at": AT, **more})
    return AuditEvent.objects.exclude(id__in=known).get()


def test_an_event_says_who_did_what_to_whose_record() -> None:
    client, thing, owner = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    full = write_one(
        object_id=thing, client=client, purpose="billing", reason="why", detail=b"x", private_to=owner, decision="deny"
    )
    assert (full.actor, full.roles, full.session, full.at) == (ACTOR.id, "manager,therapist", "s", AT)
    assert (full.action, full.object_type, full.object_id, full.client) == ("edit", "goal", thing, client)
    assert (full.purpose, full.reason, bytes(full.detail), full.private_to) == ("billing", "why", b"x", owner)
    assert full.decision == "deny"
    plain = write_one()
    assert (plain.purpose, plain.reason, bytes(plain.detail), plain.decision) == ("care", "", b"", "allow")
    assert (plain.private_to, plain.client) == (None, None)


def test_a_reading_says_what_was_read_and_for_whom_it_is_to_be_seen() -> None:
    client, thing, owner = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    trail.reading(actor=ACTOR, kind="course", at=AT, client=client)
    trail.reading(actor=ACTOR, kind="note", at=AT, client=client, object_id=thing, purpose="audit", private_to=owner)
    short, full = AuditEvent.objects.order_by("object_type")
    assert (short.action, short.object_id, short.purpose, short.private_to) == ("read", None, "care", None)
    assert (full.action, full.actor, full.at, full.client) == ("read", ACTOR.id, AT, client)
    assert (full.object_type, full.object_id, full.purpose, full.private_to) == ("note", thing, "audit", owner)
    for each in (short, full):
        assert (each.decision, each.reason, bytes(each.detail)) == ("allow", "", b"")


def test_readings_of_two_clients_purposes_or_owners_are_not_one() -> None:
    one, two = uuid.uuid4(), uuid.uuid4()
    with trail.gathered_readings():
        for more in ({}, {"client": two}, {"purpose": "audit"}, {"private_to": one}, {"object_id": two}):
            trail.reading(**{"actor": ACTOR, "kind": "course", "at": AT, "client": one, **more})
    assert AuditEvent.objects.count() == 4  # another thing of the same kind is the same reading
    assert not AuditEvent.objects.filter(object_id=two)
    trail.reading(actor=ACTOR, kind="course", at=AT, client=one)
    assert AuditEvent.objects.count() == 5  # the page is over


def test_a_page_that_fails_leaves_its_readings_behind() -> None:
    with pytest.raises(ValueError, match="no"), trail.gathered_readings():
        trail.reading(actor=ACTOR, kind="course", at=AT, client=None)
        raise ValueError("no")
    trail.reading(actor=ACTOR, kind="goal", at=AT, client=None)
    assert list(AuditEvent.objects.values_list("object_type", flat=True)) == ["goal"]


def test_a_refusal_does_not_tell_whether_there_is_a_client() -> None:
    trail.write_denial(actor=ACTOR, at=AT, action="read", object_type="note", object_id=None, reason="no relationship")
    denied = AuditEvent.objects.get()
    assert (denied.decision, denied.client, denied.purpose, denied.actor) == ("deny", None, "care", ACTOR.id)
    assert (denied.reason, denied.at) == ("no relationship", AT)


def test_changes_are_written_when_their_transaction_ends_and_not_if_it_fails() -> None:
    with trail.gathered_changes():
        trail.record(actor=ACTOR, action="edit", object_type="goal", object_id=None, at=AT)
        with trail.gathered_changes():
            trail.record(actor=ACTOR, action="edit", object_type="course", object_id=None, at=AT)
        assert not AuditEvent.objects.all()
    assert AuditEvent.objects.count() == 2
    with pytest.raises(ValueError, match="no"), trail.gathered_changes():
        trail.record(actor=ACTOR, action="edit", object_type="goal", object_id=None, at=AT)
        raise ValueError("no")
    assert AuditEvent.objects.count() == 2
    write_one()  # at once: nothing is gathered any more


def test_what_an_inner_act_takes_back_leaves_what_came_before_it() -> None:
    event: dict[str, Any] = {"actor": ACTOR, "object_type": "goal", "object_id": None, "at": AT}
    with trail.gathered_changes():
        trail.record(action="add", **event)
        with suppress(ValueError), trail.gathered_changes():
            trail.record(action="edit", **event)
            raise ValueError
        trail.record(action="rate", **event)
    assert list(AuditEvent.objects.order_by("seq").values_list("action", flat=True)) == ["add", "rate"]


def test_what_cannot_be_recorded_takes_all_of_its_transaction_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where somebody catches the refusal: a change without its event must not be kept."""
    monkeypatch.setattr(trail, "_NEW_EVENT", "INSERT INTO no_such_table VALUES (%s)")
    with transaction.atomic():
        with suppress(DatabaseError):
            write_one()
        with pytest.raises(transaction.TransactionManagementError):
            AuditEvent.objects.exists()
        transaction.set_rollback(True)


def test_a_long_reason_is_cut_at_two_hundred_letters() -> None:
    whole, longer = "x" * 200, "x" * 200 + "y"
    assert write_one(reason=whole).reason == whole
    digest = hashlib.sha256(longer.encode()).hexdigest()[:32]
    assert write_one(reason=longer).reason == "x" * 158 + f"… sha256:{digest}"
    halves = "\ud800" * 201  # halves of letters, which are no text in UTF-8
    digest = hashlib.sha256(halves.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    assert write_one(reason=halves).reason.endswith(f"… sha256:{digest}")
    entry = entry_of(write_one())._replace(reason=halves)
    whole = chain.canonical(entry).encode("utf-8", "surrogatepass")
    assert chain.leaf_of(entry) == hashlib.sha256(b"\x00" + whole).digest()


def test_a_trail_is_the_same_wherever_the_server_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        event = write_one()
        write_checkpoint(AT)
        write_one(at=AT)
        assert entry_of(event).at == "2026-03-02T09:00:00.000000+00:00"
        assert "\nat 2026-03-02T09:00:00+00:00\n" in Checkpoint.objects.get().note
        assert verify(anchor_file().read_text()).finding is None
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_service_has_as_many_chains_as_writers_need(monkeypatch: pytest.MonkeyPatch) -> None:
    """What concerns one client stays in one chain; what concerns none, in the chain of who did it."""
    client = uuid.UUID(int=(7 << 64) + 64 + 3)
    monkeypatch.setattr(trail, "connection", SimpleNamespace(vendor="postgresql"))
    assert [trail._chain_for(one) for one in (client, uuid.UUID(int=63), None)] == [3, 63, 0]
    actor = Actor(uuid.UUID(int=9), frozenset())
    assert [trail._event(actor=actor, at=AT, client=one).chain for one in (client, None)] == [3, 9]
    monkeypatch.setattr(trail, "connection", SimpleNamespace(vendor="sqlite"))
    assert trail._chain_for(client) == 0


def test_events_of_several_chains_are_written_chain_by_chain() -> None:
    events = [trail._event(actor=ACTOR, at=AT, client=None, action="edit", object_type="goal") for _ in range(4)]
    for event, number in zip(events, (2, 1, 2, 1), strict=True):
        event.chain = number
    trail.write([])
    assert not ChainHead.objects.all()
    trail.write(events)
    assert list(ChainHead.objects.order_by("chain").values_list("chain", "seq", "stated")) == [(1, 2, 0), (2, 2, 0)]
    assert [events[1].seq, events[3].seq, events[0].seq, events[2].seq] == [1, 2, 1, 2]
    assert verify(None).finding is None


def test_an_entry_reads_the_same_from_either_database(monkeypatch: pytest.MonkeyPatch) -> None:
    client = uuid.uuid4()  # one client's events are of one chain
    for number in range(3):
        write_one(object_id=uuid.uuid4(), client=client, at=AT + timedelta(microseconds=number % 2))
    book = DatabaseTrail()
    monkeypatch.setattr(sources, "BATCH", 2)
    plain = list(book.entries())
    monkeypatch.setattr(sources, "connection", SimpleNamespace(vendor="postgresql"))
    assert list(book.entries()) == plain == sorted(map(entry_of, AuditEvent.objects.all()), key=lambda one: one.seq)
    assert all(map(fits, plain))
    assert [entry.seq for entry in plain] == [1, 2, 3]


def test_a_row_that_holds_what_was_never_written_fits_no_hash() -> None:
    entry = entry_of(write_one())
    row = [*entry[:14], b"", *entry[15:]]
    assert plain_entry(row) == entry
    assert fits(entry)
    spoiled = sources._plain([*row[:14], "a text", *row[15:]])
    assert spoiled == Entry(entry.chain, 1, *[""] * 14, b"", b"")
    assert not fits(spoiled)
    assert not fits(entry._replace(reason=b"bytes"))
    assert chain._moment("yesterday") == "yesterday"
    assert chain._moment("2026-03-02T09:00:00") == "2026-03-02T09:00:00"
    assert chain._moment("2026-03-02T09:00:00.000001") == "2026-03-02T09:00:00.000001"
    assert chain._id("x" * 31) == "x" * 31


@pytest.mark.parametrize(
    ("vendor", "busy", "wanted"),
    [
        ("sqlite", True, []),
        ("sqlite", False, ["BEGIN", "ROLLBACK"]),
        ("postgresql", False, ["SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"]),
    ],
)
def test_a_trail_is_read_at_one_moment_and_nobody_waits(
    monkeypatch: pytest.MonkeyPatch, vendor: str, busy: bool, wanted: list[str]
) -> None:
    said: list[str] = []
    cursor = SimpleNamespace(execute=said.append)
    fake = SimpleNamespace(vendor=vendor, in_atomic_block=busy, cursor=lambda: nullcontext(cursor))
    monkeypatch.setattr(sources, "connection", fake)
    with pytest.raises(ValueError, match="no"), one_moment():
        assert said == wanted[:1]
        raise ValueError("no")
    assert said == wanted


def test_a_checkpoint_is_asked_for_by_a_task_and_by_nobody() -> None:
    write_one()
    checkpoint(actor=ACTOR, at=AT + timedelta(hours=1))
    assert Checkpoint.objects.get().at == AT + timedelta(hours=1)
    checkpoint(actor=ACTOR, at=AT)
    write_checkpoint(AT - timedelta(hours=1))
    first, second = AuditEvent.objects.filter(action="set_back").order_by("-at")
    assert (first.actor, first.roles, first.session) == (ACTOR.id, "manager,therapist", "s")
    assert (first.object_type, first.object_id, first.at, first.purpose) == ("clock", None, AT, "security")
    assert first.reason == "3600 s behind checkpoint 1"
    assert (second.actor, second.roles, second.session) == (None, "system", "")
    assert second.reason == "3600 s behind checkpoint 2"


def test_a_clock_may_be_set_right_by_less_than_a_minute() -> None:
    write_one()
    write_checkpoint(AT)
    assert not write_checkpoint(AT - timedelta(seconds=59))
    assert write_checkpoint(AT - timedelta(seconds=60))


def test_a_checkpoint_states_what_grew_since_the_last() -> None:
    for number in (1, 2):
        event = trail._event(actor=ACTOR, at=AT, client=None, action="edit", object_type="goal")
        event.chain = number
        trail.write([event])
    write_checkpoint(AT + timedelta(microseconds=5))
    trail.write([trail._event(actor=ACTOR, at=AT, client=None, action="edit", object_type="goal")])
    write_checkpoint(AT + timedelta(hours=1))
    heads = {head.chain: f"chain {head.chain} {head.seq} {bytes(head.link).hex()}" for head in ChainHead.objects.all()}
    first, second = (note.split("\n") for note in Checkpoint.objects.order_by("number").values_list("note", flat=True))
    own = AuditEvent.objects.get(link=ChainHead.objects.exclude(chain__in=(1, 2)).get().link).chain
    assert first[3:6] == ["at 2026-03-02T09:00:00+00:00", heads[1], heads[2]]
    assert second[3:6] == ["at 2026-03-02T10:00:00+00:00", heads[own], ""]
    assert set(ChainHead.objects.values_list("stated", flat=True)) == {1}


def test_an_anchor_holds_each_checkpoint_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stick = tmp_path / "stick.txt"
    assert newest_root() == ""
    assert append_missing(stick) == 0
    assert not stick.exists()
    monkeypatch.delenv("RAPPORT_AUDIT_ANCHOR", raising=False)
    assert checkpoints.second_anchor() is None
    for number in range(3):
        write_one()
        write_checkpoint(AT + timedelta(hours=number))
    assert (append_missing(stick), append_missing(stick)) == (3, 0)
    notes = list(Checkpoint.objects.order_by("number").values_list("note", flat=True))
    assert stick.read_text() == "".join(f"{note}\n" for note in notes)
    assert newest_root() == f"3:{notes[2].split(chr(10))[2]}"
    strange = signed("else\n9\nroot\nhello\n")
    stick.write_text(f"{notes[0]}\n{strange}\n")  # the last note is none of ours: better twice than not at all
    assert append_missing(stick) == 3


def test_only_the_end_of_a_long_anchor_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        write_one()
        write_checkpoint(AT + timedelta(hours=number))
    monkeypatch.setattr(checkpoints, "TAIL", len(Checkpoint.objects.get(number=3).note.encode()) + 40)
    assert append_missing(anchor_file()) == 0
    stick = tmp_path / "stick.txt"
    stick.write_bytes(b"\xff\xfe" * 50)
    assert append_missing(stick) == 3


def test_the_key_that_signs_is_its_owners_alone_and_stays(tmp_path: Path) -> None:
    write_signing_key(tmp_path, bytes(range(32)))
    file = tmp_path / "audit-signing.key"
    assert (file.read_text(), file.stat().st_mode & 0o777) == (bytes(range(32)).hex() + "\n", 0o600)
    with pytest.raises(FileExistsError):
        write_signing_key(tmp_path, bytes(32))


def test_a_note_counts_only_with_this_verifiers_own_signature() -> None:
    own, text = own_verifier(), "hello\n\nworld\n"
    note = signed(text)
    assert text_of(note, own) == text
    body, _, line = note.rpartition("\n\n")
    dash, name, encoded = line.strip().split(" ")
    raw = base64.b64decode(encoded)
    strangers = base64.b64encode(raw[:4] + Ed25519PrivateKey.generate().sign(text.encode())).decode()
    another_id = base64.b64encode(bytes(4) + raw[4:]).decode()
    for bad in (
        f"- {name} {encoded}", f"{dash} rapport/else {encoded}", f"{dash} {name} {strangers}", f"{dash} {name} !!!",
        f"{dash} {name} {another_id}", f"{dash} {name}", f"{dash} {name} {encoded}*",
    ):  # fmt: skip
        assert text_of(f"{body}\n\n{bad}\n", own) is None, bad
        assert text_of(f"{body}\n\n{bad}\n{line}", own) == text, bad  # others may sign too
    assert text_of(f"{body}\n\n", own) is None
    assert text_of(line, own) is None


def test_a_verifier_key_is_read_as_it_was_written_down() -> None:
    key = own_verifier().text
    assert read_verifier(f" {key}\n").text == key
    name, ident, encoded = key.split("+", 2)
    raw = base64.b64decode(encoded)
    for text, why in (
        (f"{name}+{ident}", "not a verifier key"),
        (f"{name}+{ident}+{base64.b64encode(b'2' + raw[1:]).decode()}", "not an Ed25519 verifier key"),
        (f"{name}+{ident}+{base64.b64encode(raw[:-1]).decode()}", "not an Ed25519 verifier key"),
        (f"{name}+{'0' * 8}+{encoded}", "the key does not fit its id"),
    ):
        with pytest.raises(ValueError, match=f"^{why}$"):
            read_verifier(text)


def test_a_tree_without_leaves_has_the_root_of_the_standard() -> None:
    assert root_of([]) == hashlib.sha256(b"").digest()
