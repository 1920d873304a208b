"""Every bench, one table: `python -m bench [--rounds 40]`."""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from pathlib import Path

from bench.ground import Row, open_practice

from bench import hours, pages, walking_skeleton


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as name:
        folder = Path(name)
        open_practice(folder)
        from tests.factories.organisation import a_practice

        a_practice()
        rows = [row for bench in (walking_skeleton, pages, hours) for row in bench.measure(folder, rounds)]
    report(rows, rounds)


def report(rows: list[Row], rounds: int) -> None:
    """Medians, 95th percentiles, and the ratio to what each is compared with."""
    import sqlite3

    import django

    print(
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, ",
        end="",
    )
    print(f"Django {django.__version__}, SQLite {sqlite3.sqlite_version}, {rounds} rounds\n")
    print(f"{'':30}{'median ms':>10}{'p95 ms':>10}   ratio")
    for row in rows:
        print(f"{row.name:30}{row.middle * 1000:10.2f}{row.high * 1000:10.2f}   {row.ratio:.1f} x {row.than}")


if __name__ == "__main__":
    main()
