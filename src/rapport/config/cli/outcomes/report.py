"""`rapport outcomes report`: what a service can say of a period."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from rapport.clinical.exchange.courses import DateOrder
from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.outcomes.service.parts import Design, Grain, ReportPeriod, ServiceReport
from rapport.clinical.outcomes.service.publishing import publishable
from rapport.clinical.outcomes.service.report import service_report
from rapport.clinical.outcomes.service.wording import refused_words
from rapport.clinical.outcomes.service.words import BETTER
from rapport.clinical.outcomes.yardstick import Measure, yardstick
from rapport.config.cli.norms import norm_option
from rapport.config.cli.outcomes.episodes import guessed, read_episodes, table_of_service, whole_period
from rapport.config.cli.outcomes.reading import LONG, Layout, complain, measure_of, read, refusing, table_of
from rapport.config.cli.outcomes.report_table import CSV_COLUMNS, csv_rows, show
from rapport.config.cli.outcomes.showing import as_csv, as_json

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("file", type=FILE)
@click.option(
    "--measure", "measures", multiple=True, default=("phq9", "gad7"), show_default=True, metavar="NAME[=COLUMN]",
    help="A measure and its column of scores (default: the column of its name). Repeat it. With phq9 and gad7 the "
    "rates are those of NHS Talking Therapies.",
)  # fmt: skip
@click.option("--client", default="client", show_default=True, metavar="COLUMN")
@click.option("--date", "day", default="date", show_default=True, metavar="COLUMN")
@click.option("--dates", type=click.Choice([str(order) for order in DateOrder]), default="iso", show_default=True)
@click.option(
    "--episodes", type=FILE, metavar="FILE",
    help="One row per client with the columns client, referred, started, finished, sessions, ending (planned, "
    "unplanned, other, open). Without it every client counts as one course from the first to the last score.",
)  # fmt: skip
@click.option("--from", "start", type=DAY, metavar="DATE", help="First day of the period; else that of the file.")
@click.option("--to", "end", type=DAY, metavar="DATE", help="The day after the last.")
@click.option("--question", default="", help="What the report is to answer.")
@click.option("--conclusion", default="", help="Your conclusion: words that these data cannot bear are refused.")
@click.option("--by", "grain", type=click.Choice([str(one) for one in Grain]), default="quarter", show_default=True)
@click.option("--controlled", is_flag=True, help="People were compared with others who had something else.")
@click.option("--therapists-assessed", is_flag=True, help="Therapists collected the scores themselves.")
@click.option("--publish", is_flag=True, help="Take out small numbers and round counts, as for a publication.")
@norm_option
@click.option("--json", "to_json", is_flag=True, help="Everything as JSON.")
@click.option("--csv", "to_csv", is_flag=True, help="The rates as CSV.")
def report(
    file: Path,
    measures: tuple[str, ...],
    client: str,
    day: str,
    dates: str,
    episodes: Path | None,
    start: datetime | None,
    end: datetime | None,
    question: str,
    conclusion: str,
    grain: str,
    controlled: bool,
    therapists_assessed: bool,
    publish: bool,
    norms: tuple[str, ...],
    to_json: bool,
    to_csv: bool,
) -> None:
    """Report on the service whose scores are in FILE: one row per client and day, a column per measure.

    \b
      rapport outcomes report scores.csv --episodes episodes.csv --from 2025-01-01 --to 2026-01-01
      rapport outcomes report ward.csv --measure hrsd=total --client id --date day
    """
    design = Design.CONTROLLED if controlled else Design.UNCONTROLLED
    refuse_words(conclusion, design)
    if norms and len(measures) > 1:
        raise click.UsageError("--norm describes one measure: give a single --measure with it.")
    columns = dict(_named(one) for one in measures)
    columns = {name if norms else name.lower(): column for name, column in columns.items()}
    known = {name: measure_of(name, norms) for name in columns}
    layout = Layout(client, tuple((column, name) for name, column in columns.items()), day=day, order=DateOrder(dates))
    found = _report(
        file, layout, known, episodes, (start, end), grain=Grain(grain), design=design, question=question,
        therapists_assessed=therapists_assessed,
    )  # fmt: skip
    found = publishable(found) if publish else found
    if to_json:
        click.echo(as_json(found))
    elif to_csv:
        as_csv(CSV_COLUMNS, csv_rows(found))
    else:
        show(found, conclusion=conclusion)


def _named(text: str) -> tuple[str, str]:
    name, _, column = text.partition("=")
    return name, column or name


def refuse_words(conclusion: str, design: Design) -> None:
    """Stop at words that the data cannot bear, with a better sentence."""
    refused = refused_words(conclusion, design)
    if refused:
        complain(*(f"--conclusion: “{one.word}” says more than these data can. Better: {BETTER[one.better]}"
                   for one in refused))  # fmt: skip


def _report(
    file: Path,
    layout: Layout,
    measures: dict[str, Measure],
    episodes: Path | None,
    bounds: tuple[datetime | None, datetime | None],
    *,
    grain: Grain,
    design: Design,
    question: str,
    therapists_assessed: bool,
) -> ServiceReport:
    courses = read(table_of(file), layout, measures)
    known = guessed(courses) if episodes is None else read_episodes(table_of(episodes))
    first, after = whole_period(known)
    start, end = bounds
    period = ReportPeriod(start.date() if start else first, end.date() if end else after)
    try:
        table = table_of_service(courses, known, tuple(measures))
        long = table.n_scores >= LONG and sys.stderr.isatty()
        with click.progressbar(length=100, label="Counting", file=sys.stderr, hidden=not long) as bar:
            return service_report(
                table,
                period,
                {name: yardstick(one) for name, one in measures.items()},
                question=question,
                grain=grain,
                design=design,
                therapist_assessed=therapists_assessed,
                endings_known=episodes is not None,
                tell=lambda share: bar.update(int(100 * share) - bar.pos),
            )
    except ClinicalError as refused:
        refusing(refused)
