"""What the two busiest pages of the desk cost: today, and a course after 40 weekly sessions.

Each is a ratio of a bare Django page (`bench/bare_page.py`: signed in, one row read, one audit row written durably,
rendered), which runs in a process of its own and takes turns with them.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from bench.ground import Row, ask, clocked, cookie_of, in_turns

SESSIONS, TODAY = 40, 6
HOUR, WEEK = timedelta(hours=1), timedelta(days=7)


def measure(folder: Path, rounds: int) -> list[Row]:
    """A therapist with six hours today and a client of 40 weeks."""
    from rapport.practice.foundation import clock

    course, cookie = a_desk(clock.now())
    with subprocess.Popen(  # our own script, our own words
        [sys.executable, "-m", "bench.bare_page", str(folder / "bare-page.sqlite3")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as bare:  # fmt: skip
        assert bare.stdin and bare.stdout
        rows = in_turns(
            rounds,
            "bare Django page",
            {
                "bare Django page": turn_of(bare.stdin, bare.stdout),
                f"today, {TODAY} hours": clocked(lambda: seen("/desk/", cookie)),
                f"course, {SESSIONS} sessions": clocked(lambda: seen(course, cookie)),
            },
        )
        bare.stdin.close()
    return rows


def turn_of(asking: IO[str], answering: IO[str]) -> Callable[[], float]:
    def turn() -> float:
        asking.write("go\n")
        asking.flush()
        return float(answering.readline())

    return turn


def seen(path: str, cookie: str) -> None:
    """One page, shown."""
    status, _page = ask("GET", path, cookie)
    assert status.startswith("200"), status


def a_desk(now: datetime) -> tuple[str, str]:
    """The address of the long course, and the cookies of its therapist."""
    from tests.factories.outcomes import totals
    from tests.factories.people import a_course, a_therapist
    from tests.factories.sessions import a_held_hour, an_hour

    therapist = a_therapist("Edith Marsh")
    nine = now.replace(hour=9, minute=0, second=0, microsecond=0)
    first = nine - SESSIONS * WEEK
    long = a_course(therapist, "Jonas Weber", at=first - WEEK)
    for week in range(SESSIONS):
        a_held_hour(long, first + week * WEEK)
    totals(long, "phq9", *(max(4, 20 - week // 3) for week in range(SESSIONS)), first=first.date(), at=now)
    for number in range(TODAY):
        an_hour(a_course(therapist, f"Client of today {number}"), nine + number * HOUR)
    return f"/desk/episodes/{long.episode}/course/", cookie_of(therapist)
