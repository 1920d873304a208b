"""Saving a practice and bringing it back.

A backup is a folder: the sealed record, the sealed keys (each with its SHA-256 in a manifest) and the ledger of
erasures. Keys are kept thirty days at most, so that an erased client's key leaves the backups too; the newest keys
open every older record.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from rapport.config.environment import Installation, InstallationError
from rapport.config.operations.sealed_stream import BackupDamaged, open_stream, seal_stream
from rapport.practice.security.keys.root import LEDGER, read_root_key

MANIFEST = "manifest.json"
PARTS = {"default": "record.sealed", "keys": "keys.sealed"}
KEYS_KEPT = timedelta(days=30)
NAME = "rapport-%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Backup:
    """Where a backup was put and how large it is."""

    folder: Path
    bytes: int


def back_up(installation: Installation, target: Path, *, at: datetime) -> Backup:
    """Save both databases, sealed; read the result back before calling it good."""
    _refuse_inside(installation, target)
    root = read_root_key(installation.root_key_file)
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = target / at.strftime(NAME)
    unfinished = target / f".{folder.name}.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    sums = {}
    for alias, part in PARTS.items():
        with _copied(alias, unfinished) as copy:
            with copy.open("rb") as source, (unfinished / part).open("wb") as out:
                seal_stream(source, out, root)
            sums[part] = _sum_of_file(copy)
        with (unfinished / part).open("rb") as sealed:
            if _sum_of(open_stream(sealed, root)) != sums[part]:
                raise BackupDamaged("The backup could not be read back. The disk may be failing; try another one.")
    manifest = {"practice": installation.practice_id, "made_at": at.isoformat(), "engine": engine(), "sha256": sums}
    (unfinished / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    ledger = installation.vault / LEDGER
    if ledger.exists():
        shutil.copy(ledger, unfinished / LEDGER)
    unfinished.rename(folder)
    _drop_old_keys(target, at)
    return Backup(folder, sum(file.stat().st_size for file in folder.iterdir()))


def restore(folder: Path, installation: Installation) -> None:
    """Bring a backup back into an empty installation. All of it is checked before any of it is put down."""
    manifest = read_manifest(folder)
    root = read_root_key(installation.root_key_file)
    with tempfile.TemporaryDirectory(dir=installation.data, prefix=".restore-") as scratch:
        for alias, part in PARTS.items():
            sealed = _newest_keys(folder) if alias == "keys" and not (folder / part).exists() else folder / part
            with sealed.open("rb") as source, (Path(scratch) / part).open("wb") as out:
                for piece in open_stream(source, root):
                    out.write(piece)
            if sealed == folder / part and _sum_of_file(Path(scratch) / part) != manifest["sha256"][part]:
                raise BackupDamaged("The backup is not what its manifest says. Use another one; nothing was changed.")
        for alias, part in PARTS.items():
            _put_back(alias, Path(scratch) / part)
    _merge_ledger(folder, installation)


def read_manifest(folder: Path) -> dict[str, Any]:
    """What a backup says of itself."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError):
        raise BackupDamaged(f"{folder} is not a Rapport backup: it has no readable {MANIFEST}.") from None
    if manifest.get("engine") != engine():
        raise BackupDamaged(f"This backup is of a {manifest.get('engine')} practice; this one runs on {engine()}.")
    return manifest


def engine() -> str:
    """Which database this process runs on."""
    from django.db import connections

    return connections["default"].vendor


def _refuse_inside(installation: Installation, target: Path) -> None:
    target = target.resolve()
    for place, name in ((installation.data, "data folder"), (installation.vault, "vault")):
        if target == place or place in target.parents:
            raise InstallationError(f"{target} lies inside the {name}. Back up to another disk or folder.")


@contextmanager
def _copied(alias: str, scratch: Path) -> Iterator[Path]:
    """A consistent copy of one database, gone again afterwards. What it holds of clients is sealed."""
    from django.db import connections

    copy = scratch / f"{alias}.copy"
    connection = connections[alias]
    try:
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            with closing(importlib.import_module("sqlite3").connect(copy)) as target:
                connection.connection.backup(target)
                if target.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                    raise BackupDamaged("The database does not pass its integrity check. Restore the last good backup.")
        else:
            _run("pg_dump", ["--format=custom", "--no-owner", f"--file={copy}"], connection.settings_dict)
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def _put_back(alias: str, copy: Path) -> None:
    from django.db import connections

    connection = connections[alias]
    if connection.vendor == "sqlite":
        connection.close()
        copy.replace(connection.settings_dict["NAME"])
    else:
        name = connection.settings_dict["NAME"]
        options = ["--no-owner", "--clean", "--if-exists", f"--dbname={name}", str(copy)]
        _run("pg_restore", options, connection.settings_dict)


def _run(program: str, arguments: list[str], database: dict[str, Any]) -> None:
    found = shutil.which(program) or next(iter(sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))), None)
    if found is None:
        raise InstallationError(f"{program} was not found. Install PostgreSQL's client programs.")
    environment = {
        "PGHOST": database["HOST"], "PGPORT": database["PORT"], "PGUSER": database["USER"],
        "PGPASSWORD": database["PASSWORD"], "PGDATABASE": database["NAME"],
    }  # fmt: skip
    wanted = {name: value for name, value in environment.items() if value}
    done = subprocess.run([str(found), *arguments], env=wanted, capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        raise BackupDamaged(f"{program} failed. Is the database running and reachable?")


def _sum_of_file(file: Path) -> str:
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _sum_of(pieces: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def _drop_old_keys(target: Path, at: datetime) -> None:
    """Keys older than thirty days leave the backups, the newest excepted."""
    oldest = (at - KEYS_KEPT).strftime(NAME)
    kept = sorted(target.glob(f"rapport-*/{PARTS['keys']}"))
    for file in kept[:-1]:
        if file.parent.name < oldest:
            file.unlink()


def _newest_keys(folder: Path) -> Path:
    found = sorted(folder.parent.glob(f"rapport-*/{PARTS['keys']}"))
    if not found:
        raise BackupDamaged("No keys were found beside this backup. Put the newest backup into the same folder.")
    return found[-1]


def _merge_ledger(folder: Path, installation: Installation) -> None:
    """What was erased after this backup was made is named by the newest ledger of any backup beside it."""
    lines: dict[str, None] = {}
    ledgers = [installation.vault / LEDGER, *sorted(folder.parent.glob(f"rapport-*/{LEDGER}"))]
    for ledger in ledgers:
        if ledger.exists():
            lines.update(dict.fromkeys(ledger.read_text(encoding="utf-8").splitlines()))
    if lines:
        (installation.vault / LEDGER).write_text("\n".join(lines) + "\n", encoding="utf-8")
