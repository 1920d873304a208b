"""Sealed words open only in their own place, with their own keys, and never again once a key is destroyed."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tests.factories.people import AT

from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.keys import api as keys
from rapport.practice.security.keys import compartments, renewal
from rapport.practice.security.keys.models import CompartmentKey, PracticeKey
from rapport.practice.security.keys.root import RootKeyUnusable, read_root_key, write_root_key
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


def test_the_ledger_of_erasures_names_nobody() -> None:
    client = drawer()
    destroy(client)
    entry = json.loads((Path(settings.INSTALLATION.vault) / "erasures.jsonl").read_text())
    assert set(entry) == {"at", "kind", "subject", "authority"}


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
    with pytest.raises(RootKeyUnusable, match="recovery sheet"):
        read_root_key(file)
    write_root_key(file)
    assert len(read_root_key(file)) == 32
    file.chmod(0o644)
    with pytest.raises(RootKeyUnusable, match="chmod 600"):
        read_root_key(file)
    file.chmod(0o600)
    file.write_text("not a key")
    with pytest.raises(RootKeyUnusable, match="not a root key"):
        read_root_key(file)


def test_a_key_is_kept_in_memory_for_a_minute_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    client = drawer()
    blob = keys.seal(client, LABEL, ROW, "x")
    CompartmentKey.objects.filter(subject=client.parts[0][1]).delete()
    assert keys.unseal(client, LABEL, ROW, blob) == "x"
    now = compartments.time.monotonic()
    monkeypatch.setattr(compartments.time, "monotonic", lambda: now + timedelta(seconds=61).total_seconds())
    with pytest.raises(keys.KeyDestroyed):
        keys.unseal(client, LABEL, ROW, blob)


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
