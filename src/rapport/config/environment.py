"""Where an installation lives: its data folder, its vault, its databases.

The data folder holds what is backed up. The vault holds what must never lie beside it: the root key, the key that
signs audit checkpoints, the anchor of the audit chain and the ledger of erasures.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

INSTALLATION_FILE = "practice.json"


class InstallationError(Exception):
    """The installation cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Installation:
    """One practice on one machine."""

    data: Path
    vault: Path
    practice_id: str
    demo: bool
    origin: str
    engine: str | None = None  # where the record lies; unknown only for a practice from before this was written down
    move: str | None = None  # the last move to PostgreSQL

    @property
    def root_key_file(self) -> Path:
        return self.vault / "root.key"


def use_safe_sqlite() -> None:
    """Put a SQLite of at least 3.51.3 in the place of the system's, which may corrupt a WAL database."""
    try:
        safe = importlib.import_module("pysqlite3")
    except ImportError:  # other platforms run on PostgreSQL; `rapport check` refuses an unsafe SQLite
        return
    sys.modules["sqlite3"] = safe
    sys.modules["sqlite3.dbapi2"] = safe.dbapi2


def read_installation(data: Path) -> Installation:
    """Read the installation in `data`; raise InstallationError with a remedy if there is none."""
    file = data / INSTALLATION_FILE
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InstallationError(f"No practice in {data}. Start one with: rapport serve --data {data}") from None
    except json.JSONDecodeError:
        raise InstallationError(f"{file} cannot be read. Restore it from a backup.") from None
    engine, move = kept.get("engine"), kept.get("move")
    return Installation(data, Path(kept["vault"]), kept["id"], bool(kept["demo"]), kept["origin"], engine, move)


def change_installation(installation: Installation, **changed: Any) -> Installation:
    """Write something else into the installation's file: the old content or the new, whenever the power fails."""
    file = installation.data / INSTALLATION_FILE
    kept = json.loads(file.read_text(encoding="utf-8"))
    written = file.with_name(f".{INSTALLATION_FILE}")
    with written.open("w", encoding="utf-8") as out:
        out.write(json.dumps({**kept, **changed}, indent=2) + "\n")
        out.flush()
        os.fsync(out.fileno())
    written.replace(file)
    return read_installation(installation.data)


def current_installation() -> Installation:
    """The installation named by RAPPORT_DATA."""
    named = os.environ.get("RAPPORT_DATA")
    if not named:
        raise InstallationError("No practice is chosen. Name its folder: rapport … --data DIR")
    return read_installation(Path(named).resolve())


def postgres_database(url: str) -> dict[str, Any]:
    """Django's settings for a postgresql:// address."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise InstallationError("RAPPORT_DATABASE_URL must begin with postgresql://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,
    }


def sqlite_database(file: Path | str) -> dict[str, Any]:
    """Django's settings for an embedded database that loses nothing it has acknowledged."""
    pragmas = [
        "journal_mode=WAL",
        "synchronous=FULL",  # NORMAL loses acknowledged commits when the power fails
        "foreign_keys=ON",
        "secure_delete=ON",  # a destroyed key must not stay in free pages
        "cell_size_check=ON",
        "trusted_schema=OFF",
        "wal_autocheckpoint=1000",
    ]
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": ";".join(f"PRAGMA {pragma}" for pragma in pragmas),
        },
    }


def named_engine() -> str:
    """Which database the environment names."""
    return "postgresql" if os.environ.get("RAPPORT_DATABASE_URL") else "sqlite"


def refuse_other_engine(installation: Installation) -> None:
    """A practice that lies in one database is not begun anew, empty, in the other."""
    if installation.engine == "postgresql" and named_engine() == "sqlite":
        raise InstallationError(
            "This practice lies in PostgreSQL. Set RAPPORT_DATABASE_URL and RAPPORT_KEYS_DATABASE_URL to its databases."
        )
    if installation.engine == "sqlite" and named_engine() == "postgresql":
        raise InstallationError(
            f"This practice lies in {installation.data}, and RAPPORT_DATABASE_URL names another place. Unset it, "
            "or take the practice there: rapport move"
        )


def databases(data: Path) -> dict[str, dict[str, Any]]:
    """The two databases: the record, and the keys that open it."""
    record, keys = os.environ.get("RAPPORT_DATABASE_URL"), os.environ.get("RAPPORT_KEYS_DATABASE_URL")
    if bool(record) != bool(keys):
        raise InstallationError("Name both RAPPORT_DATABASE_URL and RAPPORT_KEYS_DATABASE_URL, or neither.")
    if record and keys:
        return {"default": postgres_database(record), "keys": postgres_database(keys)}
    return {"default": sqlite_database(data / "data.sqlite3"), "keys": sqlite_database(data / "keys.sqlite3")}
