"""`rapport outcomes validate`: does the expected course hold for the people in a file?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click
import numpy as np

from rapport.clinical.exchange.courses import CourseRows, DateOrder
from rapport.clinical.exchange.table import Table
from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.outcomes.expected_course import GrowthModel
from rapport.clinical.outcomes.growth_prior import GAD7_MOMENTS, PHQ9_MOMENTS, Moments, prior_from_moments
from rapport.clinical.outcomes.signals import Rung
from rapport.clinical.outcomes.validation import CourseTable, Validation, validate
from rapport.clinical.outcomes.validation.coverage import Coverage
from rapport.clinical.outcomes.yardstick import Measure, Yardstick, norms_of, with_sample, yardstick
from rapport.config.cli.norms import norm_option
from rapport.config.cli.outcomes.reading import Layout, complain, measure_of, read, refusing, require, table_of
from rapport.config.cli.outcomes.showing import as_csv, as_json, as_table, between, heading, number, share

ASSUMED = {"phq9": PHQ9_MOMENTS, "gad7": GAD7_MOMENTS}
WAYS = {"forecast": "forecast", "last_value": "last value carried", "reliable_change_only": "reliable change only"}
VERDICTS = {True: "nearer", False: "farther", None: "no clear difference"}
ALARM_COLUMNS = ("red up to", "rule", "sensitivity", "specificity", "PPV", "NPV", "people", "first alarm")


@click.command("validate")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--measure", required=True, metavar="NAME", help="phq9, gad7 …; any other name needs --norm.")
@click.option("--client", default="client", show_default=True, metavar="COLUMN")
@click.option("--score", metavar="COLUMN", help="The column of scores. Default: the measure's name.")
@click.option("--date", "day", metavar="COLUMN", help="The column of dates; every day with a score is a session.")
@click.option("--week", metavar="COLUMN", help="Instead of dates: the column of weeks or sessions, counted from 0.")
@click.option("--dates", type=click.Choice([str(order) for order in DateOrder]), default="iso", show_default=True)
@click.option("--therapist", metavar="COLUMN", help="Leave out therapists with all their clients.")
@click.option("--rounds", type=click.IntRange(2, 100), default=10, show_default=True, help="How many are left out in.")
@click.option("--known", type=click.IntRange(1, 50), default=3, show_default=True, help="Forecasts see sessions up to.")
@click.option("--seed", type=int, default=1, show_default=True, help="Who is left out with whom.")
@click.option("--shipped", is_flag=True, help="Judge everybody by the line that comes with Rapport; learn nothing.")
@norm_option
@click.option("--json", "to_json", is_flag=True, help="Everything as JSON.")
@click.option("--csv", "to_csv", is_flag=True, help="The alarms as CSV.")
def validate_file(
    file: Path,
    measure: str,
    client: str,
    score: str | None,
    day: str | None,
    week: str | None,
    dates: str,
    therapist: str | None,
    rounds: int,
    known: int,
    seed: int,
    shipped: bool,
    norms: tuple[str, ...],
    to_json: bool,
    to_csv: bool,
) -> None:
    """Leave out clients of FILE in turn and judge them by a line learned from the others.

    \b
      rapport outcomes validate scores.csv --measure phq9 --week session --therapist therapist
      rapport outcomes validate ward.csv --measure hrsd --client id --week week --score hamd
    """
    if bool(day) == bool(week):
        raise click.UsageError("Say when each score was given: --date COLUMN or --week COLUMN.")
    chosen, cells = measure_of(measure, norms), table_of(file)
    require(cells, *([therapist] if therapist else []))
    layout = Layout(client, ((score or measure, measure),), day=day or "", week=week or "", order=DateOrder(dates))
    courses = read(cells, layout, {measure: chosen})
    try:
        table = course_table(courses, by_week=bool(week), therapists=_therapists(cells, client, therapist))
        if shipped and measure.lower() not in ASSUMED:
            complain(f"--shipped: no line comes with Rapport for {measure}, only for {' and '.join(ASSUMED)}.")
        rule, prior = rule_of(chosen, table), prior_of(measure, chosen, table)
        found = validate(table, rule=rule, prior=prior, folds=rounds, known=known, seed=seed, learn=not shipped)
    except ClinicalError as refused:
        refusing(refused)
    if to_json:
        click.echo(as_json(found))
    elif to_csv:
        as_csv(ALARM_COLUMNS, _alarms(found))
    else:
        _show(found, own_prior=measure.lower() not in ASSUMED)


def _therapists(cells: Table, client: str, therapist: str | None) -> dict[str, str] | None:
    """The first therapist named for each client."""
    if therapist is None:
        return None
    who, by = cells.place(client), cells.place(therapist)
    found: dict[str, str] = {}
    for row in cells.rows:
        if who is not None and by is not None and row.cells[by].strip():
            found.setdefault(row.cells[who].strip(), row.cells[by].strip())
    return found


def course_table(courses: Sequence[CourseRows], *, by_week: bool, therapists: dict[str, str] | None) -> CourseTable:
    """Sessions from weeks as they are, or every day with a score as the next session."""
    clients, sessions, scores, by = [], [], [], []
    for course in courses:
        known = sorted(((one.on, one.value) for one in course.scores if one.value is not None), key=lambda one: one[0])
        for place, (on, value) in enumerate(known):
            clients.append(course.client)
            sessions.append(_weeks(known[0][0], on) if by_week else place)
            scores.append(value)
            by.append("" if therapists is None else therapists.get(course.client, f"\0{course.client}"))
    return CourseTable.of(clients, sessions, scores, None if therapists is None else by)


def _weeks(first: date, on: date) -> int:
    return (on - first).days // 7


def rule_of(measure: Measure, table: CourseTable) -> Yardstick:
    """The measure's rule; where no clinical norm is known the first scores of the file stand in for it."""
    rule, norms = yardstick(measure), norms_of(measure)
    if rule.least_change is None and norms.reliability is not None:
        return yardstick(measure, norms=with_sample(norms, table.first.tolist()))
    return rule


