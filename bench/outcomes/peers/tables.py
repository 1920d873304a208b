"""Polars and DuckDB in the bench's own environment: `python -m bench.outcomes.peers.tables PEER WORK SIZE`."""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any

from bench.outcomes.best import best


def classes(peer: str, size: int) -> dict[str, Any]:
    from bench.outcomes.classes import with_duckdb, with_polars

    work, counts = {"polars": with_polars, "duckdb": with_duckdb}[peer](size)
    timed, found = best(work)
    return {**timed, "tally": counts(found)}


def report(peer: str, size: int) -> dict[str, Any]:
    from bench.outcomes import service, service_peers

    load, work = {
        "polars": (service_peers.load_polars, service_peers.with_polars),
        "duckdb": (service_peers.load_duckdb, service_peers.with_duckdb),
    }[peer]
    columns = service.drawn(size, 4)
    loaded = load(columns)
    del columns
    timed, found = best(lambda: work(loaded))
    return {**timed, "numbers": found}


if __name__ == "__main__":
    peer, wanted, size = sys.argv[1:]
    found = {"classes": classes, "report": report}[wanted](peer, int(size))
    print(json.dumps({**found, "version": f"{peer} {importlib.import_module(peer).__version__}"}, default=int))
