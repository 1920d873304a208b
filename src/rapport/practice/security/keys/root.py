"""The root key: a file outside the data folder and outside every backup."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
LEDGER = "erasures.jsonl"  # beside the root key: what was erased must stay so after every restore


class RootKeyUnusable(Exception):
    """The root key is missing, foreign or readable by others; the message names the remedy."""


def write_root_key(file: Path, key: bytes | None = None) -> bytes:
    """Make a root key, readable by its owner alone; refuse to overwrite one."""
    key = key or secrets.token_bytes(KEY_BYTES)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write(key.hex() + "\n")
        out.flush()
        os.fsync(out.fileno())
    return key


def read_root_key(file: Path) -> bytes:
    """Read the root key; refuse one that others could read too."""
    try:
        mode = file.stat().st_mode
        text = file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise RootKeyUnusable(f"The root key {file} is missing. Put it back from your recovery sheet.") from None
    if stat.S_IMODE(mode) & 0o077:
        raise RootKeyUnusable(f"The root key {file} can be read by others. Close it: chmod 600 {file}")
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise RootKeyUnusable(f"{file} is not a root key. Put it back from your recovery sheet.")
    return key


def derive(key: bytes, purpose: str, length: int = KEY_BYTES) -> bytes:
    """A key for one purpose from another (HKDF-SHA-256, RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose.encode()).derive(key)
