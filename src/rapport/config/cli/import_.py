"""`rapport import courses`."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rapport.clinical.exchange.courses import Columns, DateOrder
from rapport.clinical.exchange.problems import Unreadable
from rapport.clinical.exchange.table import read_table
from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.measures.norms import CustomMeasure
from rapport.config.cli.norms import NORMS, new_measure, norm_option, pairs
from rapport.config.cli.options import data_option
from rapport.config.environment import InstallationError, read_installation
from rapport.config.operations import installation as installations

if TYPE_CHECKING:
    from rapport.practice.outcomes.choices import ImportPlan, Preview
    from rapport.practice.security.policy.actor import Actor

NEW = "new"
MEANINGS = ("client", "name", "date", "week", "score", "attendance")
PROBLEMS_SHOWN = 50


@click.group("import")
def bring() -> None:
    """Bring what you have from elsewhere into the practice."""


@bring.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@data_option
@click.option("--therapist", required=True, metavar="EMAIL", help="Whose clients they become: their sign-in address.")
@click.option(
    "--map", "mapped", multiple=True, required=True, metavar="MEANING=COLUMN",
    help=f"What a column of the file means: {', '.join(MEANINGS)}. Repeat it for each column.",
)  # fmt: skip
@click.option("--start", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The day on which week 0 began.")
@click.option(
    "--instrument", required=True, metavar="NAME",
    help="What the score measures: phq9, gad7, hrsd … Any other name is a new measure and needs --norm.",
)  # fmt: skip
@norm_option
@click.option("--dates", type=click.Choice([str(order) for order in DateOrder]), default="iso", show_default=True)
@click.option("--preview", "only_look", is_flag=True, help="Only say what would happen.")
def courses(
    file: Path,
    data: Path,
    therapist: str,
    mapped: tuple[str, ...],
    start: datetime | None,
    instrument: str,
    norms: tuple[str, ...],
    dates: str,
    only_look: bool,
) -> None:
    """Bring clients, their courses, dated scores and attendance from FILE, a CSV saved as UTF-8.

    One row is one client on one day. With a single mistake nothing is brought, and each mistake is named with its row,
    its column and what to do. The same file twice changes nothing. At most 5,000 rows.

    For example, weekly totals of a depression scale that is not known yet:

    \b
      rapport import courses ward.csv --data PRACTICE --therapist mara@practice.example \\
        --map client=id --map week=week --map score=hamd --start 2026-01-05 \\
        --instrument Hamilton --norm low=0 --norm high=52 --norm direction=lower \\
        --norm reliability=0.80 --norm functional_mean=8 --norm functional_sd=8
    """
    installations.activate(read_installation(data.resolve()))
    meanings = pairs(mapped, MEANINGS, "--map")
    given = pairs(norms, NORMS, "--norm")
    if "client" not in meanings or "score" not in meanings or not {"date", "week"} & set(meanings):
        raise click.UsageError("Name at least the columns of client, score and either date or week with --map.")
    if "week" in meanings and "date" not in meanings and start is None:
        raise click.UsageError("With weeks, say with --start on which day week 0 began.")
    columns = Columns(
        client=meanings["client"],
        scores=((meanings["score"], NEW if given else instrument),),
        day=meanings.get("date", ""),
        week="" if "date" in meanings else meanings.get("week", ""),
        start=start.date() if start else None,
        name=meanings.get("name", ""),
        attendance=meanings.get("attendance", ""),
        order=DateOrder(dates),
    )
    sys.exit(_run(file, therapist, columns, new_measure(instrument, given) if given else None, only_look=only_look))


def _run(file: Path, therapist: str, columns: Columns, measure: CustomMeasure | None, *, only_look: bool) -> int:
    from rapport.practice.foundation import clock
    from rapport.practice.outcomes import queries
    from rapport.practice.outcomes.actions import import_courses
    from rapport.practice.outcomes.choices import ImportPlan

    actor, at, raw = _person(therapist), clock.now(), file.read_bytes()
    plan: ImportPlan = ImportPlan(actor.account, columns, measure)
    try:
        found = queries.preview_of(viewer=actor, at=at, table=read_table(raw), plan=plan)
    except (Unreadable, ClinicalError) as problem:
        click.echo(str(problem), err=True)
        return 1
    if found.problems:
        _complain(found)
        return 1
    if only_look:
        click.echo(
            f"Would bring {len(found.lines)} clients: {found.new_scores} new scores, {found.new_hours} sessions."
        )
        return 0
    done = import_courses(actor=actor, at=at, plan=plan, content=raw)
    if done.changed_nothing:
        click.echo("This file was imported before: nothing was changed.")
    else:
        click.echo(f"Brought {done.clients} new clients, {done.scores} scores and {done.hours} sessions.")
    return 0


def _complain(found: Preview) -> None:
    for problem in found.problems[:PROBLEMS_SHOWN]:
        click.echo(str(problem), err=True)
    if len(found.problems) > PROBLEMS_SHOWN:
        click.echo(f"and {len(found.problems) - PROBLEMS_SHOWN} more", err=True)
    click.echo("Nothing was imported.", err=True)


def _person(address: str) -> Actor:
    """The therapist, as whom the console acts: the trail names them and that it was the console."""
    from rapport.practice.security.accounts.models import Account
    from rapport.practice.security.accounts.queries import name_of, roles_of
    from rapport.practice.security.keys import api as keys
    from rapport.practice.security.policy.actor import Actor, Role

    login = keys.keyed_hash("login", address)
    account = Account.objects.filter(login_hash=login, disabled_at=None, client_id=None).first()
    if account is None or Role.THERAPIST not in roles_of(account):
        raise InstallationError("No therapist of this practice signs in with that address. Check --therapist.")
    return Actor(account.id, roles_of(account), name=name_of(account), session="console")
