"""The command line, with help that anybody can read."""

from __future__ import annotations

import sys

import click

from rapport import __version__
from rapport.config.cli.audit import audit
from rapport.config.cli.demo import demo
from rapport.config.cli.import_ import bring
from rapport.config.cli.keep import backup, restore
from rapport.config.cli.run import check, serve
from rapport.config.environment import InstallationError
from rapport.config.operations.sealed_stream import BackupDamaged
from rapport.practice.security.keys.root import RootKeyUnusable


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="rapport")
def rapport() -> None:
    """The whole work of a psychotherapist, on your own machine.

    Start a practice with `rapport serve --data FOLDER`, or look around in an invented one with `rapport demo run`.
    Everything stays in the folders you name. Nothing is sent anywhere unless you set up e-mail.
    """


for command in (serve, check, backup, restore, audit, bring, demo):
    rapport.add_command(command)


def main() -> None:
    """Run a command; what went wrong is one sentence, never a traceback."""
    try:
        rapport(standalone_mode=True)
    except (InstallationError, BackupDamaged, RootKeyUnusable) as problem:
        click.echo(str(problem), err=True)
        sys.exit(2)
