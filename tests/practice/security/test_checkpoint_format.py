"""Our checkpoints, read by somebody who has the two specifications and none of our code.

C2SP signed-note and tlog-checkpoint; RFC 6962 for the tree; OpenSSL beside `cryptography` for the signature.
"""

from __future__ import annotations

import base64
import hashlib
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.factories.people import AT
from tests.practice.security.test_audit import write_events

from rapport.practice.security.audit.checkpoints import anchor_file, newest_root, write_checkpoint
from rapport.practice.security.audit.models import ChainHead
from rapport.practice.security.audit.notes import own_verifier, read_verifier, text_of

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

# The example in the documentation of Go's sumdb/note.
PUBLISHED_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PUBLISHED = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
STATEMENTS = 5


def opened(note: str, key: str) -> tuple[str, bytes]:
    """The text and signature of a note by one key, or ValueError: written against C2SP signed-note alone."""
    name, key_id, encoded = key.split("+", 2)
    kind_and_key = base64.b64decode(encoded)
    text, _, block = note.rpartition("\n\n")
    text += "\n"
    assert hashlib.sha256(f"{name}\n".encode() + kind_and_key).digest()[:4].hex() == key_id
    for line in block.removesuffix("\n").split("\n"):
        dash, signer, signature = line.split(" ")
        raw = base64.b64decode(signature)
        if dash == "\u2014" and signer == name and raw[:4].hex() == key_id:
            try:
                Ed25519PublicKey.from_public_bytes(kind_and_key[1:]).verify(raw[4:], text.encode())
            except InvalidSignature:
                raise ValueError("signature") from None
            return text, raw[4:]
    raise ValueError("not signed by this key")


def tree_hash(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, as it is written there."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashlib.sha256(b"\1" + tree_hash(leaves[:half]) + tree_hash(leaves[half:])).digest()


@pytest.fixture
def notes() -> list[str]:
    anchor_file().unlink(missing_ok=True)
    for number in range(STATEMENTS):
        write_events(2)
        write_checkpoint(AT + timedelta(hours=number))
    pieces = anchor_file().read_text().removesuffix("\n\n").split("\n\n")  # notes, an empty line after each
    return [f"{text}\n\n{block}\n" for text, block in zip(pieces[::2], pieces[1::2], strict=True)]


def test_a_published_note_is_read_by_both() -> None:
    """The control of the reader below, and of ours."""
    text, _ = opened(PUBLISHED, PUBLISHED_KEY)
    assert text_of(PUBLISHED, read_verifier(PUBLISHED_KEY)) == text
    forged = PUBLISHED.replace("answer", "anzwer")
    with pytest.raises(ValueError, match="signature"):
        opened(forged, PUBLISHED_KEY)
    assert text_of(forged, read_verifier(PUBLISHED_KEY)) is None
    assert read_verifier(PUBLISHED_KEY).text == PUBLISHED_KEY


def test_every_checkpoint_is_a_tree_head_over_the_statements(notes: list[str]) -> None:
    leaves: list[bytes] = []
    assert len(notes) == STATEMENTS
    for number, note in enumerate(notes, start=1):
        text, _ = opened(note, own_verifier().text)
        origin, size, root, *statement = text.removesuffix("\n").split("\n")
        leaves.append("".join(f"{line}\n" for line in statement).encode())
        assert (origin, size) == (own_verifier().name, str(number))
        assert base64.b64decode(root, validate=True) == tree_hash(leaves)
        assert all(statement)
    head = ChainHead.objects.get()
    assert statement[-1] == f"chain {head.chain} {head.seq} {bytes(head.link).hex()}"
    assert newest_root() == f"{STATEMENTS}:{root}"


def test_openssl_finds_the_signature_good_and_a_changed_one_bad(notes: list[str], tmp_path: Path) -> None:
    text, signature = opened(notes[-1], own_verifier().text)
    key = own_verifier().key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "key.pem").write_bytes(key)
    (tmp_path / "signature").write_bytes(signature)
    codes = []
    for said in (text, text.replace("chain", "chein")):
        (tmp_path / "text").write_text(said, encoding="utf-8")
        verify = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "key.pem", "-rawin"]
        done = subprocess.run([*verify, "-in", "text", "-sigfile", "signature"], cwd=tmp_path, capture_output=True)
        codes.append(done.returncode)
    assert codes == [0, 1]


@pytest.mark.parametrize(
    "key", ["", "name", "a+b", "a+00000000+AQ==", PUBLISHED_KEY.replace("c74f", "c74e"), "x+1+!!!"]
)
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_verifier(key)
