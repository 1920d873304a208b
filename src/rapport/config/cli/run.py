"""`rapport serve` and `rapport check`."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import click

from rapport.config.cli.links import opening_links, this_program
from rapport.config.cli.options import FOLDER, data_option
from rapport.config.environment import (
    INSTALLATION_FILE,
    Installation,
    InstallationError,
    change_installation,
    read_installation,
)
from rapport.config.operations import installation as installations
from rapport.config.operations.checks import Check, run_checks
from rapport.config.operations.server import refuse_taken_port
from rapport.config.operations.server import serve as serve_practice

TLS_ADVICE = """
Clients reach the practice only through an address with TLS. Put a web server that gets certificates by itself
in front, for example Caddy with these two lines in its Caddyfile:
    practice.example.org {{
        reverse_proxy 127.0.0.1:{port}
    }}
and start the practice with:
    {program} serve --data {data} --port {port} --origin https://practice.example.org
"""


@click.command()
@data_option
@click.option("--port", type=int, help="The port on this machine. The default is 8000.")
@click.option("--origin", metavar="ADDRESS", help="The address people type, e.g. https://practice.example.org")
@click.option("--vault", type=FOLDER, metavar="FOLDER", help="Where a new practice keeps its root key.")
def serve(data: Path, port: int | None, origin: str | None, vault: Path | None) -> None:
    """Open the practice: the web server and the worker that sends mail and watches alerts.

    If FOLDER is empty, a new practice is made there. You get a recovery sheet to print, and a link that works once and
    for thirty minutes, with which you set up your own account.
    """
    port = port or 8000
    if not (data / INSTALLATION_FILE).exists():
        made = installations.create_installation(
            data, vault=vault, demo=False, origin=origin or f"http://localhost:{port}"
        )
        click.echo(f"A new practice was made in {made.data}.")
        click.echo(f"PRINT THIS SHEET, lock it away, then delete the file: {made.vault / installations.SHEET}")
        click.echo(TLS_ADVICE.format(port=port, program=this_program(), data=shlex.quote(str(made.data))))
    elif origin:
        change_origin(data, origin)
    open_doors(read_installation(data.resolve()), port)


def change_origin(data: Path, origin: str) -> None:
    """Keep a new address."""
    change_installation(read_installation(data.resolve()), origin=origin)


def open_doors(installation: Installation, port: int) -> None:
    """Bring a practice up to date, refuse to serve an unsafe one, greet whoever opens it first, serve."""
    refuse_taken_port(port)
    installations.activate(installation)
    installations.prepare()
    failed = [check for check in run_checks(installation) if not check.holds]
    if failed:
        raise InstallationError("The practice is not safe to open.\n" + _as_text(failed))
    greet(installation)
    click.echo(f"The practice is open at {installation.origin}   (stop with Ctrl+C)")
    serve_practice(installation, port)


def greet(installation: Installation) -> None:
    """Print what opens the practice: the first account's link, or a demo's links."""
    for line in opening_links(installation):
        click.echo(line)


@click.command()
@data_option
def check(data: Path) -> None:
    """Look whether the practice is safe to open, and say how to mend what is not."""
    installation = read_installation(data.resolve())
    installations.activate(installation)
    checks = run_checks(installation)
    click.echo(_as_text(checks))
    sys.exit(0 if all(one.holds for one in checks) else 1)


def _as_text(checks: list[Check]) -> str:
    return "\n".join(
        f"{'ok ' if one.holds else 'NO '} {one.name}" + ("" if one.holds else f". {one.remedy}") for one in checks
    )
