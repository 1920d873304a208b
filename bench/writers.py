"""How long a save takes while sixteen people write, 25 saves a second in all, beside one who saves as often alone.

Every writer is a process with a connection and a note of its own; each save is the whole action (policy, seal, version,
audit event, durable commit), on one SQLite file.
"""

from __future__ import annotations

import os
import statistics
import struct
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bench.ground import Row

if TYPE_CHECKING:
    from uuid import UUID

    from rapport.practice.security.policy.actor import Actor

WRITERS, A_SECOND, LEAST_SAVES = 16, 25, 400
WORDS = "She came with a letter and without words for it. " * 30
FIRST_VERSION = 2  # a note with words was saved once
ALONE, TOGETHER = f"one writer, {A_SECOND} saves a second, p99", f"{WRITERS} writers, {A_SECOND} saves a second, p99"


def measure(_folder: Path, rounds: int) -> list[Row]:
    """Alone, then together. In place of the 95th percentile stands the 99th, and the ratio is between those."""
    saves = max(LEAST_SAVES, rounds * WRITERS)
    desks = [_a_desk(number) for number in range(WRITERS + 1)]
    alone = _written(desks[:1], saves)
    together = _written(desks[1:], saves)
    base = _p99(alone)
    return [
        Row(name, statistics.median(taken), _p99(taken), _p99(taken) / base, ALONE)
        for name, taken in ((ALONE, alone), (TOGETHER, together))
    ]


def _p99(taken: Sequence[float]) -> float:
    return statistics.quantiles(taken, n=100)[-1]


def _a_desk(number: int) -> tuple[Actor, UUID]:
    from datetime import timedelta

    from tests.factories.people import a_course, a_therapist
    from tests.factories.sessions import a_held_hour, a_note

    from rapport.practice.foundation import clock

    now = clock.now()
    therapist = a_therapist(f"Writer {number}")
    course = a_course(therapist, f"Client of writer {number}")
    return therapist, a_note(course, a_held_hour(course, now - timedelta(days=1)), WORDS, at=now)


def _written(desks: Sequence[tuple[Actor, UUID]], saves: int) -> list[float]:
    """Seconds of every save; the writers take turns evenly, as far as the machine lets them."""
    from django.db import connections

    for connection in connections.all():
        connection.close()  # none survives a fork
    begin = time.perf_counter() + 0.5
    pipes = [_fork(desk, begin, place, len(desks), saves) for place, desk in enumerate(desks)]
    taken: list[float] = []
    for child, pipe in pipes:
        with os.fdopen(pipe, "rb") as heard:
            taken += [seconds for (seconds,) in struct.iter_unpack("d", heard.read())]
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, "A writer could not save."
    return taken


def _fork(desk: tuple[Actor, UUID], begin: float, place: int, writers: int, saves: int) -> tuple[int, int]:
    read, write = os.pipe()
    child = os.fork()
    if child:
        os.close(write)
        return child, read
    try:
        os.close(read)
        version = FIRST_VERSION
        for turn in range(place, saves, writers):
            time.sleep(max(0.0, begin + turn / A_SECOND - time.perf_counter()))
            seconds, version = _save(desk, version)
            os.write(write, struct.pack("d", seconds))
        os._exit(0)
    finally:
        os._exit(1)  # what the parent has open is not the child's to close


def _save(desk: tuple[Actor, UUID], version: int) -> tuple[float, int]:
    from rapport.practice.foundation import clock
    from rapport.practice.sessions.actions import save_note

    (therapist, note), begun = desk, time.perf_counter()
    words = {"text": f"{WORDS}{version}"}
    version = save_note(actor=therapist, at=clock.now(), note_id=note, version=version, sections=words)
    return time.perf_counter() - begun, version
