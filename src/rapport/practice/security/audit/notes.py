"""The key that signs checkpoints, and signed notes (C2SP signed-note: the text format of Go's `sumdb/note`).

A note is a text, an empty line, and signature lines `— name base64(key id ‖ Ed25519 signature)`. A verifier key is
`name+key id+base64(0x01 ‖ public key)`. Any tool that knows the format can check our notes with it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

SIGNING_KEY = "audit-signing.key"
SEPARATOR = "\n\n"
ED25519 = b"\x01"


@dataclass(frozen=True, slots=True)
class Verifier:
    """Whose signature counts: a name and a public key."""

    name: str
    key: Ed25519PublicKey

    @property
    def key_id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self._raw).digest()[:4]

    @property
    def text(self) -> str:
        """The verifier key, as other tools read it."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(ED25519 + self._raw).decode()}"

    @property
    def _raw(self) -> bytes:
        return self.key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def read_verifier(text: str) -> Verifier:
    """A verifier key as it was written down; ValueError if it is none."""
    parts = text.strip().split("+", 2)  # a name holds no plus, base64 may
    if len(parts) != 3:
        raise ValueError("not a verifier key")
    name, key_id, encoded = parts
    raw = base64.b64decode(encoded, validate=True)
    if raw[:1] != ED25519 or len(raw) != 33:
        raise ValueError("not an Ed25519 verifier key")
    verifier = Verifier(name, Ed25519PublicKey.from_public_bytes(raw[1:]))
    if verifier.key_id.hex() != key_id:
        raise ValueError("the key does not fit its id")
    return verifier


def write_signing_key(vault: Path, key: bytes) -> None:
    """Keep the key that signs checkpoints (32 bytes) in the vault; the database never holds it."""
    descriptor = os.open(vault / SIGNING_KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(f"{key.hex()}\n".encode())


def _signing_key() -> Ed25519PrivateKey:
    text = (Path(settings.INSTALLATION.vault) / SIGNING_KEY).read_bytes().decode()
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text))


def own_verifier() -> Verifier:
    """The key with which anybody can check this practice's checkpoints."""
    return Verifier(origin(), _signing_key().public_key())


def origin() -> str:
    """Who signs: this installation."""
    return f"rapport/{settings.INSTALLATION.practice_id}"


def signed(text: str) -> str:
    """The note of a text, which ends with a line break."""
    signature = own_verifier().key_id + _signing_key().sign(text.encode())
    return f"{text}\n— {origin()} {base64.b64encode(signature).decode()}\n"


def text_of(note: str, verifier: Verifier) -> str | None:
    """The text of a note that carries this verifier's signature; None if it does not."""
    body, found, signatures = note.rpartition(SEPARATOR)
    if not found:
        return None
    text = body + "\n"
    for line in signatures.splitlines():
        mark, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        if mark == "—" and name == verifier.name and _is_signature(encoded, text, verifier):
            return text
    return None


def _is_signature(encoded: str, text: str, verifier: Verifier) -> bool:
    try:
        signature = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        return False
    if signature[:4] != verifier.key_id:
        return False
    try:
        verifier.key.verify(signature[4:], text.encode())
    except InvalidSignature:
        return False
    return True
