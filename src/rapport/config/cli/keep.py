"""`rapport backup`, `rapport drill`, `rapport restore` and `rapport move`."""

from __future__ import annotations

import sys
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rapport.config.cli.options import FOLDER, data_option
from rapport.config.environment import Installation, InstallationError, read_installation
from rapport.config.operations import installation as installations

MOST = 30

if TYPE_CHECKING:
    from rapport.config.operations.drill import Drilled
    from rapport.practice.organisation.choices import Kept


@click.command()
@data_option
@click.option(
    "--to",
    "target",
    type=FOLDER,
    required=True,
    metavar="FOLDER",
    help="Another disk, or a folder that is copied away.",
)
def backup(data: Path, target: Path) -> None:
    """Save the practice. It may stay open meanwhile.

    The backup is encrypted with the root key, which is never part of it: keep your recovery sheet. Before it counts it
    is brought back in a folder of its own: every table is compared, and the audit trail is read again.
    """
    installation = read_installation(data.resolve())
    installations.activate(installation)
    from rapport.config.operations.backup import back_up
    from rapport.practice.foundation import clock
    from rapport.practice.organisation.choices import Kept, SafeKind

    began, at, place = time.monotonic(), clock.now(), str(target.resolve())
    try:
        made = back_up(installation, target.resolve(), at=at)
    except Exception as problem:
        _note(Kept(SafeKind.BACKUP, at, False, place, time.monotonic() - began, problem=_words(problem)))
        raise
    _note(Kept(SafeKind.BACKUP, at, True, str(made.folder), time.monotonic() - began, made.proof.rows))
    looked = (
        f"{made.proof.tables} tables, {made.proof.rows} rows and {made.proof.events} entries of the trail are the same"
    )
    click.echo(f"Saved, brought back and compared: {made.folder} ({made.bytes / 1_000_000:.1f} MB; {looked})")


@click.command()
@data_option
@click.option(
    "--from",
    "source",
    type=FOLDER,
    metavar="FOLDER",
    help="Where the backups are. The default is the last one's folder.",
)
@click.option("--all", "every", is_flag=True, help="Try the newest thirty, not only the newest.")
def drill(data: Path, source: Path | None, every: bool) -> None:
    """Try whether a backup would bring the practice back. Nothing of the practice is changed.

    The backup is opened in a folder of its own, compared table by table with what was saved, and brought up to this
    version; its audit trail is read and one signed note is opened. The office page shows how the last drill went.
    """
    installation = read_installation(data.resolve())
    installations.activate(installation)
    from rapport.config.operations import drill as drills
    from rapport.config.operations.backup import backups_in
    from rapport.practice.foundation import clock

    place = source.resolve() if source else _last_place(clock.now())
    newest = drills.newest_in(place)
    good = True
    for folder in backups_in(place)[-MOST:] if every else [newest]:
        at = clock.now()
        done = drills.drill(installation, folder, at=at)
        good = good and done.good
        if folder == newest:
            _note(done.kept(at))
        click.echo(_told(done))
    sys.exit(0 if good else 1)


def _last_place(at: datetime) -> Path:
    from rapport.practice.organisation.queries import safekeeping
    from rapport.practice.security.policy.actor import SYSTEM

    last = safekeeping(viewer=SYSTEM, at=at).good_backup
    if last is None:
        raise InstallationError("No backup was made yet. Make one: rapport backup, or name the folder with --from.")
    return Path(last.place).parent


def _told(done: Drilled) -> str:
    if done.proof is None or done.problem:
        return f"NOT GOOD  {done.folder.name}: {done.problem}"
    note = "a signed note opens" if done.opened else "there is no signed note to open"
    looked = f"{done.proof.rows} rows, {done.proof.events} entries, {note}"
    return f"good      {done.folder.name}: {looked} ({done.seconds:.1f} s)"


def _note(kept: Kept) -> None:
    """Keep how it went. A store that cannot be written, or is of an older version, is no reason to say nothing."""
    from django.db import DatabaseError

    from rapport.practice.foundation import clock
    from rapport.practice.organisation.actions import note_safekeeping
    from rapport.practice.security.policy.actor import SYSTEM

    try:
        note_safekeeping(actor=SYSTEM, at=clock.now(), kept=kept)
    except DatabaseError:
        click.echo("The office page will not show this: it could not be noted in the practice.", err=True)