def prior_of(name: str, measure: Measure, table: CourseTable) -> GrowthModel:
    """The line that comes with Rapport, else one with the moments of the file itself."""
    if name.lower() in ASSUMED:
        return prior_from_moments(ASSUMED[name.lower()])
    several = table.last_session > 1
    pre, post = table.first[several], table.last[several]
    if len(pre) < 3 or np.ptp(pre) == 0 or np.ptp(post) == 0:
        raise ClinicalError("scores", "Too few people have two scores that differ.", "Give a longer file.")
    reliability = norms_of(measure).reliability or 0.8
    correlation = float(np.corrcoef(pre, post)[0, 1])
    span = float(np.median(table.last_session[several]))
    moments = Moments(
        float(pre.mean()), float(pre.std(ddof=1)), float(post.mean()), float(post.std(ddof=1)), correlation,
        min(reliability, 0.99), span, "Moments of the file itself",
    )  # fmt: skip
    return prior_from_moments(moments)


def _alarms(found: Validation) -> list[tuple[str | int | float | None, ...]]:
    """The rows in which somebody's end was still to come."""
    rows: list[tuple[str | int | float | None, ...]] = []
    for row in found.alarms:
        if row.table.n == 0:
            continue
        parts = (row.table.sensitivity, row.table.specificity, row.table.ppv, row.table.npv)
        shares = (None if part.share is None else round(part.share, 3) for part in parts)
        rows.append((row.until, row.rule.value.replace("_", " "), *shares, row.table.n, row.first_alarm))
    return rows


def _covered(name: str, found: Coverage) -> tuple[str, str, str, int, int]:
    return name, share(found.share), between(found.interval, percent=True), found.n_scores, found.n_groups


def _show(found: Validation, *, own_prior: bool) -> None:
    rungs = ", ".join(rung.value.replace("_", " ") for rung in found.rungs)
    click.echo(
        f"{found.n_clients:,} clients, {found.n_scores:,} scores; {found.left_out} left out in {found.rounds} rounds"
    )
    click.echo(f"Lines stood on: {rungs}")
    low_rung = {Rung.PRIOR, Rung.PRIOR_AND_PRACTICE} & set(found.rungs)
    if own_prior and low_rung:
        click.echo("The starting line has the moments of this very file: these figures flatter it.")
    heading("Scores inside the 80 % band (aim: 77 to 83 %)")
    thirds = zip(("who began low", "in the middle", "high"), found.thirds, strict=True)
    parts = [("all", found.coverage), *thirds, ("band past an end of the scale", found.past_the_end)]
    columns = ("", "inside", "95 % interval", "scores", found.left_out)
    click.echo(as_table(columns, [_covered(name, part) for name, part in parts]))
    click.echo(f"Red: {share(found.red_share)} of later scores, yellow: {share(found.yellow_share)}")
    heading(f"The last score, foretold from the scores up to session {found.known}")
    errors = [(WAYS[one.way], number(one.mae), number(one.rmse), one.n) for one in found.errors]
    click.echo(as_table(("by", "mean error", "root mean square", "people"), errors))
    for one in found.nearer:
        click.echo(
            f"Against {WAYS[one.rival]}: {VERDICTS[one.beats]}, {one.points:+.2f} points {between(one.interval)}"
        )
    heading("A red signal against a reliable deterioration at the end")
    click.echo(as_table(ALARM_COLUMNS, _alarms(found)))
