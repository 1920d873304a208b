"""`rapport keys renew`."""

from __future__ import annotations

from pathlib import Path

import click

from rapport.config.cli.options import data_option
from rapport.config.environment import read_installation
from rapport.config.operations import installation as installations


@click.group()
def keys() -> None:
    """The keys that open the record."""


@keys.command()
@data_option
def renew(data: Path) -> None:
    """Make a new practice key and wrap every client's key with it; the old one is destroyed.

    What is written stays as it is, and the recovery sheet stays good. The practice may stay open meanwhile. If this is
    cut short, nothing is lost: run it again.
    """
    installations.activate(read_installation(data.resolve()))
    installations.prepare()
    from rapport.practice.foundation import clock
    from rapport.practice.security.keys.renewal import renew_practice_key
    from rapport.practice.security.policy.actor import SYSTEM

    count = renew_practice_key(actor=SYSTEM, at=clock.now())
    click.echo(f"Wrapped {count} keys anew. Older backups still open with the recovery sheet.")
