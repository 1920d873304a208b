"""`rapport audit verify`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from rapport.config.cli.options import data_option
from rapport.config.environment import read_installation
from rapport.config.operations import installation as installations


@click.group()
def audit() -> None:
    """The trail of who did what to whose record."""


@audit.command()
@data_option
@click.option(
    "--anchor",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A copy of the anchor file that was kept elsewhere. The default is the one in the vault.",
)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON, for another program.")
def verify(data: Path, anchor: Path | None, as_json: bool) -> None:
    """Check that nobody changed the trail: 0 it is whole, 1 it was tampered with, 2 it cannot be checked.

    Names the first bad entry and what was done to it. Against an anchor that was kept on another machine, it also sees
    whether the newest entries were cut off or the whole practice was replaced by an older copy.
    """
    installation = read_installation(data.resolve())
    installations.activate(installation)
    sys.exit(report(anchor or installation.vault / "audit-anchor.txt", as_json=as_json))


def report(anchor: Path, *, as_json: bool) -> int:
    """Verify, say what was found, and return the exit status."""
    from rapport.practice.security.audit.verify import verify as read_again

    result = read_again(anchor.read_text(encoding="utf-8") if anchor.exists() else None)
    finding = result.finding
    if as_json:
        found = {"class": finding.kind, "chain": finding.chain, "entry": finding.seq} if finding else None
        click.echo(json.dumps({"events": result.events, "checkpoints": result.checkpoints, "finding": found}))
    elif finding:
        click.echo(f"TAMPERED: entry {finding.seq} of chain {finding.chain} was {finding.kind}.")
    else:
        anchored = f"held against {result.checkpoints} checkpoints" if result.checkpoints else "no checkpoint yet"
        click.echo(f"The trail is whole: {result.events} entries, {anchored}.")
    return 1 if finding else 0
