"""Compartments: whose key a sealed word belongs to."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import IntegrityError, transaction

from rapport.practice.foundation import clock
from rapport.practice.security.keys.models import CompartmentKey, PracticeKey
from rapport.practice.security.keys.root import KEY_BYTES, RootKeyUnusable, derive, read_root_key
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
_root: dict[str, bytes] = {}


def forget_keys() -> None:
    """Empty this process's cache."""
    _cache.clear()
    _root.clear()


def _wrap(key: bytes, wrapped_key: bytes, name: bytes) -> bytes:
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(key).encrypt(nonce, wrapped_key, name)


def _unwrap(key: bytes, wrapped: bytes, name: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(wrapped[:12], wrapped[12:], name)
    except InvalidTag:
        raise RootKeyUnusable("The root key does not belong to this practice. Put back the right one.") from None


def wrapping_key() -> bytes:
    """The key that wraps practice keys, derived from the root."""
    file = settings.INSTALLATION.root_key_file
    if str(file) not in _root:
        _root[str(file)] = derive(read_root_key(file), "rapport practice key")
    return _root[str(file)]


def _newest_practice_key() -> PracticeKey:
    newest = PracticeKey.objects.order_by("-version").first()
    if newest is None:
        name = b"practice key 1"
        wrapped = _wrap(wrapping_key(), secrets.token_bytes(KEY_BYTES), name)
        newest, _ = PracticeKey.objects.get_or_create(
            version=1, defaults={"wrapped": wrapped, "created_at": clock.now()}
        )
    return newest


def open_practice_key(practice_key: PracticeKey) -> bytes:
    return _unwrap(wrapping_key(), bytes(practice_key.wrapped), f"practice key {practice_key.version}".encode())


def create_compartment(kind: str, subject: UUID) -> None:
    """Make a compartment's first key if it has none. Written at once, before anything is sealed with it."""
    if CompartmentKey.objects.filter(kind=kind, subject=subject).exists():
        return
    add_version(kind, subject, 1)


def add_version(kind: str, subject: UUID, version: int) -> None:
    """Write one more key for a compartment; a race for the same version leaves one."""
    practice_key = _newest_practice_key()
    wrapped = _wrap(open_practice_key(practice_key), secrets.token_bytes(KEY_BYTES), _name(kind, subject, version))
    try:
        with transaction.atomic(using=KEYS):
            CompartmentKey.objects.create(
                kind=kind,
                subject=subject,
                version=version,
                practice_key=practice_key,
                wrapped=wrapped,
                created_at=clock.now(),
            )
    except IntegrityError:
        pass
    _cache.pop((kind, subject), None)


def _name(kind: str, subject: UUID, version: int) -> bytes:
    return f"{kind}:{subject}:{version}".encode()


def opened(kind: str, subject: UUID) -> list[OpenedKey]:
    """A compartment's keys, newest first; kept in memory for at most a minute."""
    kept = _cache.get((kind, subject))
    if kept and kept[0] > time.monotonic():
        return kept[1]
    if kind in {"practice", "index"}:
        create_compartment(kind, subject)
    rows = CompartmentKey.objects.filter(kind=kind, subject=subject).select_related("practice_key").order_by("-version")
    keys = [
        OpenedKey(
            row.id, _unwrap(open_practice_key(row.practice_key), bytes(row.wrapped), _name(kind, subject, row.version))
        )
        for row in rows
    ]
    if not keys:
        raise KeyDestroyed("The key of this compartment was destroyed.")
    _cache[kind, subject] = (time.monotonic() + CACHE_SECONDS, keys)
    return keys


def open_together(kind: str, subjects: Iterable[UUID]) -> None:
    """Open the keys of many compartments in one statement; those that are destroyed are left for `opened` to name."""
    now = time.monotonic()
    missing = [subject for subject in subjects if (_cache.get((kind, subject)) or (0.0,))[0] <= now]
    if len(missing) < 2:
        return
    found: dict[UUID, list[OpenedKey]] = {}
    practice_keys: dict[object, bytes] = {}
    for row in CompartmentKey.objects.filter(kind=kind, subject__in=missing).order_by("-version"):
        if row.practice_key_id not in practice_keys:
            practice_keys[row.practice_key_id] = open_practice_key(row.practice_key)
        key = _unwrap(practice_keys[row.practice_key_id], bytes(row.wrapped), _name(kind, row.subject, row.version))
        found.setdefault(row.subject, []).append(OpenedKey(row.id, key))
    until = time.monotonic() + CACHE_SECONDS
    _cache.update({(kind, subject): (until, opened_keys) for subject, opened_keys in found.items()})


def forget_compartment(kind: str, subject: UUID) -> None:
    _cache.pop((kind, subject), None)
