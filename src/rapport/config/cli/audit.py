"""`rapport audit`: check the trail, take it elsewhere, ask it who saw what."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import astuple, fields
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from rapport.config.cli.options import FOLDER, data_option
from rapport.config.environment import InstallationError, read_installation
from rapport.config.operations import installation as installations

if TYPE_CHECKING:
    from rapport.practice.security.audit.reading import Verification

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])
WRITTEN = click.Path(dir_okay=False, path_type=Path)


@click.group()
def audit() -> None:
    """The trail of who did what to whose record."""


@audit.command()
@click.option("--data", type=FOLDER, envvar="RAPPORT_DATA", metavar="FOLDER", help="The folder of the practice.")
@click.option("--file", type=FILE, help="A trail that `rapport audit export` wrote, instead of a practice.")
@click.option("--key", "key", metavar="KEY", help="Who must have signed, as `rapport audit key` says it.")
@click.option(
    "--anchor", type=FILE, help="A copy of the anchor that was kept elsewhere. The default is the one in the vault."
)
@click.option("--root", multiple=True, metavar="NUMBER:ROOT", help="A checkpoint as it was written down on paper.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON, for another program.")
def verify(
    data: Path | None, file: Path | None, key: str | None, anchor: Path | None, root: tuple[str, ...], as_json: bool
) -> None:
    """Check that nobody changed the trail: 0 it is whole, 1 it was tampered with, 2 it cannot be checked.

    Names the first bad entry and what was done to it. Against an anchor that was kept on another machine, it also sees
    whether the newest entries were cut off or the whole practice was replaced by an older copy.
    """
    if data is None and file is None:
        raise click.UsageError("Name the folder of a practice (--data) or an exported trail (--file).")

    def read() -> Verification:
        roots = [_written_down(text) for text in root]
        if data is not None:
            installation = read_installation(data.resolve())
            installations.activate(installation)
        if file is not None:
            return _exported(file, key, anchor, roots)
        return _practice(key, anchor or installation.vault / "audit-anchor.txt", anchor is not None, roots)

    sys.exit(_say(read, as_json=as_json))


@audit.command()
@data_option
@click.argument("file", type=WRITTEN)
def export(data: Path, file: Path) -> None:
    """Write the whole trail to FILE. It can be verified years later, without the practice.

    It holds ids, times and codes as the trail does; words stay sealed.
    """
    _open(data)
    from rapport.practice.security.audit.exported import write_trail
    from rapport.practice.security.audit.notes import own_verifier
    from rapport.practice.security.audit.sources import DatabaseTrail, one_moment

    key = own_verifier().text
    with file.open("x", encoding="utf-8") as out, one_moment():
        count = write_trail(out, DatabaseTrail(), key)
    click.echo(f"{count} entries are in {file}. Keep this key elsewhere, to check it with:\n{key}")


@audit.command()
@data_option
def key(data: Path) -> None:
    """Show the key that checks our checkpoints, and the newest checkpoint in a form fit for paper."""
    _open(data)
    from rapport.practice.security.audit.checkpoints import newest_root
    from rapport.practice.security.audit.notes import own_verifier

    click.echo(f"Key:  {own_verifier().text}\nRoot: {newest_root() or 'no checkpoint yet'}")


@audit.command()
@data_option
@click.option("--to", "file", type=WRITTEN, required=True, help="A file on another disk or machine.")
def anchor(data: Path, file: Path) -> None:
    """Append the checkpoints that FILE does not hold yet. Sign a new one first, if anything happened."""
    _open(data)
    from rapport.practice.foundation import clock
    from rapport.practice.security.audit.checkpoints import append_missing, newest_root, write_checkpoint

    write_checkpoint(clock.now())
    count = append_missing(file)
    click.echo(f"{count} checkpoints were added to {file}. The newest is {newest_root() or 'none'}.")


@audit.command("who-saw")
@data_option
@click.option("--from", "start", type=MOMENT, required=True, help="From this moment on, in the practice's own time.")
@click.option("--until", "end", type=MOMENT, required=True, help="Until before this moment.")
@click.option("--client", type=click.UUID, metavar="ID", help="Only about this client.")
@click.option("--person", type=click.UUID, metavar="ID", help="Only by this account.")
def who_saw(data: Path, start: datetime, end: datetime, client: UUID | None, person: UUID | None) -> None:
    """Print as CSV who read, did or was refused what between two moments.

    Clients are ids here; the same page of the office names them. The report is an entry of the trail itself.
    """
    _open(data)
    from rapport.config.cli.outcomes.showing import as_csv
    from rapport.practice.foundation import clock
    from rapport.practice.organisation.queries import practice_zone
    from rapport.practice.security.accounts.queries import who_saw as queries
    from rapport.practice.security.policy.actor import SYSTEM

    zone = practice_zone()
    found = queries.who_saw(
        viewer=SYSTEM, at=clock.now(), start=start.replace(tzinfo=zone), end=end.replace(tzinfo=zone), client=client,
        account=person,
    )  # fmt: skip
    rows = [["" if cell is None else str(cell) for cell in astuple(line)] for line in found]
    as_csv([field.name for field in fields(queries.Seen)], rows)


def report(anchor: Path, *, as_json: bool) -> int:
    """Verify an open practice, say what was found, and return the exit status."""
    return _say(lambda: _practice(None, anchor, False, []), as_json=as_json)


def _open(data: Path) -> None:
    installations.activate(read_installation(data.resolve()))


def _practice(key: str | None, anchor: Path, is_named: bool, roots: list[tuple[int, str]]) -> Verification:
    from rapport.practice.security.audit.notes import own_verifier, read_verifier
    from rapport.practice.security.audit.reading import verify_trail
    from rapport.practice.security.audit.sources import DatabaseTrail, one_moment

    verifier = read_verifier(key) if key else own_verifier()
    notes = _notes(anchor) if is_named or anchor.exists() else []
    with one_moment():
        return verify_trail(DatabaseTrail(), verifier, notes, roots)


def _exported(file: Path, key: str | None, anchor: Path | None, roots: list[tuple[int, str]]) -> Verification:
    from rapport.practice.security.audit.exported import FileTrail, Unverifiable
    from rapport.practice.security.audit.notes import read_verifier
    from rapport.practice.security.audit.reading import verify_trail

    if not key:
        raise Unverifiable("Name the key that must have signed (--key): the one inside the file proves nothing.")
    return verify_trail(FileTrail(file), read_verifier(key), _notes(anchor) if anchor else [], roots)


def _notes(anchor: Path) -> list[str]:
    from rapport.practice.security.audit.exported import Unverifiable
    from rapport.practice.security.audit.statements import anchored_notes

    notes = list(anchored_notes(anchor.read_text(encoding="utf-8", errors="replace")))
    if not notes:
        raise Unverifiable(f"{anchor} holds no checkpoint.")
    return notes


def _written_down(text: str) -> tuple[int, str]:
    number, _, root = text.partition(":")
    if not number.isdecimal() or not root:
        raise click.UsageError("A root is written as NUMBER:ROOT, as `rapport audit key` shows it.")
    return int(number), root


def _say(read: Callable[[], Verification], *, as_json: bool) -> int:
    try:
        result = read()
    except (click.ClickException, InstallationError):
        raise
    except Exception as problem:  # whatever it is, it is not evidence of tampering
        why = str(problem) if type(problem).__name__ in {"Unverifiable", "ValueError"} else type(problem).__name__
        click.echo(json.dumps({"error": why}) if as_json else f"The trail cannot be checked: {why}", err=not as_json)
        return 2
    click.echo(json.dumps(_as_json(result)) if as_json else _in_words(result))
    return 1 if result.finding else 0


def _as_json(result: Verification) -> dict[str, Any]:
    found = result.finding
    said: dict[str, Any] | None = None
    if found:
        said = {"class": found.kind, "chain": found.chain, "entry": found.seq, "after": found.after}
        said["checkpoint"] = found.checkpoint
    warnings = [{"class": "clock", "chain": one.chain, "entry": one.seq, "said": one.said} for one in result.warnings]
    return {
        "events": result.events,
        "checkpoints": result.checkpoints,
        "anchored": result.anchored,
        "finding": said,
        "warnings": warnings,
    }


def _in_words(result: Verification) -> str:
    found = result.finding
    lines = [f"The clock went back before entry {one.seq} of chain {one.chain}: {one.said}." for one in result.warnings]
    if found and found.chain < 0:
        lines.append(f"TAMPERED: checkpoint {found.checkpoint}: {found.kind}.")
    elif found:
        between = f" Up to entry {found.after} it is as it was signed." if found.after < found.seq - 1 else ""
        lines.append(f"TAMPERED: entry {found.seq} of chain {found.chain} was {found.kind}.{between}")
    else:
        held = f"{result.checkpoints} signed checkpoints, {result.anchored} of an anchor"
        lines.append(f"The trail is whole: {result.events} entries, held against {held}.")
    return "\n".join(lines)
