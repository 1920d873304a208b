"""Statistics of outcomes against their peers: `make bench-outcomes`, or `python -m bench.outcomes [--quick]`.

Each piece of work runs in a process of its own. Its time is without reading the input: the least of several turns, of
one for lme4 and statsmodels. In brackets processor time, which other work on the machine does not lengthen. Memory is
the peak of the whole process, input included.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from itertools import chain
from pathlib import Path

from bench.outcomes.table import GROWTH, HEAD, Line, Rate, grown


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.outcomes", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows")
    parser.add_argument("--only", choices=("growth", "classes", "live", "report"), help="one kind of row")
    wanted = parser.parse_args()
    cores, load = os.cpu_count(), os.getloadavg()[0]
    print(f"{platform.system()} {platform.machine()}, {cores} cores, load {load:.1f} at the start, ", end="")
    print(f"Python {platform.python_version()}, NumPy {version('numpy')}, SciPy {version('scipy')}\n")
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as name:
        table(Path(name), wanted.only, quick=wanted.quick)


def table(folder: Path, only: str | None, *, quick: bool) -> None:
    """Rows as they come, then how cost grows."""
    print(HEAD, flush=True)
    for line in rows(folder, only, quick=quick):
        print(line, flush=True)
    print(f"\n{GROWTH}", flush=True)
    for work, size, found in sizes(folder, only, quick=quick):
        print(grown(work, size, found), flush=True)


def rows(folder: Path, only: str | None, *, quick: bool) -> Iterator[Line | Rate]:
    from bench.outcomes import classes, growth, reports

    if only in (None, "growth"):
        yield from growth.lines(folder, quick=quick)
    if only in (None, "classes"):
        yield from classes.lines(quick=quick)
    if only in (None, "live"):
        yield reports.live()
    if only in (None, "report"):
        yield from reports.lines(quick=quick)


def sizes(folder: Path, only: str | None, *, quick: bool) -> Iterator[tuple[str, int, object]]:
    from bench.outcomes import classes, growth, reports

    parts = {
        "growth": growth.growing(folder, quick=quick),
        "classes": classes.growing(quick=quick),
        "report": reports.growing(quick=quick),
    }
    return chain.from_iterable(part for name, part in parts.items() if only in (None, name))


if __name__ == "__main__":
    main()
