"""Sealing a large file in pieces, so that a cut, swapped or changed piece is noticed (the STREAM construction).

Layout: magic | salt (32) | pieces of ciphertext and tag. Each piece's nonce is `prefix (7) | counter (4) | last (1)`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from rapport.practice.security.keys.root import derive

MAGIC = b"RAPPORT-BACKUP-1\n"
PIECE = 1 << 20
TAG = 16
SALT = 32
PREFIX = 7


class BackupDamaged(Exception):
    """The file is not a whole backup made with this practice's key."""


def seal_stream(source: BinaryIO, target: BinaryIO, root: bytes) -> None:
    """Seal everything of `source` into `target`."""
    salt = secrets.token_bytes(SALT)
    target.write(MAGIC + salt)
    cipher, prefix = _cipher(root, salt)
    counter, piece = 0, source.read(PIECE)
    while True:
        following = source.read(PIECE)
        target.write(cipher.encrypt(_nonce(prefix, counter, not following), piece, MAGIC))
        if not following:
            return
        counter, piece = counter + 1, following


def open_stream(source: BinaryIO, root: bytes) -> Iterator[bytes]:
    """The pieces of a sealed stream; BackupDamaged at the first that is not as it was sealed."""
    if source.read(len(MAGIC)) != MAGIC:
        raise BackupDamaged("This file is not a Rapport backup.")
    salt = source.read(SALT)
    cipher, prefix = _cipher(root, salt)
    counter, piece = 0, source.read(PIECE + TAG)
    while True:
        following = source.read(PIECE + TAG)
        try:
            yield cipher.decrypt(_nonce(prefix, counter, not following), piece, MAGIC)
        except InvalidTag:
            raise BackupDamaged(
                "This backup is damaged, cut short, or of another practice. Use another one; nothing was changed."
            ) from None
        if not following:
            return
        counter, piece = counter + 1, following


def _cipher(root: bytes, salt: bytes) -> tuple[AESGCM, bytes]:
    material = derive(root, f"rapport backup {salt.hex()}", 32 + PREFIX)
    return AESGCM(material[:32]), material[32:]


def _nonce(prefix: bytes, counter: int, last: bool) -> bytes:
    return prefix + counter.to_bytes(4, "big") + bytes([last])
