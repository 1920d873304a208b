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


def new_key() -> bytes:
    """A key nobody had before."""
    return secrets.token_bytes(KEY_BYTES)


def write_root_key(file: Path, key: bytes | None = None) -> bytes:
    """Make a root key, readable by its owner alone; refuse to overwrite one."""
    key = key or new_key()
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(f"{key.hex()}\n".encode())
        out.flush()
        os.fsync(out.fileno())
    return key


def read_root_key(file: Path) -> bytes:
    """Read the root key; refuse one that others could read too."""
    try:
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            raise RootKeyUnusable(f"The root key {file} can be read by others. Close it: chmod 600 {file}")
        key = bytes.fromhex(file.read_bytes().decode())
        if len(key) != KEY_BYTES:
            raise ValueError
    except FileNotFoundError:
        raise RootKeyUnusable(f"The root key {file} is missing. Put it back from your recovery sheet.") from None
    except ValueError:
        raise RootKeyUnusable(f"{file} is not a root key. Put it back from your recovery sheet.") from None
    return key


def derive(key: bytes, purpose: str, length: int = KEY_BYTES) -> bytes:
    """A key for one purpose from another (HKDF-SHA-256, RFC 5869)."""
    return HKDF(SHA256(), length, None, purpose.encode()).derive(key)
