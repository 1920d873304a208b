"""Every bench, one table: `python -m bench [--rounds 40] [--only pages]`."""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from pathlib import Path

from bench.ground import Row, open_practice

from bench import clients, hours, pages, signing, start, walking_skeleton, writers

RATIOS = {"answers": walking_skeleton, "pages": pages, "hours": hours, "signing": signing, "writers": writers}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--only", choices=[*RATIOS, "clients", "start"])
    asked = parser.parse_args()
    wanted = {asked.only} if asked.only else {*RATIOS, "clients", "start"}
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as name:
        folder = Path(name)
        open_practice(folder)
        from tests.factories.organisation import a_practice

        a_practice()
        rows = [row for bench, it in RATIOS.items() if bench in wanted for row in it.measure(folder, asked.rounds)]
        report(rows, asked.rounds)
        if "clients" in wanted:
            print("", *clients.measure(), sep="\n")
        if "start" in wanted:
            print("", *start.measure(folder), sep="\n")


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
