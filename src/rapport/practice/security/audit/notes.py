"""The key that signs checkpoints, and the signed-note format (the text format of Go's `sumdb/note`).

A note is a body, an empty line, and signature lines `— name base64(key hash ‖ Ed25519 signature)`. Any tool that
knows the format can check it with the public key.
"""

from __future__ import annotations

import base64
import hashlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

SIGNING_KEY = "audit-signing.key"
SEPARATOR = "\n\n"


def write_signing_key(vault: Path, key: bytes) -> None:
    """Keep the key that signs checkpoints (32 bytes) in the vault; the database never holds it."""
    descriptor = os.open(vault / SIGNING_KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write(key.hex() + "\n")


def _signing_key() -> Ed25519PrivateKey:
    text = (Path(settings.INSTALLATION.vault) / SIGNING_KEY).read_text(encoding="ascii")
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text.strip()))


def public_key() -> Ed25519PublicKey:
    """The key with which anybody can check the checkpoints."""
    return _signing_key().public_key()


def origin() -> str:
    """Who signs: this installation."""
    return f"rapport/{settings.INSTALLATION.practice_id}"


def signed(body: str) -> str:
    """The note of a body."""
    key = _signing_key()
    signature = _key_hash(key.public_key()) + key.sign(body.encode())
    return f"{body}\n— {origin()} {base64.b64encode(signature).decode()}\n"


def is_signed(note: str, key: Ed25519PublicKey) -> bool:
    """Whether a note carries this key's signature."""
    body, _, signatures = note.partition(SEPARATOR)
    for line in signatures.splitlines():
        mark, _, rest = line.partition(" ")
        if mark != "—":
            continue
        try:
            signature = base64.b64decode(rest.rpartition(" ")[2], validate=True)
            key.verify(signature[4:], (body + "\n").encode())
        except (InvalidSignature, ValueError):
            continue
        return True
    return False


def _key_hash(key: Ed25519PublicKey) -> bytes:
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return hashlib.sha256(origin().encode() + b"\n\x01" + raw).digest()[:4]
