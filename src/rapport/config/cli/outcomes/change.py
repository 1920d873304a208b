"""`rapport outcomes change`: who changed beyond error, and who reached the healthy range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path

import click
import numpy as np

from rapport.clinical.exchange.courses import CourseRows, DateOrder
from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.measures.norms import Norms
from rapport.clinical.outcomes.caseload import CaseloadReading, caseload_norms, read_caseload
from rapport.clinical.outcomes.course import DatedScore
from rapport.clinical.outcomes.cut_offs import ChangeClass, count_classes
from rapport.clinical.outcomes.reliable_change import Method, critical_value
from rapport.clinical.outcomes.yardstick import Basis, norms_of
from rapport.clinical.statistics.effect_sizes import g_pre, g_pre_interval, pre_post
from rapport.config.cli.norms import norm_option
from rapport.config.cli.outcomes.methods import ReadBy, by_method, by_rule, sentences
from rapport.config.cli.outcomes.reading import (
    AFTER,
    BEFORE,
    WEEK_0,
    Layout,
    complain,
    measure_of,
    read,
    refusing,
    table_of,
)
from rapport.config.cli.outcomes.showing import as_csv, as_json, as_table, between, heading, number

SHOWN = 40
COLUMNS = ("client", "scores", "first", "last", "change", "index", "class", "began_healthy")


@dataclass(frozen=True, slots=True)
class PersonChange:
    """One line of the result."""

    client: str
    scores: int
    first: float | None
    last: float | None
    change: float | None
    index: float | None
    outcome: ChangeClass
    began_healthy: bool | None

    @property
    def cells(self) -> tuple[str | int | float | None, ...]:
        healthy = {True: "yes", False: "no", None: ""}[self.began_healthy]
        return (
            self.client, self.scores, self.first, self.last, self.change, self.index, self.outcome.value, healthy,
        )  # fmt: skip


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--measure", required=True, metavar="NAME", help="phq9, gad7 …; any other name needs --norm.")
@click.option("--client", metavar="COLUMN", help="The column of clients. Default: client or id, if there.")
@click.option("--score", metavar="COLUMN", help="The column of scores. Default: the measure's name.")
@click.option("--date", "day", metavar="COLUMN", help="The column of dates.")
@click.option("--week", metavar="COLUMN", help="Instead of dates: the column of weeks or sessions, counted from 0.")
@click.option("--pre", metavar="COLUMN", help="Instead of one row per occasion: the column of scores before …")
@click.option("--post", metavar="COLUMN", help="… and after.")
@click.option("--dates", type=click.Choice([str(order) for order in DateOrder]), default="iso", show_default=True)
@click.option(
    "--method", type=click.Choice([str(one) for one in Method]),
    help="The index of reliable change. Default: the NHS's rule for PHQ-9 and GAD-7, else JT (Jacobson & Truax).",
)  # fmt: skip
@norm_option
@click.option("--json", "to_json", is_flag=True, help="Everything as JSON.")
@click.option("--csv", "to_csv", is_flag=True, help="One line per client as CSV.")
def change(
    file: Path,
    measure: str,
    client: str | None,
    score: str | None,
    day: str | None,
    week: str | None,
    pre: str | None,
    post: str | None,
    dates: str,
    method: str | None,
    norms: tuple[str, ...],
    to_json: bool,
    to_csv: bool,
) -> None:
    """Read each client's course in FILE from the first to the last score.

    \b
      rapport outcomes change scores.csv --measure phq9 --client id --week week
      rapport outcomes change couples.csv --measure DAS --pre pre --post post --norm low=0 --norm high=151 \\
        --norm direction=higher --norm reliability=0.80 --norm functional_mean=114 --norm functional_sd=14
    """
    chosen, table = measure_of(measure, norms), table_of(file)
    who = client or next((one for one in ("client", "id") if table.place(one) is not None), "")
    layout = _layout(who, score or measure, day, week, pre, post, DateOrder(dates), measure)
    courses = read(table, layout, {measure: chosen})
    scored = [_dated(course, wide=bool(layout.pre)) for course in courses]
    if not any(sum(one.value is not None for one in course) > 1 for course in scored):
        complain("No client has two scores, so nothing changed. Check which columns were named.")
    try:
        reading = read_caseload(scored, chosen)
        people, read_by = _people(courses, reading), by_rule(reading.rule, own_sample=reading.own_sample)
        if method is not None:
            norms_ = caseload_norms(scored, chosen)[0] or norms_of(chosen)
            people, read_by = _by_method(people, norms_, Method(method), own_sample=reading.own_sample)
    except ClinicalError as refused:
        refusing(refused)
    if to_json:
        click.echo(as_json(_whole(people, reading, read_by, measure)))
    elif to_csv:
        as_csv(COLUMNS, [one.cells for one in people])
    else:
        _show(people, reading, read_by)


def _layout(
    who: str,
    score: str,
    day: str | None,
    week: str | None,
    pre: str | None,
    post: str | None,
    order: DateOrder,
    measure: str,
) -> Layout:
    if bool(pre) != bool(post):
        raise click.UsageError("--pre and --post go together: the columns of scores before and after.")
    if pre and post:
        return Layout(client=who, pre=pre, post=post)
    if not day and not week:
        raise click.UsageError("Say when each score was given: --date COLUMN, --week COLUMN, or --pre and --post.")
    if not who:
        raise click.UsageError("Say whose each score is: --client COLUMN.")
    return Layout(client=who, scores=((score, measure),), day=day or "", week="" if day else week or "", order=order)


def _dated(course: CourseRows, *, wide: bool) -> list[DatedScore]:
    if not wide:
        return [DatedScore(one.on, one.value) for one in course.scores]
    by_end = {one.measure: one.value for one in course.scores}
    days = {BEFORE: WEEK_0, AFTER: WEEK_0 + timedelta(days=1)}
    return [DatedScore(on, by_end.get(end)) for end, on in days.items()]


def _people(courses: Sequence[CourseRows], reading: CaseloadReading) -> tuple[PersonChange, ...]:
    """Everybody's line by the measure's own rule."""
    lines = []
    for course, one in zip(courses, reading.readings, strict=True):
        first, last = (None if end is None else end.value for end in (one.first, one.last))
        index = None
        if one.change is not None and one.rule.basis is Basis.JACOBSON_TRUAX and one.rule.least_change:
            index = one.change / one.rule.least_change * critical_value()
        lines.append(
            PersonChange(course.client, one.n, first, last, one.change, index, one.counted_as, one.began_healthy)
        )
    return tuple(lines)


def _by_method(
    lines: Sequence[PersonChange], norms: Norms, method: Method, *, own_sample: bool
) -> tuple[tuple[PersonChange, ...], ReadBy]:
    """The same lines with index, class and healthy range of one published method."""
    paired = [place for place, line in enumerate(lines) if line.change is not None]
    pre, post = (np.array([getattr(lines[place], end) for place in paired], float) for end in ("first", "last"))
    found = by_method(pre, post, norms, method)
    read_by = replace(found.read_by, own_sample=own_sample or found.read_by.own_sample)
    changed = [replace(line, began_healthy=read_by.healthy(line.first, norms.direction)) for line in lines]
    for place, value, outcome in zip(paired, found.index, found.classes, strict=True):
        changed[place] = replace(changed[place], index=value, outcome=outcome)
    return tuple(changed), read_by


def _group(people: Sequence[PersonChange], reading: CaseloadReading) -> tuple[float, tuple[float, float]] | None:
    """g before to after, where enough people have both."""
    both = [(a, b) for one in people if (a := one.first) is not None and (b := one.last) is not None and one.scores > 1]
    try:
        group = pre_post([a for a, _ in both], [b for _, b in both], reading.rule.direction.sign)
        return g_pre(group), g_pre_interval(group)
    except ClinicalError:
        return None


def _whole(
    people: Sequence[PersonChange], reading: CaseloadReading, read_by: ReadBy, measure: str
) -> dict[str, object]:
    effect = _group(people, reading)
    return {
        "measure": measure,
        "rule": asdict(read_by),
        "counts": {str(one): count for one, count in count_classes([each.outcome for each in people]).items()},
        "n": len(people),
        "began_healthy": sum(one.began_healthy is True for one in people),
        "effect_g": None if effect is None else {"value": effect[0], "low": effect[1][0], "high": effect[1][1]},
        "clients": [dict(zip(COLUMNS, one.cells, strict=True)) for one in people],
    }  # fmt: skip


def _show(people: Sequence[PersonChange], reading: CaseloadReading, read_by: ReadBy) -> None:
    click.echo(as_table([one.replace("_", " ") for one in COLUMNS], [one.cells for one in people[:SHOWN]]))
    if len(people) > SHOWN:
        click.echo(f"… and {len(people) - SHOWN:,} more: --csv gives them all.")
    heading("Together")
    counts = count_classes([one.outcome for one in people])
    rows = [(str(one).replace("_", " "), count, f"{100 * count / len(people):.0f} %") for one, count in counts.items()]
    click.echo(as_table(("class", "clients", "share"), rows))
    heading("Read by")
    for sentence in sentences(read_by):
        click.echo(sentence)
    effect = _group(people, reading)
    if effect is not None:
        click.echo(f"g before to after: {number(effect[0])} {between(effect[1])}. Change, not what brought it about.")
    healthy = sum(one.began_healthy is True for one in people)
    if healthy:
        click.echo(f"{healthy} of {len(people)} began in the healthy range: nothing could recover there.")
