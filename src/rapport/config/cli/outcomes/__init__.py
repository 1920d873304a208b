"""`rapport outcomes`: the calculations of `rapport.clinical` on a spreadsheet. Needs no practice and no Django."""

from __future__ import annotations

import click

from rapport.config.cli.outcomes.change import change
from rapport.config.cli.outcomes.report import report
from rapport.config.cli.outcomes.validate import validate_file


@click.group()
def outcomes() -> None:
    """Read scores in a spreadsheet: change of each person, the report of a service, whether forecasts hold.

    FILE is a CSV saved as UTF-8, with a first row that names the columns. Nothing is stored and nothing is sent.
    """


for command in (change, report, validate_file):
    outcomes.add_command(command)
