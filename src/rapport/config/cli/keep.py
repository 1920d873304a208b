"""`rapport backup` and `rapport restore`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from rapport.config.cli.options import FOLDER, data_option
from rapport.config.environment import Installation, read_installation
from rapport.config.operations import backup as backups
from rapport.config.operations import installation as installations


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

    The backup is encrypted with the root key, which is never part of it: keep your recovery sheet. Each backup is read
    back before it counts.
    """
    installation = read_installation(data.resolve())
    installations.activate(installation)
    from rapport.practice.foundation import clock

    made = backups.back_up(installation, target, at=clock.now())
    click.echo(f"Saved and read back: {made.folder} ({made.bytes / 1_000_000:.1f} MB)")


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
        backups.restore(folder, installation)
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
