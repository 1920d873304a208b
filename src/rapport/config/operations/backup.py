"""Saving a practice and bringing it back.

A backup is a folder: the sealed record, the sealed keys, the sealed sums of their tables, a manifest with the SHA-256
of each part, and the ledger of erasures. Keys are kept thirty days at most, so that an erased client's key leaves the
backups too; the newest keys open every older record.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connections, transaction

from rapport import __version__
from rapport.config.environment import Installation, InstallationError
from rapport.config.operations.copies import FROM, Proof, Sums, copy_both, prove, whole_trail
from rapport.config.operations.holds import scratch, to_disk
from rapport.config.operations.sealed_stream import BackupDamaged, open_stream, seal_stream
from rapport.config.operations.stores import RECORD, STORES, registered, scratch_databases, scratch_files
from rapport.config.operations.tables import TableSum, copy_store
from rapport.config.operations.upgrade import bring_up
from rapport.practice.security.keys.root import LEDGER, read_root_key
from rapport.practice.security.keys.router import KEYS

MANIFEST, TABLES = "manifest.json", "tables.sealed"
PARTS = {RECORD: "record.sealed", KEYS: "keys.sealed"}
KEYS_KEPT = timedelta(days=30)
NAME = "rapport-%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Backup:
    """Where a backup was put, how large it is, and what was looked at when it was brought back."""

    folder: Path
    bytes: int
    proof: Proof


def back_up(installation: Installation, target: Path, *, at: datetime) -> Backup:
    """Save both stores, sealed; bring the result back, look at everything in it, and only then give it its name."""
    _refuse_inside(installation, target)
    root = read_root_key(installation.root_key_file)
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = target / at.strftime(NAME)
    if folder.exists():
        raise InstallationError(f"{folder} is there already. Wait a second and try again.")
    unfinished = target / f".{installation.practice_id}.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    try:
        with scratch(installation) as place:
            anchor = anchor_text(installation)
            write(installation, place, unfinished, root, at)
        with scratch(installation) as place:
            proof = prove(place, unsealed(unfinished, place, root), look=lambda: whole_trail(anchor))
        for file in (*unfinished.iterdir(), unfinished):
            to_disk(file)
        unfinished.rename(folder)
    except BackupDamaged as damaged:
        raise BackupDamaged(f"NOT SAVED. {damaged} Older backups are as they were.") from None
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    to_disk(target)
    drop_old_keys(target, at)
    return Backup(folder, sum(file.stat().st_size for file in folder.iterdir()), proof)


def write(installation: Installation, place: Path, folder: Path, root: bytes, at: datetime) -> None:
    """Copy both stores and write every part of a backup into a folder."""
    sums = copy_both(place)
    for alias, part in PARTS.items():
        with scratch_files(place)[alias].open("rb") as source, (folder / part).open("wb") as out:
            seal_stream(source, out, root)
    tables = {alias: {table: asdict(one) for table, one in found.items()} for alias, found in sums.items()}
    with (folder / TABLES).open("wb") as out:
        seal_stream(io.BytesIO(json.dumps(tables).encode()), out, root)
    manifest = {
        "practice": installation.practice_id,
        "made_at": at.isoformat(),
        "version": __version__,
        "engine": connections[RECORD].vendor,
        "sha256": {part: _sum_of_file(folder / part) for part in (*PARTS.values(), TABLES)},
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    ledger = installation.vault / LEDGER
    if ledger.exists():
        shutil.copy(ledger, folder / LEDGER)


def unsealed(folder: Path, place: Path, root: bytes) -> Sums:
    """Open a backup into files in `place`, every part held against the manifest; what its tables must come to."""
    own, keys = folder, folder if (folder / PARTS[KEYS]).exists() else _newest_keys(folder)
    sums = {}
    for alias, source in ((RECORD, own), (KEYS, keys)):
        with scratch_files(place)[alias].open("wb") as out:
            for piece in _opened(source, PARTS[alias], root):
                out.write(piece)
        tables = json.loads(b"".join(_opened(source, TABLES, root)))
        sums[alias] = {table: TableSum(**one) for table, one in tables[alias].items()}
    return sums


def _opened(folder: Path, part: str, root: bytes) -> Iterator[bytes]:
    if _sum_of_file(folder / part) != read_manifest(folder)["sha256"].get(part):
        raise BackupDamaged("The backup is damaged: it is not what its manifest says. Use another one.")
    with (folder / part).open("rb") as sealed:
        yield from open_stream(sealed, root)


def restore(folder: Path, installation: Installation, *, bring_it_up: bool = True) -> None:
    """Bring a backup back into an empty installation. All of it is checked before any of it is put down.

    The trail is not looked at here: who restores after an attack wants the record, and is told about the trail.
    """
    root = read_root_key(installation.root_key_file)
    with scratch(installation) as place:
        prove(place, unsealed(folder, place, root), look=lambda: 0, bring_it_up=bring_it_up)
        if connections[RECORD].vendor == "sqlite":
            for alias, file in scratch_files(place).items():
                connections[alias].close()
                to_disk(file)
                file.replace(connections[alias].settings_dict["NAME"])
            to_disk(installation.data)
        else:
            _fill_server(place)
    _merge_ledger(folder, installation)


def _fill_server(place: Path) -> None:
    """Put the copies into two empty databases of a server; both or neither."""
    for alias in STORES:
        if connections[alias].introspection.table_names():
            raise InstallationError(f"The PostgreSQL database ({alias}) is not empty. Name an empty one.")
    with (
        registered(scratch_databases(place), FROM),
        transaction.atomic(using=RECORD),
        transaction.atomic(using=KEYS),
    ):
        bring_up()
        for alias in STORES:
            copy_store(alias, f"{FROM}{alias}", alias)


def read_manifest(folder: Path) -> dict[str, Any]:
    """What a backup says of itself."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError):
        raise BackupDamaged(f"{folder} is not a Rapport backup: it has no readable {MANIFEST}.") from None
    return manifest


