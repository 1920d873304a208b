"""Plans of an hour by its length: what it may hold, from which minute to which."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from rapport.clinical.kernel.errors import OutOfRange

SHORTEST = 15


class Phase(StrEnum):
    """A part of the hour."""

    ARRIVE = "arrive"
    BRIDGE = "bridge"  # from last time, and the agenda
    REVIEW = "review"  # of the task
    MAIN = "main"
    TASK = "task"  # a new one, or what was learned
    CLOSE = "close"  # summary, how it was, the frame


@dataclass(frozen=True, slots=True)
class Part:
    """One phase from one minute of the hour to another."""

    phase: Phase
    begins: int
    ends: int


def plan_of(minutes: int, *, is_open: bool = False) -> tuple[Part, ...]:
    """The plan of an hour of this length. Lengths without a table take the nearest one; the main work gives or takes.

    An open hour (the client begins) has an arrival, the hour itself and an ending.

    >>> [(str(part.phase), part.ends - part.begins) for part in plan_of(50)][3:]
    [('main', 23), ('task', 5), ('close', 5)]
    >>> [(str(part.phase), part.begins, part.ends) for part in plan_of(50, is_open=True)]
    [('arrive', 0, 5), ('main', 5, 45), ('close', 45, 50)]
    """
    if minutes < SHORTEST:
        raise OutOfRange("minutes", "An hour this short needs no plan.", f"Give {SHORTEST} minutes or more.")
    tables = _tables()
    table = tables[min(tables, key=lambda length: (abs(length - minutes), length))]
    lengths = {phase: table[phase] for phase in Phase}
    if is_open or minutes < min(tables):
        lengths = {phase: lengths[phase] for phase in (Phase.ARRIVE, Phase.MAIN, Phase.CLOSE)}
    lengths[Phase.MAIN] += minutes - sum(lengths.values())
    parts, begins = [], 0
    for phase, length in lengths.items():
        parts.append(Part(phase, begins, begins + length))
        begins += length
    return tuple(parts)


@cache
def _tables() -> dict[int, dict[str, int]]:
    text = files("rapport.clinical.sessions.room").joinpath("data", "plans.toml").read_text("utf-8")
    return {int(length): table for length, table in tomllib.loads(text).items()}
