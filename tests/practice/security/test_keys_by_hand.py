"""The keys, opened by somebody who has the root key, the rows, the two standards and none of our code.

AES-256-GCM (SP 800-38D) and HKDF-SHA-256 (RFC 5869, written out below). What is sealed today must open in thirty years:
a change of any label, name or byte of the format fails here.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
import uuid
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from rapport.practice.security.keys import api as keys
from rapport.practice.security.keys.compartments import add_version
from rapport.practice.security.keys.models import CompartmentKey
from rapport.practice.security.keys.root import derive

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
ROW = UUID(int=7)
LABEL = "tests.note.body"


def hkdf(key: bytes, info: bytes) -> bytes:
    """RFC 5869 with no salt, for one block of SHA-256."""
    return hmac.digest(hmac.digest(bytes(32), key, "sha256"), info + b"\x01", "sha256")


def key_by_hand(row: CompartmentKey) -> bytes:
    root = bytes.fromhex((Path(settings.INSTALLATION.vault) / "root.key").read_text())
    wrapped = bytes(row.practice_key.wrapped)
    name = f"practice key {row.practice_key.version}".encode()
    practice = AESGCM(hkdf(root, b"rapport practice key")).decrypt(wrapped[:12], wrapped[12:], name)
    wrapped, name = bytes(row.wrapped), f"{row.kind}:{row.subject}:{row.version}".encode()
    return AESGCM(practice).decrypt(wrapped[:12], wrapped[12:], name)


def open_by_hand(blob: bytes, kinds: list[tuple[bytes, UUID]]) -> bytes:
    assert blob[:2] == bytes([1, len(kinds)])
    start = 2 + 16 * len(kinds)
    named = [UUID(bytes=blob[place : place + 16]) for place in range(2, start, 16)]
    parts = [key_by_hand(CompartmentKey.objects.get(id=one)) for one in named]
    key = parts[0] if len(parts) == 1 else hkdf(b"".join(parts), b"rapport joined compartments")
    drawer = b"+".join(kind + b":" + subject.bytes for kind, subject in kinds)
    bound = b"\x1f".join([b"rapport seal", blob[:start], drawer, LABEL.encode(), ROW.bytes])
    return AESGCM(key).decrypt(blob[start : start + 12], blob[start + 12 :], bound)


@pytest.mark.parametrize("kind", ["client", "author", "group"])
def test_one_drawer(kind: str) -> None:
    subject = uuid.uuid4()
    keys.create_compartment(kind, subject)
    drawer = {"client": keys.client, "author": keys.author, "group": keys.group}[kind](subject)
    blob = keys.seal(drawer, LABEL, ROW, "Grüße")
    assert open_by_hand(blob, [(kind.encode(), subject)]) == "Grüße".encode()


def test_the_drawer_of_the_practice_is_there_when_it_is_asked_for() -> None:
    blob = keys.seal_data(keys.practice(), LABEL, ROW, {"said": "Grüße"})
    assert open_by_hand(blob, [(b"practice", UUID(int=0))]) == '{"said": "Grüße"}'.encode()
    assert keys.unseal_data(keys.practice(), LABEL, ROW, blob) == {"said": "Grüße"}


def test_two_drawers_opened_together() -> None:
    author, client = uuid.uuid4(), uuid.uuid4()
    keys.create_compartment("author", author)
    keys.create_compartment("client", client)
    blob = keys.seal(keys.process_note(author, client), LABEL, ROW, "mine alone")
    assert open_by_hand(blob, [(b"author", author), (b"client", client)]) == b"mine alone"


def test_a_later_version_of_a_key() -> None:
    client = uuid.uuid4()
    keys.create_compartment("client", client)
    add_version("client", client, 2)
    assert open_by_hand(keys.seal(keys.client(client), LABEL, ROW, "x"), [(b"client", client)]) == b"x"


def test_a_fingerprint_of_an_address() -> None:
    found = keys.keyed_hash("login", "  Ｊonas@Straße.example ")  # a wide J, as a Japanese keyboard types it
    key = key_by_hand(CompartmentKey.objects.get(kind="index", subject=UUID(int=0)))
    folded = unicodedata.normalize("NFKC", "jonas@strasse.example")
    assert found == hmac.digest(key, f"login\x00{folded}".encode(), hashlib.sha256)


def test_a_key_for_one_purpose_is_no_key_for_another() -> None:
    key = bytes(range(32))
    assert derive(key, "this") == hkdf(key, b"this")
    assert derive(key, "this") != derive(key, "that")
    assert derive(key, "this", 48)[:32] == hkdf(key, b"this")
    assert len(derive(key, "this", 48)) == 48
