"""Compartments: whose key a sealed word belongs to."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import IntegrityError, transaction

from rapport.practice.foundation import clock
from rapport.practice.security.keys.models import CompartmentKey, PracticeKey
from rapport.practice.security.keys.root import RootKeyUnusable, derive, new_key, read_root_key
from rapport.practice.security.keys.router import KEYS

NOBODY = UUID(int=0)
CACHE_SECONDS = 60.0


class KeyDestroyed(Exception):
    """There is no key for this compartment: its owner was erased."""


@dataclass(frozen=True, slots=True)
class Compartment:
    """One owner's drawer, or several that must be opened together."""

    parts: tuple[tuple[str, UUID], ...]

    @property
    def label(self) -> bytes:
        return b"+".join(kind.encode() + b":" + subject.bytes for kind, subject in self.parts)


@dataclass(frozen=True, slots=True)
class OpenedKey:
    """A key in memory, with its name."""

    id: UUID
    key: bytes


def client(client_id: UUID) -> Compartment:
    return Compartment((("client", client_id),))


def author(account_id: UUID) -> Compartment:
    return Compartment((("author", account_id),))


def group(group_id: UUID) -> Compartment:
    return Compartment((("group", group_id),))


def practice() -> Compartment:
    return Compartment((("practice", NOBODY),))


def process_note(author_id: UUID, client_id: UUID) -> Compartment:
    """Opens only with its author's and its client's key together: secrecy and erasure both hold."""
    return Compartment((("author", author_id), ("client", client_id)))


_cache: dict[tuple[str, UUID], tuple[float, list[OpenedKey]]] = {}
_root: dict[Path, bytes] = {}


def forget_keys() -> None:
    """Empty this process's cache."""
    _cache.clear()
    _root.clear()


def wrap(key: bytes, wrapped_key: bytes, name: bytes) -> bytes:
    """Seal one key with another, to its name."""
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(key).encrypt(nonce, wrapped_key, name)


def unwrap(key: bytes, wrapped: bytes, name: bytes) -> bytes:
    """The key that `wrap` sealed."""
    try:
        return AESGCM(key).decrypt(wrapped[:12], wrapped[12:], name)
    except InvalidTag:
        raise RootKeyUnusable("The root key does not belong to this practice. Put back the right one.") from None


def wrapping_key() -> bytes:
    """The key that wraps practice keys, derived from the root."""
    file = settings.INSTALLATION.root_key_file
    if file not in _root:
        _root[file] = derive(read_root_key(file), "rapport practice key")
    return _root[file]


def _newest_practice_key() -> PracticeKey:
    newest = PracticeKey.objects.select_for_update(no_key=True).order_by("-version").first()
    return newest or write_practice_key(1, new_key())


def write_practice_key(version: int, key: bytes) -> PracticeKey:
    """Keep a practice key, wrapped by the root key; a race for the same version leaves one."""
    wrapped = wrap(wrapping_key(), key, f"practice key {version}".encode())
    kept, _ = PracticeKey.objects.get_or_create(
        version=version, defaults={"wrapped": wrapped, "created_at": clock.now()}
    )
    return kept


def open_practice_key(practice_key: PracticeKey) -> bytes:
    return unwrap(wrapping_key(), bytes(practice_key.wrapped), f"practice key {practice_key.version}".encode())


def create_compartment(kind: str, subject: UUID) -> None:
    """Make a compartment's first key if it has none. Written at once, before anything is sealed with it."""
    if CompartmentKey.objects.filter(kind=kind, subject=subject).exists():
        return
    add_version(kind, subject, 1)


def add_version(kind: str, subject: UUID, version: int) -> None:
    """Write one more key for a compartment; a race for the same version leaves one."""
    key, name = new_key(), name_of(kind, subject, version)
    try:
        with transaction.atomic(using=KEYS):  # a renewal may not take the practice key away in between
            practice_key = _newest_practice_key()
            CompartmentKey.objects.create(
                kind=kind,
                subject=subject,
                version=version,
                practice_key=practice_key,
                wrapped=wrap(open_practice_key(practice_key), key, name),
                created_at=clock.now(),
            )
    except IntegrityError:
        pass
    _cache.pop((kind, subject), None)


def name_of(kind: str, subject: UUID, version: int) -> bytes:
    return f"{kind}:{subject}:{version}".encode()


def _known(kind: str, subject: UUID) -> list[OpenedKey] | None:
    kept = _cache.get((kind, subject))
    return kept[1] if kept and kept[0] > time.monotonic() else None


def opened(kind: str, subject: UUID) -> list[OpenedKey]:
    """A compartment's keys, newest first; kept in memory for at most a minute."""
    if known := _known(kind, subject):
        return known
    if kind in {"practice", "index"}:
        create_compartment(kind, subject)
    rows = CompartmentKey.objects.filter(kind=kind, subject=subject).select_related("practice_key").order_by("-version")
    keys = [
        OpenedKey(
            row.id, unwrap(open_practice_key(row.practice_key), bytes(row.wrapped), name_of(kind, subject, row.version))
        )
        for row in rows
    ]
    if not keys:
        raise KeyDestroyed("The key of this compartment was destroyed.")
    _cache[kind, subject] = (time.monotonic() + CACHE_SECONDS, keys)
    return keys


def open_together(kind: str, subjects: Iterable[UUID]) -> None:
    """Open the keys of many compartments in one statement; those that are destroyed are left for `opened` to name."""
    missing = [subject for subject in subjects if not _known(kind, subject)]
    if len(missing) < 2:
        return
    found: dict[UUID, list[OpenedKey]] = {}
    practice_keys: dict[object, bytes] = {}
    rows = CompartmentKey.objects.filter(kind=kind, subject__in=missing).select_related("practice_key")
    for row in rows.order_by("-version"):
        if row.practice_key_id not in practice_keys:
            practice_keys[row.practice_key_id] = open_practice_key(row.practice_key)
        key = unwrap(practice_keys[row.practice_key_id], bytes(row.wrapped), name_of(kind, row.subject, row.version))
        found.setdefault(row.subject, []).append(OpenedKey(row.id, key))
    until = time.monotonic() + CACHE_SECONDS
    _cache.update({(kind, subject): (until, opened_keys) for subject, opened_keys in found.items()})


def forget_compartment(kind: str, subject: UUID) -> None:
    _cache.pop((kind, subject), None)
