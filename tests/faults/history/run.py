"""Processes that work in one practice while others are killed, stopped, cut off from the database."""

from __future__ import annotations

import os
import random
import signal
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.history.checks import violations
from tests.faults.history.events import FOR_EVER, Log, Operation, read
from tests.faults.history.ground import Ground, lay, read_final
from tests.faults.history.hands import DEEDS, Deeds, Hands, hang_up

BETWEEN_FAULTS = 4000  # bytes of history, so that a slow machine has no more faults than a fast one
LONGEST_STOP = 3.0  # seconds
MOST_FAULTS = 30  # where each does a share; then whoever lives can end it
FEW = 10  # operations of each process that does not look: they meet at once


@dataclass(slots=True)
class Crowd:
    """The processes at work, and whoever troubles them. `share` is what each does before it goes home."""

    ground: Ground
    path: Path
    chance: random.Random
    size: int
    share: int
    until: float | None = None
    faults: Counter[str] = field(default_factory=Counter)
    alive: dict[int, str] = field(default_factory=dict)
    born: int = 0
    deeds: Deeds = DEEDS

    def run(self) -> None:
        """Until everybody has done their share (or the time is up), with a fault every now and then."""
        for _ in range(self.size):
            self.fork()
        next_fault = self._written() + BETWEEN_FAULTS
        while self.alive:
            self._reap()
            if self.alive and self._is_troubled and self._written() >= next_fault:
                self._fault()
                next_fault = self._written() + int(self.chance.uniform(0.2, 2) * BETWEEN_FAULTS)
            time.sleep(0.01)  # the trouble-maker's pace, not anybody's turn
            if self.until is not None and time.monotonic() > self.until:
                self.size = 0
                for child in self.alive:
                    os.kill(child, signal.SIGTERM)
                self.until = None

    @property
    def _is_troubled(self) -> bool:
        return self.until is not None or self.faults.total() < MOST_FAULTS

    def _written(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def fork(self) -> None:
        hang_up()  # a connection does not survive a fork
        self.born += 1
        name, seed = f"p{self.born}", self.chance.getrandbits(32)
        child = os.fork()
        if child == 0:
            code = 1
            try:
                hands = Hands(self.ground, Log(self.path, name), random.Random(seed), self.deeds)  # noqa: S311
                signal.signal(signal.SIGTERM, lambda *_: hands.stop())
                hands.work(self.share if self.until is None else FOR_EVER)
                code = 0
            except BaseException:
                traceback.print_exc()
            os._exit(code)
        self.alive[child] = name

    def _reap(self) -> None:
        for child in list(self.alive):
            done, status = os.waitpid(child, os.WNOHANG)
            if not done:
                continue
            del self.alive[child]
            if os.WIFEXITED(status) and os.WEXITSTATUS(status):
                self.faults["crashed"] += 1
            if os.WIFSIGNALED(status) and self.size:
                self.fork()

    def _fault(self) -> None:
        child = self.chance.choice(list(self.alive))
        kind = self.chance.choice(("kill", "stop", "cut"))
        if kind == "kill":
            os.kill(child, signal.SIGKILL)
        elif kind == "stop":
            os.kill(child, signal.SIGSTOP)
            time.sleep(self.chance.uniform(0.05, LONGEST_STOP if self.until else 0.5))
            os.kill(child, signal.SIGCONT)
        elif not _cut_a_connection(self.chance):
            return
        self.faults[kind] += 1


def _cut_a_connection(chance: random.Random) -> bool:
    """End somebody's connection to the database as an administrator would, where there are connections."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        cursor.execute(f"SELECT pid FROM pg_stat_activity WHERE {others} ORDER BY pid")
        pids = [row[0] for row in cursor.fetchall()]
        if pids:
            cursor.execute("SELECT pg_terminate_backend(%s)", [chance.choice(pids)])
    connection.close()
    return bool(pids)


def history(home: Path, *, processes: int, share: int, seconds: float | None, seed: int) -> dict[str, Any]:
    """One history of the practice as it is: figures, and what is wrong; then, in the same record, the control."""
    chance, path, ground = random.Random(seed), home / "history.jsonl", lay()  # noqa: S311 - moments, not secrets
    began = time.monotonic()
    crowd = Crowd(ground, path, chance, processes, share, began + seconds if seconds else None)
    crowd.run()
    happened = read(path)
    found = _figures(happened, crowd) | {"seconds": round(time.monotonic() - began), "trail": _trail()}
    found["violations"] = violations(happened, read_final(ground))
    with _saves_without_looking():
        Crowd(ground, path, chance, processes, FEW, born=crowd.born, deeds=(("write", 1),)).run()
    found["control"] = violations(read(path), read_final(ground))
    return found


def _figures(happened: tuple[Operation, ...], crowd: Crowd) -> dict[str, Any]:
    unknown = (one for one in happened if one.outcome == "info")
    return {
        "operations": len(happened),
        "outcomes": Counter(one.outcome for one in happened),
        "kinds": Counter(one.kind for one in happened if one.is_ok),
        "refusals": Counter(f"{one.kind} {one.got['why']}" for one in happened if "why" in one.got),
        "rough": [one.got["rough"] for one in happened if "rough" in one.got],
        "unknown": Counter(f"{one.kind} {one.got.get('error', 'killed')[:60]}" for one in unknown),
        "faults": crowd.faults,
        "processes": crowd.born,
    }


def _trail() -> str | None:
    from django.db import connection

    from rapport.practice.security.audit.verify import verify

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            if (found := cursor.fetchone()[0]) != "ok":
                return str(found)
    finding = verify(None).finding
    return str(finding) if finding else None


@contextmanager
def _saves_without_looking() -> Iterator[None]:
    """The version a writer began from is not held against the note's."""
    from rapport.practice.sessions.actions import notes
    from rapport.practice.sessions.models import ProgressNote

    write = notes._write

    def blind(note: Any, version: int, at: Any, words: Any, **values: Any) -> int:
        newest = ProgressNote.objects.values_list("version", flat=True).get(id=note.id)
        write(note, newest, at, words, **values)
        return version + 1

    notes._write = blind
    try:
        yield
    finally:
        notes._write = write
