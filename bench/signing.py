"""What signing a note costs, beside one durable commit of the same bytes on the same disk.

A signature is for ever: the text is sealed again, hashed with what stands above it, locked, and an audit event
committed with it. What is measured is the whole action, policy and keys included, without the page around it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bench.ground import Row, clocked, in_turns
from bench.walking_skeleton import bare_commits

if TYPE_CHECKING:
    from uuid import UUID

    from tests.factories.people import Course

WORDS = "She spoke of the letter, slept better, and wants to look at it together next week. " * 24  # 2 kB: a page


def measure(folder: Path, rounds: int) -> list[Row]:
    """As many notes as rounds, each signed once."""
    from rapport.practice.foundation import clock
    from rapport.practice.sessions.actions import sign_note

    course, notes = a_pile(rounds + 1)
    waiting = iter(notes)

    def sign() -> None:
        sign_note(actor=course.therapist, at=clock.now(), note_id=next(waiting), version=2)

    return in_turns(
        rounds,
        "bare durable commit, 2 kB",
        {
            "bare durable commit, 2 kB": clocked(bare_commits(folder / "bare-notes.sqlite3", len(WORDS.encode()))),
            "signing a note": clocked(sign),
        },
    )


def a_pile(how_many: int) -> tuple[Course, list[UUID]]:
    """Notes of one course that wait for a signature."""
    from datetime import timedelta

    from tests.factories.people import a_course, a_therapist
    from tests.factories.sessions import a_held_hour, a_note

    from rapport.practice.foundation import clock

    now = clock.now()
    course = a_course(a_therapist("Ines Vogt"), "Client of many notes")
    hours = [a_held_hour(course, now - timedelta(days=number + 1)) for number in range(how_many)]
    return course, [a_note(course, hour, WORDS, at=now) for hour in hours]
