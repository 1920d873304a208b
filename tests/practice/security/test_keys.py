"""Sealed words open only in their own place, with their own keys, and never again once a key is destroyed."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tests.factories.people import AT

from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.keys import api as keys
from rapport.practice.security.keys import compartments, erasure, renewal
from rapport.practice.security.keys.models import CompartmentKey, PracticeKey
from rapport.practice.security.keys.root import RootKeyUnusable, read_root_key, write_root_key
from rapport.practice.security.keys.router import KeysRouter
from rapport.practice.security.policy.actor import SYSTEM

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
ROW = uuid.UUID(int=7)
LABEL = "tests.note.body"


@pytest.fixture(autouse=True)
def _no_old_erasures() -> None:
    (Path(settings.INSTALLATION.vault) / "erasures.jsonl").unlink(missing_ok=True)


def drawer(kind: str = "client") -> keys.Compartment:
    subject = uuid.uuid4()
    keys.create_compartment(kind, subject)
    return keys.Compartment(((kind, subject),))


def destroy(compartment: keys.Compartment) -> None:
    for kind, subject in compartment.parts:
        keys.destroy_compartment(kind, subject, at=AT, authority=uuid.uuid4())


@hypothesis_settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_what_is_sealed_opens_as_it_was(text: str) -> None:
    client = drawer()
    assert keys.unseal(client, LABEL, ROW, keys.seal(client, LABEL, ROW, text)) == text


def test_a_seal_moved_to_another_row_field_or_client_does_not_open() -> None:
    client, other = drawer(), drawer()
    blob = keys.seal(client, LABEL, ROW, "hers")
    for compartment, label, row in (
        (other, LABEL, ROW),
        (client, "tests.note.title", ROW),
        (client, LABEL, uuid.uuid4()),
    ):
        with pytest.raises(keys.SealBroken):
            keys.unseal(compartment, label, row, blob)


def test_among_others_what_does_not_open_is_said_instead_and_what_opens_is_opened() -> None:
    client = drawer()
    text, data = keys.seal(client, LABEL, ROW, "hers"), keys.seal_data(client, LABEL, ROW, {"of": "hers"})
    assert keys.unseal_or("nothing", client, LABEL, ROW, text) == "hers"
    assert keys.unseal_or("nothing", client, LABEL, ROW, text[:-1]) == "nothing"
    assert keys.unseal_data_or(None, client, LABEL, ROW, data) == {"of": "hers"}
    assert keys.unseal_data_or(None, client, LABEL, ROW, data[:-1]) is None


def test_what_was_left_out_is_noticed_once_by_whoever_gathers_and_by_the_log(caplog: pytest.LogCaptureFixture) -> None:
    client, row = drawer(), uuid.uuid4()
    broken = keys.seal(client, LABEL, row, "hers")[:-1]
    with keys.noticing() as outer:
        with keys.noticing() as noticed:
            keys.unseal_or("", client, LABEL, row, broken)
            keys.unseal_data_or("", client, LABEL, row, broken)
            keys.unseal_or("", client, LABEL, row, keys.seal(client, LABEL, row, "hers"))
        assert noticed == {LABEL}
        assert outer == set()
    keys.notice(LABEL, row)  # nobody gathers: the log alone has it
    assert noticed == {LABEL}
    assert caplog.messages == [f"a seal does not open: {LABEL} {row}"], "once in a process"


def test_every_flipped_bit_is_noticed() -> None:
    client = drawer()
    blob = keys.seal(client, LABEL, ROW, "as it was")
    for place in range(len(blob)):
        changed = bytearray(blob)
        changed[place] ^= 1
        with pytest.raises(keys.SealBroken):
            keys.unseal(client, LABEL, ROW, bytes(changed))


def test_the_same_words_never_look_the_same() -> None:
    client = drawer()
    assert keys.seal(client, LABEL, ROW, "same") != keys.seal(client, LABEL, ROW, "same")


def test_a_process_note_needs_both_keys() -> None:
    author, client = uuid.uuid4(), uuid.uuid4()
    keys.create_compartment("author", author)
    keys.create_compartment("client", client)
    note = keys.process_note(author, client)
    blob = keys.seal(note, LABEL, ROW, "mine alone")
    for alone in (keys.author(author), keys.client(client)):
        with pytest.raises(keys.SealBroken):
            keys.unseal(alone, LABEL, ROW, blob)
    destroy(keys.client(client))
    with pytest.raises(keys.KeyDestroyed):
        keys.unseal(note, LABEL, ROW, blob)


def test_a_shared_note_of_two_survives_the_erasure_of_one() -> None:
    """A group is a compartment of its own: later duties add compartments without sealing anything anew."""
    one, two, together = drawer(), drawer(), drawer("group")
    own = keys.seal(one, LABEL, ROW, "told alone")
    shared = keys.seal(together, LABEL, ROW, "said together")
    destroy(one)
    with pytest.raises(keys.KeyDestroyed):
        keys.unseal(one, LABEL, ROW, own)
    assert keys.unseal(together, LABEL, ROW, shared) == "said together"
    assert keys.unseal(two, LABEL, ROW, keys.seal(two, LABEL, ROW, "hers")) == "hers"


def test_erasure_is_replayed_after_a_restore_brings_the_key_back() -> None:
    client = drawer()
    blob = keys.seal(client, LABEL, ROW, "gone")
    saved = list(CompartmentKey.objects.filter(subject=client.parts[0][1]))
    destroy(client)
    CompartmentKey.objects.bulk_create(saved)
    assert keys.unseal(client, LABEL, ROW, blob) == "gone"
    assert keys.replay_erasures() == 1
    with pytest.raises(keys.KeyDestroyed):
        keys.unseal(client, LABEL, ROW, blob)


def test_only_what_came_back_is_counted_when_erasures_are_replayed() -> None:
    assert keys.replay_erasures() == 0  # no ledger yet
    clients = [drawer() for _ in range(3)]
    saved = list(CompartmentKey.objects.filter(subject__in=[client.parts[0][1] for client in clients]))
    for client in clients:
        destroy(client)
    assert keys.replay_erasures() == 0
    CompartmentKey.objects.bulk_create(saved[1:])
    assert keys.replay_erasures() == 2


def test_the_ledger_of_erasures_names_nobody() -> None:
    client, authority = drawer(), uuid.uuid4()
    (kind, subject) = client.parts[0]
    keys.destroy_compartment(kind, subject, at=AT, authority=authority)
    entry = json.loads((Path(settings.INSTALLATION.vault) / "erasures.jsonl").read_text())
    assert entry == {"at": AT.isoformat(), "kind": "client", "subject": str(subject), "authority": str(authority)}


@pytest.mark.parametrize(
    ("vendor", "busy", "done"),
    [("sqlite", False, ["PRAGMA wal_checkpoint(TRUNCATE)"]), ("sqlite", True, []), ("postgresql", False, [])],
)
def test_a_destroyed_key_leaves_the_log_of_sqlite_too(
    monkeypatch: pytest.MonkeyPatch, vendor: str, busy: bool, done: list[str]
) -> None:
    """Which statement empties the log, and when; tests/config/test_at_rest.py looks for the bytes in the files."""
    said: list[str] = []
    cursor = SimpleNamespace(execute=said.append)
    fake = SimpleNamespace(vendor=vendor, in_atomic_block=busy, cursor=lambda: nullcontext(cursor))
    monkeypatch.setattr(erasure, "connections", {"keys": fake})
    keys.empty_log()
    assert said == done


def test_keys_and_record_never_share_a_database() -> None:
    router = KeysRouter()
    assert (router.db_for_read(CompartmentKey), router.db_for_write(PracticeKey)) == ("keys", "keys")
    assert (router.db_for_read(AuditEvent), router.db_for_write(AuditEvent)) == ("default", "default")
    assert [router.allow_migrate(db, app) for db in ("keys", "default") for app in ("keys", "audit")] == [
        True, False, False, True,
    ]  # fmt: skip
    key, event = CompartmentKey(), AuditEvent()
    assert router.allow_relation(key, PracticeKey()) and router.allow_relation(event, event)
    assert not router.allow_relation(key, event) and not router.allow_relation(event, key)


def test_a_new_version_seals_while_the_old_one_still_opens() -> None:
    client = drawer()
    old = keys.seal(client, LABEL, ROW, "before")
    compartments.add_version(*client.parts[0], 2)
    new = keys.seal(client, LABEL, ROW, "after")
    assert (keys.unseal(client, LABEL, ROW, old), keys.unseal(client, LABEL, ROW, new)) == ("before", "after")
    assert old[2:18] != new[2:18]


def test_an_address_is_found_however_it_was_typed() -> None:
    assert keys.keyed_hash("login", " Jonas@Mail.example ") == keys.keyed_hash("login", "jonas@mail.example")
    assert keys.keyed_hash("login", "jonas@mail.example") != keys.keyed_hash("phone", "jonas@mail.example")


def test_a_missing_foreign_or_open_root_key_is_refused_with_the_remedy(tmp_path: Path) -> None:
    file = tmp_path / "root.key"
    with pytest.raises(RootKeyUnusable, match=f"^The root key {file} is missing. .* recovery sheet.$"):
        read_root_key(file)
    key = write_root_key(file)
    assert (file.read_text(), file.stat().st_mode & 0o777) == (key.hex() + "\n", 0o600)
    assert read_root_key(file) == key
    assert len(key) == 32
    for mode in (0o640, 0o604, 0o601, 0o610):
        file.chmod(mode)
        with pytest.raises(RootKeyUnusable, match=f"^The root key {file} can be read by others. .*chmod 600 {file}$"):
            read_root_key(file)
    file.chmod(0o600)
    for text in (b"not a key", key[:31].hex().encode(), b"\xff\xfe\x00", b""):
        file.write_bytes(text)
        with pytest.raises(RootKeyUnusable, match=f"^{file} is not a root key. .* recovery sheet.$"):
            read_root_key(file)


def test_a_root_key_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    key = write_root_key(tmp_path / "root.key", bytes(range(32)))
    assert key == bytes(range(32))
    with pytest.raises(FileExistsError):
        write_root_key(tmp_path / "root.key")
    assert read_root_key(tmp_path / "root.key") == key


def test_the_root_key_of_another_practice_opens_nothing(tmp_path: Path, settings: Any) -> None:
    client = drawer()
    blob = keys.seal(client, LABEL, ROW, "x")
    compartments.forget_keys()
    write_root_key(tmp_path / "root.key")
    settings.INSTALLATION = replace(settings.INSTALLATION, vault=tmp_path)
    with pytest.raises(RootKeyUnusable, match=r"^The root key does not belong to this practice. Put back the right"):
        keys.unseal(client, LABEL, ROW, blob)


def test_a_key_is_kept_in_memory_for_a_minute_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    client, others = drawer(), [drawer(), drawer()]
    now = [1000.0]
    monkeypatch.setattr(compartments.time, "monotonic", lambda: now[0])
    blob = keys.seal(client, LABEL, ROW, "x")
    keys.open_together("client", [other.parts[0][1] for other in others])
    blobs = [keys.seal(other, LABEL, ROW, "y") for other in others]
    CompartmentKey.objects.all().delete()
    now[0] += 59
    assert keys.unseal(client, LABEL, ROW, blob) == "x"
    assert {keys.unseal(other, LABEL, ROW, one) for other, one in zip(others, blobs, strict=True)} == {"y"}
    now[0] += 1
    for compartment in (client, *others):
        with pytest.raises(keys.KeyDestroyed, match=r"^The key of this compartment was destroyed.$"):
            keys.unseal(compartment, LABEL, ROW, blob)


def test_many_keys_are_opened_in_one_statement_newest_first() -> None:
    first, second, other = (drawer().parts[0][1] for _ in range(3))
    compartments.add_version("client", first, 2)
    keys.create_compartment("author", first)  # a key of its own, which nobody asks for
    gone = uuid.uuid4()
    compartments.forget_keys()
    with CaptureQueriesContext(connections["keys"]) as asked:
        keys.open_together("client", [first, second])
        seals = [keys.seal(keys.client(one), LABEL, ROW, "x") for one in (first, second)]
        keys.open_together("client", [first, second, gone])  # one alone waits until it is asked for
    assert len(asked) == 1
    assert len(compartments.opened("client", first)) == 2
    assert seals[0][2:18] == CompartmentKey.objects.get(subject=first, version=2).id.bytes
    with CaptureQueriesContext(connections["keys"]) as asked:
        keys.seal(keys.client(other), LABEL, ROW, "x")
    assert len(asked) == 1
    with pytest.raises(keys.KeyDestroyed):
        keys.seal(keys.client(gone), LABEL, ROW, "x")


def test_a_drawer_that_is_there_is_left_as_it_is() -> None:
    """Two may ask for the same one at once; and whoever shares an id with it has a key of their own."""
    client = drawer()
    subject = client.parts[0][1]
    kept = CompartmentKey.objects.get(subject=subject)
    with CaptureQueriesContext(connections["keys"]) as asked:
        keys.create_compartment("client", subject)
    assert len(asked) == 1  # nothing is written, so nobody waits
    compartments.add_version("client", subject, 1)
    assert CompartmentKey.objects.get(subject=subject).wrapped == kept.wrapped
    keys.create_compartment("author", subject)
    assert {row.kind for row in CompartmentKey.objects.filter(subject=subject)} == {"client", "author"}
    assert len(compartments.opened("client", subject)) == 1
    destroy(keys.author(subject))
    compartments.forget_keys()
    assert keys.seal(client, LABEL, ROW, "x")


def test_a_new_key_is_wrapped_by_the_newest_practice_key() -> None:
    drawer()
    second = compartments.write_practice_key(2, bytes(range(32)))
    assert compartments.write_practice_key(2, bytes(32)) == second  # a race for the same version leaves one
    assert compartments.open_practice_key(second) == bytes(range(32))
    subject = drawer().parts[0][1]
    assert CompartmentKey.objects.get(subject=subject).practice_key == second


def test_what_is_no_seal_says_so() -> None:
    client, other = drawer(), drawer()
    blob = keys.seal(client, LABEL, ROW, "")
    assert keys.unseal(client, LABEL, ROW, memoryview(blob)) == ""
    for cut in range(len(blob)):
        with pytest.raises(keys.SealBroken, match=r"^These bytes are not a seal.$"):
            keys.unseal(client, LABEL, ROW, blob[:cut])
    for start in (b"\x02\x01", b"\x01\x02"):
        with pytest.raises(keys.SealBroken, match=r"^These bytes are not a seal.$"):
            keys.unseal(client, LABEL, ROW, start + blob[2:])
    with pytest.raises(keys.SealBroken, match=r"^These bytes were sealed with another key.$"):
        keys.unseal(other, LABEL, ROW, blob)
    with pytest.raises(keys.SealBroken, match=r"^The sealed bytes were changed or moved.$"):
        keys.unseal(client, LABEL, ROW, blob[:-1] + bytes([blob[-1] ^ 1]))
    assert all(part.startswith(b"\x01\x01") for part in (blob, keys.seal_bytes(client, LABEL, ROW, b"x")))


def test_a_new_practice_key_wraps_every_key_anew_and_changes_no_seal() -> None:
    clients = [drawer() for _ in range(renewal.BATCH + 2)]
    blobs = [keys.seal(client, LABEL, ROW, "before") for client in clients]
    before = set(PracticeKey.objects.values_list("id", flat=True))
    assert renewal.renew_practice_key(actor=SYSTEM, at=AT) == CompartmentKey.objects.count()
    compartments.forget_keys()
    assert {keys.unseal(client, LABEL, ROW, blob) for client, blob in zip(clients, blobs, strict=True)} == {"before"}
    assert PracticeKey.objects.count() == 1
    assert PracticeKey.objects.get().id not in before
    event = AuditEvent.objects.get(action="renew")
    assert (event.object_type, event.object_id) == ("practice_key", PracticeKey.objects.get().id)
    assert (event.at, event.purpose, event.roles) == (AT, "operation", "system")


@pytest.mark.parametrize("step", ["write_practice_key", "bulk_update"])
def test_a_step_of_a_renewal_that_fails_is_taken_back(monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    drawer()
    rows = CompartmentKey.objects.values_list("wrapped", "practice_key")
    before, practice_keys = list(rows), PracticeKey.objects.count()
    owner = renewal if step == "write_practice_key" else renewal.CompartmentKey.objects
    done = getattr(owner, step)

    def fail(*given: Any) -> None:
        done(*given)
        raise KeyboardInterrupt

    monkeypatch.setattr(owner, step, fail)
    with pytest.raises(KeyboardInterrupt):
        renewal.renew_practice_key(actor=SYSTEM, at=AT)
    assert list(rows.all()) == before
    assert PracticeKey.objects.count() == practice_keys + (step == "bulk_update")


def test_the_first_practice_key_may_be_a_renewed_one() -> None:
    assert renewal.renew_practice_key(actor=SYSTEM, at=AT) == 0
    assert PracticeKey.objects.get().version == 1
    client = drawer()
    assert renewal.renew_practice_key(actor=SYSTEM, at=AT) == 1
    assert PracticeKey.objects.get().version == 2
    assert keys.seal(client, LABEL, ROW, "x")


def test_a_renewal_cut_short_leaves_every_key_open_and_the_next_one_finishes_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client, blobs = drawer(), []
    blobs.append(keys.seal(client, LABEL, ROW, "before"))
    for _ in range(3):
        drawer()
    monkeypatch.setattr(renewal, "BATCH", 2)
    with monkeypatch.context() as short:
        short.setattr(renewal.CompartmentKey.objects, "bulk_update", interrupted(after=1))
        with pytest.raises(KeyboardInterrupt):
            renewal.renew_practice_key(actor=SYSTEM, at=AT)
    assert CompartmentKey.objects.values("practice_key").distinct().count() == 2
    late = drawer()
    blobs.append(keys.seal(late, LABEL, ROW, "in between"))
    for _ in range(2):
        compartments.forget_keys()
        keys.open_together("client", [client.parts[0][1], late.parts[0][1]])
        assert keys.unseal(client, LABEL, ROW, blobs[0]) == "before"
        assert keys.unseal(late, LABEL, ROW, blobs[1]) == "in between"
        renewal.renew_practice_key(actor=SYSTEM, at=AT)
    assert PracticeKey.objects.count() == 1


def interrupted(after: int) -> Callable[..., int]:
    """A bulk update that works so many times and is then cut short."""
    update, done = CompartmentKey.objects.bulk_update, []

    def cut_short(*given: Any) -> int:
        if len(done) == after:
            raise KeyboardInterrupt
        done.append(given)
        return update(*given)

    return cut_short
