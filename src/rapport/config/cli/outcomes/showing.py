"""Tables on a terminal, and the same numbers as JSON or CSV."""

from __future__ import annotations

import csv
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from typing import Any

import click

Cell = str | int | float | bool | None


def as_json(thing: Any) -> str:
    """Dataclasses, codes and days as JSON; an unknown number is null."""
    plain = _known(asdict(thing) if is_dataclass(thing) and not isinstance(thing, type) else thing)
    return json.dumps(plain, default=str, ensure_ascii=False, indent=2, allow_nan=False)


def _known(thing: Any) -> Any:
    if isinstance(thing, dict):
        return {str(name): _known(one) for name, one in thing.items()}
    if isinstance(thing, list | tuple):
        return [_known(one) for one in thing]
    return None if isinstance(thing, float) and not math.isfinite(thing) else thing


def as_csv(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """A CSV on standard output."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)


def number(value: float | None, digits: int = 2) -> str:
    """A number for a person; a dash where it is unknown."""
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.{digits}f}".rstrip("0").rstrip(".")


def share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def between(interval: tuple[float, float] | None, *, percent: bool = False) -> str:
    """An interval as people read it."""
    if interval is None:
        return ""
    low, high = (100 * end if percent else end for end in interval)
    return f"({low:.1f} to {high:.1f})" if percent else f"({low:.2f} to {high:.2f})"


def as_table(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Columns in line: text to the left, numbers to the right.

    >>> print(as_table(("who", "score"), [("a", 12), ("bc", 7)]))
    who  score
    a       12
    bc       7
    """
    texts = [[each if isinstance(each, str) else number(each) for each in row] for row in rows]
    widths = [max(len(row[place]) for row in [list(columns), *texts]) for place in range(len(columns))]
    right = [
        any(not isinstance(row[place], str) and row[place] is not None for row in rows) for place in range(len(columns))
    ]

    def line(cells: Sequence[str]) -> str:
        placed = (
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(cells, widths, right, strict=True)
        )
        return "  ".join(placed).rstrip()

    return "\n".join(line(row) for row in [list(columns), *texts])


def heading(text: str) -> None:
    click.echo()
    click.secho(text, bold=True)
