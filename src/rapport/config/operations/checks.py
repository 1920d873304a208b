"""What must be so before a practice may serve, and what its owner should know."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from rapport.config.environment import Installation

SAFE_SQLITE = (3, 51, 3)
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "trusted_schema": 0}


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what it is about, whether it holds, and the remedy if not."""

    name: str
    holds: bool
    remedy: str = ""


def run_checks(installation: Installation) -> list[Check]:
    """Every check, in the order a person would want to mend them. Needs Django to be set up."""
    checks: list[Callable[[Installation], list[Check]]] = [_vault, _engine, _settings, _migrations, _keys, _safety]
    return [check for run in checks for check in run(installation)]


def _vault(installation: Installation) -> list[Check]:
    file, data, vault = installation.root_key_file, installation.data.resolve(), installation.vault.resolve()
    apart = data != vault and data not in vault.parents and vault not in data.parents
    record = sorted(data.glob("*.sqlite3*"))
    return [
        Check("The root key is there", file.exists(), f"Put {file} back from your recovery sheet."),
        Check("Only its owner can read the root key", _is_closed(file), f"Run: chmod 600 {file}"),
        Check("Only its owner can enter the vault", _is_closed(vault), f"Run: chmod 700 {vault}"),
        Check("Only its owner can read the record", all(map(_is_closed, record)), f"Run: chmod 600 {data}/*.sqlite3*"),
        Check("The root key lies outside the data folder", apart, "Move the vault elsewhere."),
    ]


def _is_closed(file: Path) -> bool:
    """Whether nobody but its owner can do anything with it; what is not there is not open."""
    return not file.exists() or stat.S_IMODE(file.stat().st_mode) & 0o077 == 0


def _engine(installation: Installation) -> list[Check]:
    from django.db import connections

    checks = []
    for alias in ("default", "keys"):
        connection = connections[alias]
        if connection.vendor != "sqlite":
            continue
        with connection.cursor() as cursor:
            version = cursor.execute("SELECT sqlite_version()").fetchone()[0]
            values = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in PRAGMAS}
        safe = tuple(int(part) for part in re.findall(r"\d+", version)) >= SAFE_SQLITE
        checks += [
            Check(f"SQLite {version} loses nothing ({alias})", safe, "Install pysqlite3, or use PostgreSQL."),
            Check(
                f"Every commit reaches the disk ({alias})", values == PRAGMAS, "Restore the shipped database settings."
            ),
        ]
    return checks


def _settings(installation: Installation) -> list[Check]:
    from django.conf import settings

    origin = urlsplit(installation.origin)
    local = origin.hostname in HERE
    mail_stays = not settings.EMAIL_HOST or settings.EMAIL_HOST in HERE
    return [
        Check("Debugging is off", not settings.DEBUG, "Remove the setting DEBUG."),
        Check("The address is on this machine or has TLS", local or origin.scheme == "https",
              "Give --origin an address that begins with https://"),
        Check("Only the practice's own address answers", "*" not in settings.ALLOWED_HOSTS, "Name the address."),
        Check("A demo practice stays on this machine", local or not installation.demo, "Do not publish a demo."),
        Check("Mail leaves this machine encrypted", mail_stays or settings.EMAIL_USE_TLS,
              "Set RAPPORT_SMTP_TLS to starttls"),
    ]  # fmt: skip


def _migrations(installation: Installation) -> list[Check]:
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    checks = []
    for alias in ("default", "keys"):
        executor = MigrationExecutor(connections[alias])
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        newer = set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)
        checks.append(Check(f"The database fits this version ({alias})", not pending, "Run: rapport serve"))
        checks.append(Check(f"The database is not of a newer version ({alias})", not newer, "Install that version."))
    return checks


def _keys(installation: Installation) -> list[Check]:
    from rapport.practice.security.keys.compartments import open_practice_key
    from rapport.practice.security.keys.models import PracticeKey
    from rapport.practice.security.keys.root import RootKeyUnusable

    newest, opens = PracticeKey.objects.order_by("-version").first(), True
    try:
        if newest is not None:
            open_practice_key(newest)
    except RootKeyUnusable:
        opens = False
    remedy = f"Put the root key of this practice back into {installation.vault}; your recovery sheet has it."
    return [Check("The root key opens this practice", opens, remedy)]


def _safety(installation: Installation) -> list[Check]:
    from rapport.practice.foundation import clock
    from rapport.practice.measures.queries import safety_balance
    from rapport.practice.security.policy.actor import SYSTEM

    balance = safety_balance(viewer=SYSTEM, at=clock.now())
    return [
        Check(
            "Every answer that needs a person has its alert", balance.without_alert == 0, "Look at the alerts at once."
        )
    ]