def _words(problem: Exception) -> str:
    """What the office page may show: our own sentences, nothing of another program's."""
    from rapport.config.operations.sealed_stream import BackupDamaged

    return str(problem) if isinstance(problem, BackupDamaged | InstallationError) else type(problem).__name__


@click.command()
@data_option
@click.option(
    "--to",
    "target",
    required=True,
    metavar="PLACE",
    help="postgresql://USER@HOST/DATABASE for the record, or sqlite for the data folder.",
)
@click.option(
    "--keys-to",
    metavar="PLACE",
    help="The same for the keys. The default is the record's database with _keys behind it.",
)
def move(data: Path, target: str, keys_to: str | None) -> None:
    """Take the practice from SQLite to PostgreSQL, or back.

    Nobody may be in it meanwhile. The place it goes to must be empty. Every row is copied and compared before the
    practice is said to lie there; broken off half-way, it is whole where it was, and the same command begins again.
    Passwords are read from PGPASSWORD or ~/.pgpass, so that they need not stand in the command.
    """
    installation = read_installation(data.resolve())
    installations.activate(installation, alone=True)
    from rapport.config.operations import move as moves
    from rapport.practice.foundation import clock

    if target == "sqlite":
        done = moves.move_to_sqlite(installation, at=clock.now())
        advice = "Unset RAPPORT_DATABASE_URL and RAPPORT_KEYS_DATABASE_URL, make a backup, then drop the old databases."
    else:
        keys_to = keys_to or f"{target}_keys"
        done = moves.move_to_postgres(installation, moves.postgres_pair(target, keys_to), at=clock.now())
        advice = (
            "Set RAPPORT_DATABASE_URL and RAPPORT_KEYS_DATABASE_URL to these two, and make a backup. The old files "
            f"lie in {installation.data}/left-…; the keys in them are removed after thirty days."
        )
    click.echo(f"Moved and compared: {done.rows} rows the same, {done.events} entries of the trail are whole.")
    click.echo(advice)


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@data_option
@click.option("--vault", type=FOLDER, metavar="FOLDER", help="The vault of the practice, if it is still there.")
@click.option("--recovery-code", is_flag=True, help="Type the code of your recovery sheet: the vault is lost.")
@click.option("--origin", default="http://localhost:8000", metavar="ADDRESS", help="The address people will type.")
def restore(folder: Path, data: Path, vault: Path | None, recovery_code: bool, origin: str) -> None:
    """Bring a practice back from the backup in FOLDER into an empty data folder.

    Clients who were erased after the backup was made stay erased. The audit trail is checked at the end.
    """
    code = click.prompt("Recovery code (not shown)", hide_input=True) if recovery_code else ""
    key = installations.read_recovery_code(code) if recovery_code else None
    installation = installations.adopt_installation(folder, data, vault=vault, origin=origin, key=key)
    try:
        installations.activate(installation)
        from rapport.config.operations.backup import restore as bring_back

        bring_back(folder, installation)
    except Exception:
        installations.abandon(installation, with_vault=key is not None)
        raise
    installations.prepare()
    click.echo(f"Restored into {installation.data}.")
    from rapport.config.cli.audit import report

    older = begin_new_anchor(installation)
    if older:
        click.echo(f"The trail ends where this backup ends. What the anchor knows beyond it is kept in {older}.")
    sys.exit(report(anchor_of(installation), as_json=False))


def anchor_of(installation: Installation) -> Path:
    """Where the anchor of the audit trail lies."""
    return installation.vault / "audit-anchor.txt"


def begin_new_anchor(installation: Installation) -> Path | None:
    """Put the anchor aside if it names entries that this backup does not have yet: they were not tampered with."""
    from rapport.practice.foundation import clock
    from rapport.practice.security.audit.verify import Tampering, verify

    anchor = anchor_of(installation)
    if not anchor.exists():
        return None
    finding = verify(anchor.read_text(encoding="utf-8")).finding
    if finding is None or finding.kind is not Tampering.REPLACED:
        return None
    return anchor.rename(anchor.with_name(f"audit-anchor-until-restore-{clock.now():%Y%m%dT%H%M%SZ}.txt"))
