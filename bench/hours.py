"""What the hour's own pages cost: the week of a therapist among fifty, the week of the whole house, the prep card.

Ratios to the same bare Django page as `bench/pages.py`, in turns with it.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from bench.ground import Row, clocked, cookie_of, in_turns
from bench.pages import seen, turn_of

if TYPE_CHECKING:
    from tests.factories.people import Course

    from rapport.practice.security.policy.actor import Actor

THERAPISTS, A_DAY, DAYS = 50, 5, 5
SESSIONS = 40
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)


def measure(folder: Path, rounds: int) -> list[Row]:
    """Fifty therapists with 25 hours each this week; one of them with a client of 40 weeks."""
    from rapport.practice.foundation import clock

    own, house, prep = a_house(clock.now())
    with subprocess.Popen(  # our own script, our own words
        [sys.executable, "-m", "bench.bare_page", str(folder / "bare-page-of-hours.sqlite3")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as bare:  # fmt: skip
        if bare.stdin is None or bare.stdout is None:
            raise RuntimeError("The bare page did not start.")
        rows = in_turns(
            rounds,
            "bare Django page",
            {
                "bare Django page": turn_of(bare.stdin, bare.stdout),
                f"week, {A_DAY * DAYS} of {THERAPISTS * A_DAY * DAYS} hours": clocked(
                    lambda: seen("/desk/diary/?view=week", own)
                ),
                "week, every therapist": clocked(lambda: seen("/desk/diary/?view=week&by=room", house)),
                f"prep card, {SESSIONS} sessions": clocked(lambda: seen(prep, own)),
            },
        )
        bare.stdin.close()
    return rows


def a_house(now: datetime) -> tuple[str, str, str]:
    """The cookies of a therapist and of a manager, and the address of a prep card."""
    from tests.factories.people import a_course, a_manager, a_therapist

    from rapport.practice.organisation.actions import add_room

    manager = a_manager()
    monday = (now - now.weekday() * DAY).replace(hour=9, minute=0, second=0, microsecond=0)
    first = None
    for number in range(THERAPISTS):
        therapist = a_therapist(f"Therapist {number}")
        room = add_room(actor=manager, at=now, name=f"Room {number}")
        first = first or therapist
        for client in range(A_DAY * DAYS):
            course = a_course(therapist, f"Client {number} {client}", at=now - WEEK)
            day, hour = divmod(client, A_DAY)
            _book(course, monday + day * DAY + hour * HOUR, room, now)
    if first is None:
        raise RuntimeError("A house without therapists.")
    return cookie_of(first), cookie_of(manager), a_prep_card(first, now)


def a_prep_card(therapist: Actor, now: datetime) -> str:
    """The card before the next hour of somebody who has come for 40 weeks, with everything it can hold."""
    from tests.factories.exercises import a_task
    from tests.factories.outcomes import totals
    from tests.factories.people import a_course
    from tests.factories.sessions import a_held_hour, a_note, an_hour

    from rapport.practice.sessions.actions import sign_note

    evening = now.replace(hour=19, minute=0, second=0, microsecond=0) - 3 * DAY
    begun = evening - SESSIONS * WEEK
    course = a_course(therapist, "Jonas Weber", at=begun - WEEK)
    held = [a_held_hour(course, begun + week * WEEK) for week in range(SESSIONS)]
    totals(course, "phq9", *(max(4, 20 - week // 3) for week in range(SESSIONS)), first=begun.date(), at=now)
    note = a_note(course, held[-1], "Spoke of the move. Plan: look at the letter together.", at=now)
    sign_note(actor=course.therapist, at=now, note_id=note, version=2)
    a_task(course, at=now, due_on=(now + WEEK).date())
    return f"/desk/sessions/{an_hour(course, evening + WEEK)}/prep/"


def _book(course: Course, start: datetime, room: UUID, now: datetime) -> None:
    from rapport.practice.sessions.actions import book_session

    book_session(
        actor=course.therapist,
        at=now,
        episode_id=course.episode,
        start=start,
        end=start + HOUR * 5 / 6,
        room_id=room,
    )
