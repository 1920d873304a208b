"""The command line, with help that anybody can read.

Commands are loaded when they are asked for: `rapport outcomes` needs numpy, scipy and click alone, the others need the
practice (`pip install "rapport[practice]"`).
"""

from __future__ import annotations

import sys
from importlib import import_module

import click

from rapport import __version__
from rapport.config.logs import WithoutValues

PRACTICE = {
    "serve": "run:serve",
    "check": "run:check",
    "backup": "keep:backup",
    "drill": "keep:drill",
    "restore": "keep:restore",
    "move": "keep:move",
    "audit": "audit:audit",
    "keys": "keys:keys",
    "import": "import_:bring",
    "demo": "demo:demo",
}
CORE = {"outcomes": "outcomes:outcomes"}


class Commands(click.Group):
    """A group whose commands are modules beside this one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*PRACTICE, *CORE]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = {**PRACTICE, **CORE}.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        try:
            found: click.Command = getattr(import_module(f"rapport.config.cli.{module}"), name)
        except ModuleNotFoundError as missing:
            if cmd_name in CORE or (missing.name or "").startswith("rapport"):
                raise
            return _not_installed(cmd_name)
        return found


def _not_installed(name: str) -> click.Command:
    """Stands where a command of the practice would."""

    @click.command(name, help="Needs the practice: pip install 'rapport[practice]'.", add_help_option=False)
    def wanting() -> None:
        raise click.ClickException("This needs the practice. Install it with: pip install 'rapport[practice]'")

    wanting.ignore_unknown_options = wanting.allow_extra_args = True
    return wanting


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="rapport")
def rapport() -> None:
    """The whole work of a psychotherapist, on your own machine.

    Start a practice with `rapport serve --data FOLDER`, or look around in an invented one with `rapport demo run`.
    Everything stays in the folders you name. Nothing is sent anywhere unless you set up e-mail.
    Scores in a spreadsheet are read by `rapport outcomes`, without a practice.
    """


def _said_plainly() -> tuple[type[Exception], ...]:
    """Errors whose message is one sentence for the reader; none where the practice is not installed."""
    try:
        from rapport.config.environment import InstallationError
        from rapport.config.operations.sealed_stream import BackupDamaged
        from rapport.practice.security.keys.root import RootKeyUnusable
    except ModuleNotFoundError:
        return ()
    return InstallationError, BackupDamaged, RootKeyUnusable


def main() -> None:
    """Run a command; what went wrong is one sentence, never a traceback.

    A fault nobody foresaw is named by its kind and its lines alone: its message may quote what a client wrote, and a
    console is copied into reports and kept by the system's journal.
    """
    try:
        rapport(standalone_mode=True)
    except Exception as problem:
        if isinstance(problem, _said_plainly()):
            click.echo(str(problem), err=True)
            sys.exit(2)
        click.echo(WithoutValues().formatException((type(problem), problem, problem.__traceback__)), err=True)
        click.echo(
            "Something went wrong inside Rapport. Please report these lines; they hold no words of anybody.", err=True
        )
        sys.exit(1)
