"""Sealing words so that only their own place in their own compartment can open them.

A seal is `version | algorithm | key ids | nonce | ciphertext and tag` (AES-256-GCM, SP 800-38D). Its associated data
names the compartment, a fixed label and the row: moved to another row, field or client it does not open.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from rapport.practice.security.keys.compartments import NOBODY, Compartment, OpenedKey, opened
from rapport.practice.security.keys.root import derive

VERSION = 1
NONCE_BYTES = 12
Otherwise = TypeVar("Otherwise")
log = logging.getLogger("rapport.keys")
_noticed: ContextVar[set[str] | None] = ContextVar("seals_noticed", default=None)


class SealBroken(Exception):
    """The sealed bytes were changed, cut or moved; they are not what was sealed here."""


def seal_bytes(compartment: Compartment, label: str, row: UUID, content: bytes) -> bytes:
    """Seal bytes to one row and label of a compartment."""
    keys = [opened(kind, subject)[0] for kind, subject in compartment.parts]
    header = bytes([VERSION, len(keys)]) + b"".join(key.id.bytes for key in keys)
    nonce = secrets.token_bytes(NONCE_BYTES)
    return header + nonce + AESGCM(_joined(keys)).encrypt(nonce, content, _bound(compartment, label, row, header))


def unseal_bytes(compartment: Compartment, label: str, row: UUID, blob: bytes | memoryview) -> bytes:
    """Open what was sealed; SealBroken if it is not, KeyDestroyed if its owner was erased."""
    blob = bytes(blob)
    count = len(compartment.parts)
    start = 2 + 16 * count
    if len(blob) < start + NONCE_BYTES + 16 or blob[0] != VERSION or blob[1] != count:
        raise SealBroken("These bytes are not a seal.")
    keys = []
    for place, (kind, subject) in enumerate(compartment.parts):
        wanted = UUID(bytes=blob[2 + 16 * place : 18 + 16 * place])
        found = [key for key in opened(kind, subject) if key.id == wanted]
        if not found:
            raise SealBroken("These bytes were sealed with another key.")
        keys += found
    nonce, sealed = blob[start : start + NONCE_BYTES], blob[start + NONCE_BYTES :]
    try:
        return AESGCM(_joined(keys)).decrypt(nonce, sealed, _bound(compartment, label, row, blob[:start]))
    except InvalidTag:
        raise SealBroken("The sealed bytes were changed or moved.") from None


def seal(compartment: Compartment, label: str, row: UUID, text: str) -> bytes:
    """Seal a text."""
    return seal_bytes(compartment, label, row, text.encode())


def unseal(compartment: Compartment, label: str, row: UUID, blob: bytes | memoryview) -> str:
    """Open a sealed text."""
    return unseal_bytes(compartment, label, row, blob).decode()


def seal_data(compartment: Compartment, label: str, row: UUID, value: Any) -> bytes:
    """Seal anything JSON can hold."""
    return seal_bytes(compartment, label, row, json.dumps(value, ensure_ascii=False).encode())


def unseal_data(compartment: Compartment, label: str, row: UUID, blob: bytes | memoryview) -> Any:
    """Open sealed data."""
    return json.loads(unseal_bytes(compartment, label, row, blob))


def unseal_or(
    otherwise: Otherwise, compartment: Compartment, label: str, row: UUID, blob: bytes | memoryview
) -> str | Otherwise:
    """Open a sealed text among others': one that was changed past the practice hides no other, and is noticed."""
    try:
        return unseal(compartment, label, row, blob)
    except SealBroken:
        notice(label, row)
        return otherwise


def unseal_data_or(otherwise: Any, compartment: Compartment, label: str, row: UUID, blob: bytes | memoryview) -> Any:
    """Open sealed data among others', likewise."""
    try:
        return unseal_data(compartment, label, row, blob)
    except SealBroken:
        notice(label, row)
        return otherwise


def notice(label: str, row: UUID) -> None:
    """Something did not open and was left out: the log keeps it, and whoever gathers what was noticed is told."""
    _log_once(label, row)
    if (gathered := _noticed.get()) is not None:
        gathered.add(label)


@lru_cache(4096)
def _log_once(label: str, row: UUID) -> None:
    """Once in a process: the worker meets it again every few seconds until it is brought back."""
    log.error("a seal does not open: %s %s", label, row)


@contextmanager
def noticing() -> Iterator[set[str]]:
    """Gather the labels of what did not open meanwhile, so that a page can say it and the trail keep it."""
    gathered: set[str] = set()
    token = _noticed.set(gathered)
    try:
        yield gathered
    finally:
        _noticed.reset(token)


def keyed_hash(field: str, value: str) -> bytes:
    """A fingerprint for exact look-ups that says nothing without the practice's key (HMAC-SHA-256).

    The value is folded first (NFKC, case, outer spaces), so that an address is found however it was typed.
    """
    folded = unicodedata.normalize("NFKC", value).strip().casefold()
    index_key = opened("index", NOBODY)[0].key
    return hmac.new(index_key, f"{field}\x00{folded}".encode(), hashlib.sha256).digest()


def _joined(keys: list[OpenedKey]) -> bytes:
    if len(keys) == 1:
        return keys[0].key
    return derive(b"".join(key.key for key in keys), "rapport joined compartments")


def _bound(compartment: Compartment, label: str, row: UUID, header: bytes) -> bytes:
    return b"\x1f".join([b"rapport seal", header, compartment.label, label.encode(), row.bytes])
