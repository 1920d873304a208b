"""What a trail of a million entries costs: to read it all again, and to ask it who saw what.

`python -m bench.million [--events 1000000]`, on SQLite in a folder of its own; on PostgreSQL
`python -m tests.postgres_cluster -- .venv/bin/python -m bench.million`.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from bench.ground import open_practice

if TYPE_CHECKING:
    from rapport.practice.security.audit.chain import Entry
    from rapport.practice.security.audit.reading import Verification

STAFF, CLIENTS, BATCH = 12, 800, 10_000
KINDS = ("course", "progress_note", "appointment", "measure", "safety_plan", "message", "client")
IDS = frozenset({"id", "actor", "object_id", "client", "private_to"})
START = datetime(2020, 1, 1, 8, tzinfo=UTC)
STEP = timedelta(seconds=180)  # a million entries in five years and a half


Row = tuple[str, float, float, str]  # what, seconds on the clock, of the processor, what came out


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.million", description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    count = parser.parse_args().events
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as name:
        open_practice(Path(name))
        report(measure(count), count)


def measure(count: int) -> Iterator[Row]:
    """Fill a trail, then ask everything of it."""
    from rapport.practice.security.accounts.queries.who_saw import who_saw
    from rapport.practice.security.audit.checkpoints import anchor_file, write_checkpoint
    from rapport.practice.security.audit.verify import verify
    from rapport.practice.security.policy.actor import SYSTEM

    yield timed("written", lambda: fill(count))
    end = START + count * STEP
    write_checkpoint(end)
    yield timed("verified against its anchor", lambda: found(verify(anchor_file().read_text())))
    last, month = end - timedelta(days=1), end - timedelta(days=30)
    windows: dict[str, dict[str, Any]] = {
        "who saw what, one day": {"start": last},
        "who saw what, 30 days": {"start": month},
        "who saw what, all of it": {"start": START},
        "who saw one client, all of it": {"start": START, "client": client(7)},
        "what one person saw, all of it": {"start": START, "account": staff(3)},
    }
    for name, window in windows.items():
        ask = partial(who_saw, viewer=SYSTEM, at=end, end=end, **window)
        yield timed(name, lambda ask=ask: f"{len(ask()):,} lines")


def found(result: Verification) -> str:
    return f"{result.events:,} entries, finding: {result.finding}"


def timed(name: str, work: Callable[[], str]) -> Row:
    clock, processor = time.perf_counter(), time.process_time()
    told = work()
    return name, time.perf_counter() - clock, time.process_time() - processor, told


def staff(number: int) -> UUID:
    return UUID(int=(number + 1) << 32)


def client(number: int) -> UUID:
    return UUID(int=((number + 1) << 64) + number)


def fill(count: int) -> str:
    """Entries in due form, put in by the driver itself: `trail.record` would commit each on the disk."""
    from django.db import connection, transaction

    from rapport.practice.security.audit.chain import Entry
    from rapport.practice.security.audit.models import ChainHead

    heads: dict[int, tuple[int, bytes]] = {}
    kept = as_sqlite_keeps if connection.vendor == "sqlite" else as_postgresql_keeps
    insert = (
        f"INSERT INTO audit_auditevent ({', '.join(Entry._fields)}) VALUES ({', '.join(['%s'] * len(Entry._fields))})"
    )
    with transaction.atomic(), connection.cursor() as cursor:
        for first in range(0, count, BATCH):
            numbers = range(first, min(first + BATCH, count))
            cursor.executemany(insert, [kept(entry) for entry in entries(numbers, heads)])
        ChainHead.objects.all().delete()
        ChainHead.objects.bulk_create(ChainHead(chain=chain, seq=s, link=link) for chain, (s, link) in heads.items())
    return f"{count:,} entries in {len(heads)} chains"


def as_sqlite_keeps(entry: Entry) -> list[Any]:
    row = [value.replace("-", "") if name in IDS and value else value for name, value in entry._asdict().items()]
    row[entry._fields.index("at")] = entry.at[:26].replace("T", " ")
    row[entry._fields.index("detail")] = b""
    return row


def as_postgresql_keeps(entry: Entry) -> list[Any]:
    return list(entry._replace(detail=b""))


def entries(numbers: range, heads: dict[int, tuple[int, bytes]]) -> Iterator[Entry]:
    """A therapist reads or edits one client's things; each entry chained to the one before."""
    from django.db import connection

    from rapport.practice.security.audit.chain import GENESIS, Entry, leaf_of, link_of
    from rapport.practice.security.audit.trail import POSTGRES_CHAINS

    many = POSTGRES_CHAINS if connection.vendor == "postgresql" else 1
    people, clients = [str(staff(n)) for n in range(STAFF)], [str(client(n)) for n in range(CLIENTS)]
    for n in numbers:
        about = n * 7 % CLIENTS
        chain = about % many
        seq, link = heads.get(chain, (0, GENESIS))
        entry = Entry(
            chain=chain, seq=seq + 1, id=str(UUID(int=n + 1)), at=(START + n * STEP).isoformat(timespec="microseconds"),
            actor=people[n % STAFF], roles="therapist", session=f"{n % 97:032x}", action="read" if n % 5 else "edit",
            object_type=KINDS[n % len(KINDS)], object_id=str(UUID(int=n)), client=clients[about], purpose="care",
            decision="allow", reason="", detail="", private_to=None,
        )  # fmt: skip
        leaf = leaf_of(entry)
        heads[chain] = seq + 1, link_of(link, leaf)
        yield entry._replace(leaf=leaf, link=heads[chain][1])


def report(rows: Iterator[Row], count: int) -> None:
    import django
    from django.db import connection

    engine = connection.vendor
    if engine == "postgresql":
        engine += f" {connection.pg_version}"
    else:
        import sqlite3

        engine += f" {sqlite3.sqlite_version}"
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"Django {django.__version__}, {engine}, {count:,} entries; processor seconds in brackets\n")
    for name, seconds, processor, told in rows:
        print(f"{name:32}{seconds:8.2f} s ({processor:.2f})   {told}", flush=True)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
