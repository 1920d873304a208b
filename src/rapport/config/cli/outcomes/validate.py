"""`rapport outcomes validate`: does the expected course fit the people of a file?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from rapport.clinical.exchange.courses import CourseRows, DateOrder
from rapport.clinical.exchange.table import Table
from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.outcomes.expected_course import GrowthModel
from rapport.clinical.outcomes.growth_prior import GAD7_MOMENTS, PHQ9_MOMENTS, Moments, prior_from_moments
from rapport.clinical.outcomes.validation import CourseTable, Validation, validate
from rapport.clinical.outcomes.validation.coverage import Coverage
from rapport.clinical.outcomes.yardstick import yardstick
from rapport.config.cli.norms import norm_option
from rapport.config.cli.outcomes.reading import WEEK_0, Layout, complain, measure_of, read, refusing, require, table_of
from rapport.config.cli.outcomes.showing import as_json, as_table, between, heading, number, share

Seven = tuple[float, float, float, float, float, float, float]
KNOWN_MOMENTS = {"phq9": PHQ9_MOMENTS, "gad7": GAD7_MOMENTS}


@click.command("validate")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--measure", required=True, metavar="NAME", help="phq9, gad7 …; others need --moments.")
@click.option("--client", default="client", show_default=True, metavar="COLUMN")
@click.option("--score", metavar="COLUMN", help="The column of scores. Default: the measure's name.")
@click.option("--date", "day", metavar="COLUMN", help="The column of dates: scores are numbered in their order.")
@click.option("--session", metavar="COLUMN", help="Instead of dates: the column of session numbers.")
@click.option("--therapist", metavar="COLUMN", help="Leave out a therapist with all clients, instead of clients.")
@click.option("--dates", type=click.Choice([str(order) for order in DateOrder]), default="iso", show_default=True)
@click.option("--rounds", default=10, show_default=True, help="In how many rounds people are left out.")
@click.option("--known", default=3, show_default=True, help="Forecasts see the scores up to this session.")
@click.option("--seed", default=1, show_default=True, help="Who is left out when.")
@click.option(
    "--moments", nargs=7, type=float, default=None,
    metavar="PRE SD POST SD R RELIABILITY SESSIONS", help="The line to start from, by a published pre–post sample.",
)  # fmt: skip
@norm_option
@click.option("--json", "to_json", is_flag=True, help="Everything as JSON.")
def validate_file(
    file: Path,
    measure: str,
    client: str,
    score: str | None,
    day: str | None,
    session: str | None,
    therapist: str | None,
    dates: str,
    rounds: int,
    known: int,
    seed: int,
    moments: Seven | None,
    norms: tuple[str, ...],
    to_json: bool,
) -> None:
    """Leave clients of FILE out in turn and see whether the expected course holds for them.

    \b
      rapport outcomes validate scores.csv --measure phq9 --client id --session session
    """
    if bool(day) == bool(session):
        raise click.UsageError("Say when each score was given: --date COLUMN or --session COLUMN.")
    chosen, table = measure_of(measure, norms), table_of(file)
    require(table, therapist or "")
    layout = Layout(client, ((score or measure, measure),), day=day or "", week=session or "", order=DateOrder(dates))
    courses = read(table, layout, {measure: chosen})
    try:
        found = validate(
            _rows(courses, _therapists(table, client, therapist), numbered=bool(session)),
            rule=yardstick(chosen), prior=_prior(measure, moments), folds=rounds, known=known, seed=seed,
        )  # fmt: skip
    except ClinicalError as refused:
        refusing(refused)
    if to_json:
        click.echo(as_json(found))
    else:
        show(found)


def _prior(measure: str, moments: Seven | None) -> GrowthModel:
    known = Moments(*moments) if moments else KNOWN_MOMENTS.get(measure)
    if known is None:
        complain(f"--moments: no line to start from is known for {measure}. Give seven numbers of a published sample.")
    return prior_from_moments(known)


def _therapists(table: Table, client: str, column: str | None) -> dict[str, str]:
    """Whose client each is; nobody may have two."""
    if column is None:
        return {}
    who, whom = table.columns.index(client), table.columns.index(column)
    found: dict[str, str] = {}
    for row in table.rows:
        if found.setdefault(row.cells[who], row.cells[whom]) != row.cells[whom]:
            complain(f"row {row.number}, column {column}: This client had another therapist before. Keep one.")
    return found


def _rows(courses: Sequence[CourseRows], therapists: dict[str, str], *, numbered: bool) -> CourseTable:
    """One row per score. A column of sessions was read as weeks, so a day says which session it was."""
    who, at, values = [], [], []
    for course in courses:
        for place, one in enumerate(sorted(course.scores, key=lambda each: each.on), start=1):
            who.append(course.client)
            at.append((one.on - WEEK_0).days / 7 if numbered else float(place))
            values.append(one.value)
    by = [therapists[one] for one in who] if therapists else None
    return CourseTable.of(who, at, values, by)


def show(found: Validation) -> None:
    """The finding first, then what it rests on."""
    size = f"{found.n_clients:,} clients, {found.n_scores:,} scores"
    click.echo(f"{size}; {found.left_out} left out in {found.rounds} rounds.")
    heading("Scores inside the 80 % band (77 to 83 % are asked for)")
    names = ("low", "middle", "high")[: len(found.thirds)]
    thirds = [(f"first score, {name} third", one) for name, one in zip(names, found.thirds, strict=True)]
    rows = [("all", found.coverage), *thirds, ("band past an end of the scale", found.past_the_end),
            ("band within the scale", found.within_the_scale)]  # fmt: skip
    click.echo(as_table(("", "inside", "95 % interval", "scores"), [_covered(name, one) for name, one in rows]))
    click.echo({True: "The band fits.", False: "The band does not fit.", None: "No later score."}[found.calibrated])
    heading(f"Forecast of the last score from the scores up to session {found.known}")
    ways = [(one.way.replace("_", " "), one.mae, one.rmse, one.n) for one in found.errors]
    click.echo(as_table(("way", "mean error", "root mean square", "clients"), ways))
    for one in found.nearer:
        verdict = {True: "nearer", False: "further off", None: "neither nearer nor further off"}[one.beats]
        points = f"{number(one.points)} points {between(one.interval)}"
        click.echo(f"Than {one.rival.replace('_', ' ')}: {verdict}, by {points}.")


def _covered(name: str, one: Coverage) -> tuple[str, str, str, int]:
    return name, share(one.share), between(one.interval, percent=True), one.n_scores