def backups_in(target: Path) -> list[Path]:
    """The backups in a folder, oldest first."""
    return sorted(manifest.parent for manifest in target.glob(f"rapport-*/{MANIFEST}"))


def anchor_text(installation: Installation) -> str | None:
    """The checkpoints that are known outside the data."""
    anchor = installation.vault / "audit-anchor.txt"
    return anchor.read_text(encoding="utf-8") if anchor.exists() else None


def drop_old_keys(target: Path, at: datetime) -> None:
    """Keys older than thirty days leave the backups, the newest excepted."""
    oldest = (at - KEYS_KEPT).strftime(NAME)
    kept = sorted(target.glob(f"rapport-*/{PARTS[KEYS]}"))
    for file in kept[:-1]:
        if file.parent.name < oldest:
            file.unlink()


def _refuse_inside(installation: Installation, target: Path) -> None:
    target = target.resolve()
    for place, name in ((installation.data, "data folder"), (installation.vault, "vault")):
        if target == place or place in target.parents:
            raise InstallationError(f"{target} lies inside the {name}. Back up to another disk or folder.")


def _sum_of_file(file: Path) -> str:
    try:
        with file.open("rb") as source:
            return hashlib.file_digest(source, "sha256").hexdigest()
    except FileNotFoundError:
        raise BackupDamaged(f"{file.name} is missing from the backup. Use another one.") from None


def _newest_keys(folder: Path) -> Path:
    found = sorted(folder.parent.glob(f"rapport-*/{PARTS[KEYS]}"))
    if not found:
        raise BackupDamaged("No keys were found beside this backup. Put the newest backup into the same folder.")
    return found[-1].parent


def _merge_ledger(folder: Path, installation: Installation) -> None:
    """What was erased after this backup was made is named by the newest ledger of any backup beside it."""
    lines: dict[str, None] = {}
    ledgers = [installation.vault / LEDGER, *sorted(folder.parent.glob(f"rapport-*/{LEDGER}"))]
    for ledger in ledgers:
        if ledger.exists():
            lines.update(dict.fromkeys(ledger.read_text(encoding="utf-8").splitlines()))
    if lines:
        (installation.vault / LEDGER).write_text("\n".join(lines) + "\n", encoding="utf-8")
