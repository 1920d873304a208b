"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

FOLDER = click.Path(file_okay=False, path_type=Path)
data_option = click.option(
    "--data",
    type=FOLDER,
    required=True,
    envvar="RAPPORT_DATA",
    metavar="FOLDER",
    help="The folder that holds the practice.",
)
