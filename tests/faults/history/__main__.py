"""Many hands in one practice, killed, stopped, cut off: `python -m tests.faults.history [--minutes 10] [--postgres]`.

Without minutes each process does a share of fixed size. At the end the same is done with a fault put in on purpose,
and the checker must notice it.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.config.practice_on_disk import create
from tests.faults.figures import show
from tests.postgres_cluster import FAST, cluster

from rapport.config.environment import read_installation
from rapport.config.operations import installation as installations


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.history")
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--share", type=int, default=60, help="operations of each process, where no minutes are given")
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--seed", type=int, default=20260302)
    parser.add_argument("--postgres", nargs="?", const="", metavar="URL", help="of a running server, or one of its own")
    given = parser.parse_args()
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rapport-history-")))
        if on_postgres := given.postgres is not None:
            _use(given.postgres or stack.enter_context(cluster(FAST)).url("postgres"))
        found = _history(home, given)
    wrong = found["violations"] or found["rough"] or found["trail"] or found["faults"].get("crashed")
    rows = [(name, found[name]) for name in ("seconds", "operations", "outcomes", "faults", "processes")]
    rows += [("violations", found["violations"] or "none"), ("noticed without looking", list(found["control"]))]
    title = f"History on {'PostgreSQL' if on_postgres else 'SQLite'}"
    show(title, rows, found, good=not wrong and bool(found["control"]))


def _use(url: str) -> None:
    import psycopg

    for name, variable in (("history", "RAPPORT_DATABASE_URL"), ("history_keys", "RAPPORT_KEYS_DATABASE_URL")):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        os.environ[variable] = f"{url.rpartition('/')[0]}/{name}"


def _history(home: Path, given: argparse.Namespace) -> dict[str, Any]:
    create(home / "data")
    installations.activate(read_installation(home / "data"))
    from django.core.management import call_command
    from django.db import connections

    for alias in ("default", "keys"):
        call_command("migrate", database=alias, verbosity=0)
    from tests.faults.history.run import history

    seconds = given.minutes * 60 if given.minutes else None
    try:
        return history(home, processes=given.processes, share=given.share, seconds=seconds, seed=given.seed)
    finally:
        connections.close_all()


if __name__ == "__main__":
    main()
