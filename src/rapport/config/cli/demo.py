"""`rapport demo`: an invented practice to look around in."""

from __future__ import annotations

from pathlib import Path

import click

from rapport.config.cli.run import open_doors
from rapport.config.environment import INSTALLATION_FILE, InstallationError, read_installation
from rapport.config.operations import installation as installations
from rapport.config.operations.server import refuse_taken_port

folder_option = click.option(
    "--data",
    "home",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".demo"),
    metavar="FOLDER",
    help="Where the demo practice is kept. The default is .demo",
)


@click.group()
def demo() -> None:
    """An invented practice on this machine: three therapists, twenty-four clients, a year of sessions."""


@demo.command()
@folder_option
@click.option("--port", type=int, default=8000, help="The port on this machine.")
def run(home: Path, port: int) -> None:
    """Make the demo practice if it is not there yet, open it, and print a link per role."""
    refuse_taken_port(port)
    build(home, port)
    open_doors(read_installation((home / "data").resolve()), port)


def build(home: Path, port: int) -> None:
    """Make the demo practice; an unfinished one from before is made anew."""
    import shutil

    from rapport.config.cli.run import change_origin

    data, done = home / "data", home / "finished"
    origin = f"http://localhost:{port}"
    if done.exists() and (data / INSTALLATION_FILE).exists():
        change_origin(data, origin)
        return
    if home.exists() and any(home.iterdir()) and not (data / INSTALLATION_FILE).exists():
        raise InstallationError(f"{home} holds something else. Choose another folder with --data.")
    shutil.rmtree(home, ignore_errors=True)
    installation = installations.create_installation(data, vault=home / "vault", demo=True, origin=origin)
    installations.activate(installation)
    installations.prepare()
    from rapport.demo.build import build_practice
    from rapport.practice.foundation import clock

    with click.progressbar(length=100, label="Inventing a practice") as bar:
        build_practice(progress=lambda share: bar.update(int(share * 100) - bar.pos), at=clock.now())
    done.touch()


@demo.command()
@click.argument("role", type=click.Choice(["manager", "therapist", "client"]))
@folder_option
def link(role: str, home: Path) -> None:
    """Print one more sign-in link for ROLE. It works once."""
    if not (home / "data" / INSTALLATION_FILE).exists():
        raise InstallationError(f"There is no demo practice in {home}. Name its folder with --data.")
    installation = read_installation((home / "data").resolve())
    installations.activate(installation)
    from rapport.config.cli.links import demo_link

    click.echo(demo_link(installation, role))
