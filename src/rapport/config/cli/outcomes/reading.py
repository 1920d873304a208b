"""A spreadsheet of scores to courses, or every mistake with its row, its column and what to do."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NoReturn

import click

from rapport.clinical.exchange.courses import Columns, CourseRows, DateOrder, Scale, read_courses
from rapport.clinical.exchange.problems import Problem, ProblemCode, Unreadable
from rapport.clinical.exchange.table import Row, Table, read_table
from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.measures.instrument import Instrument
from rapport.clinical.measures.norms import Direction, Norms
from rapport.clinical.measures.registry import UnknownInstrument, available_packs, load_instrument
from rapport.clinical.outcomes.yardstick import Measure, norms_of
from rapport.config.cli.norms import NORMS, new_measure, pairs

MOST_ROWS, MOST_BYTES = 2_000_000, 500_000_000
PROBLEMS_SHOWN = 20
LONG = 20_000
WEEK_0 = date(2000, 1, 3)
BEFORE, AFTER = "before", "after"
OCCASION, PERSON = "\N{ZERO WIDTH SPACE}occasion", "\N{ZERO WIDTH SPACE}person"  # no column of a file has such a name


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns hold what: either ``pre`` and ``post``, or one row per occasion with ``day`` or ``week``."""

    client: str
    scores: tuple[tuple[str, str], ...] = ()
    pre: str = ""
    post: str = ""
    day: str = ""
    week: str = ""
    order: DateOrder = DateOrder.ISO


def complain(*sentences: object) -> NoReturn:
    """Say what is wrong and stop."""
    for sentence in sentences[:PROBLEMS_SHOWN]:
        click.echo(f"Error: {sentence}", err=True)
    if len(sentences) > PROBLEMS_SHOWN:
        click.echo(f"and {len(sentences) - PROBLEMS_SHOWN:,} more", err=True)
    sys.exit(1)


def measure_of(name: str, typed: tuple[str, ...]) -> Measure:
    """A bundled instrument by its name, or a new measure by the norms that were typed."""
    if typed:
        measure = new_measure(name, pairs(typed, NORMS, "--norm"))
        right_way_round(measure.norms)
        return measure
    try:
        return load_instrument(name.lower(), packs=available_packs())
    except UnknownInstrument:
        complain(
            f"--measure {name}: no instrument of this name comes with Rapport. "
            "Give its norms with --norm low=… --norm high=… --norm direction=… and so on."
        )


def right_way_round(norms: Norms) -> None:
    """People outside treatment score better than people in it, or the direction is wrong."""
    inside, outside = norms.clinical_mean, norms.functional_mean
    if inside is None or outside is None or norms.direction.sign * (outside - inside) > 0:
        return
    other = Direction.LOWER if norms.direction is Direction.HIGHER else Direction.HIGHER
    complain(
        "--norm direction: people outside treatment would score worse than people in it. "
        f"Check the two means, or give direction={other.value}."
    )


def table_of(file: Path) -> Table:
    """The cells of a file."""
    try:
        return read_table(file.read_bytes(), most_rows=MOST_ROWS, most_bytes=MOST_BYTES)
    except Unreadable as problem:
        complain(f"{file.name}: {problem}")


def require(table: Table, *columns: str) -> None:
    """Every column named is there; else say which are."""
    known = ", ".join(table.columns)
    absent = [name for name in columns if name and table.place(name) is None]
    if absent:
        complain(*(f"There is no column {name}. The columns of this file are: {known}." for name in absent))


def read(table: Table, layout: Layout, measures: Mapping[str, Measure]) -> tuple[CourseRows, ...]:
    """The courses of a file, by client."""
    require(table, layout.client, layout.pre, layout.post, layout.day, layout.week, *dict(layout.scores))
    scales = {name: Scale(norms_of(one).low, norms_of(one).high) for name, one in measures.items()}
    if layout.pre:
        scales = dict.fromkeys((BEFORE, AFTER), *scales.values())
        layout = replace(layout, scores=((layout.pre, BEFORE), (layout.post, AFTER)), week=OCCASION)
        table = _one_row_each(table)
    columns = Columns(
        client=layout.client or PERSON,
        scores=layout.scores,
        day=layout.day,
        week=layout.week,
        start=WEEK_0,
        order=layout.order,
    )
    long = len(table.rows) >= LONG and sys.stderr.isatty()
    today = WEEK_0.replace(year=2030) if layout.week else datetime.now(UTC).date()
    with click.progressbar(length=len(table.rows), label="Reading", file=sys.stderr, hidden=not long) as bar:
        found = read_courses(table, columns, scales, today, oldest_years=None, tell=bar.update)
    if found.problems:
        complain(*(_said(problem, measures) for problem in found.problems))
    return found.courses


def _one_row_each(table: Table) -> Table:
    """Before and after stand in one row: a row is one occasion and, without a column of clients, one person."""
    rows = tuple(Row(row.number, (*row.cells, "0", str(row.number))) for row in table.rows)
    return Table((*table.columns, OCCASION, PERSON), rows, table.separator)


def _said(problem: Problem, measures: Mapping[str, Measure]) -> str:
    if problem.code is ProblemCode.OUT_OF_RANGE:
        names = " or ".join(one.short_title if isinstance(one, Instrument) else one.title for one in measures.values())
        return f"{problem} Is this column {names}?"
    return str(problem)


def refusing(error: ClinicalError) -> NoReturn:
    """A refusal of the library as one sentence."""
    complain(str(error))
