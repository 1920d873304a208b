"""Killed before any of its steps, an act is done or was never begun, on SQLite as on PostgreSQL (H03).

What `test_kill` leaves to chance is chosen here: a step is one statement or one commit, so that no moment is left out.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from tests.config.whole_practice import Whole, on_server, tables_made_quickly
from tests.factories.measures import a_form
from tests.factories.people import AT, a_course, a_manager, a_therapist, client_account
from tests.factories.world import NOW
from tests.faults.stopping import in_a_child, kills, spread

from rapport.config.environment import read_installation
from rapport.config.operations.backup import anchor_text
from rapport.config.operations.copies import whole_trail
from rapport.config.operations.move import move_to_postgres
from rapport.practice.measures.actions import answer_item
from rapport.practice.measures.models import Answer
from rapport.practice.organisation.actions import add_room, close_room
from rapport.practice.sessions.actions import begin_note, book_session, save_note, sign_note

Act = Callable[[int], object]
KILLS, AT_THE_END = kills(3), 2
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
pytestmark = [
    pytest.mark.fault,
    pytest.mark.xdist_group("whole_practice"),
    pytest.mark.usefixtures("tables_made_quickly"),
]
__all__ = ["tables_made_quickly"]
_numbers = itertools.count(1)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def whole(whole_practice: Whole, request: pytest.FixtureRequest) -> Whole:
    if request.param == "sqlite":
        return whole_practice
    place = on_server(request.getfixturevalue("postgres"), f"acts_{next(_numbers)}")
    with whole_practice.opened():
        move_to_postgres(whole_practice.installation, place, at=NOW)
    return Whole(read_installation(whole_practice.installation.data), place)


def answers() -> Act:
    """Item 9 with its alert; each differs from the last that was kept, for the same again would be none."""
    course = a_course(a_therapist())
    client = client_account(course)
    form = a_form(course, client)
    who: dict[str, Any] = {"actor": client, "administration_id": form, "item": "9"}
    return lambda number: answer_item(**who, at=AT + number * SECOND, value=1 + Answer.objects.count() % 2)


def bookings() -> Act:
    course = a_course(a_therapist())
    return lambda number: book_session(
        actor=course.therapist,
        at=AT,
        episode_id=course.episode,
        start=AT + number * HOUR,
        end=AT + number * HOUR + HOUR / 2,
    )


def signatures() -> Act:
    """Notes wait, one for each number; each is signed once."""
    course = a_course(a_therapist())
    who: dict[str, Any] = {"actor": course.therapist, "at": AT}
    notes = []
    for number in range(KILLS + 8):
        start = AT + number * HOUR
        hour = book_session(**who, episode_id=course.episode, start=start, end=start + HOUR / 2)
        note = begin_note(**who, session_id=hour)
        notes.append((note, save_note(**who, note_id=note, version=1, sections={"text": "Said little."})))
    return lambda number: sign_note(**who, note_id=notes[number][0], version=notes[number][1])


def rooms() -> Act:
    """Two acts, not one."""
    manager = a_manager()

    def both(number: int) -> None:
        room = add_room(actor=manager, at=AT, name=f"Room {number}")
        close_room(actor=manager, at=AT, room_id=room)

    return both


def rows(whole: Whole) -> Counter[str]:
    return Counter({table: one.rows for sums in whole.sums().values() for table, one in sums.items()})


def halves(whole: Whole, prepare: Callable[[], Act]) -> list[int]:
    """The steps at which the killed act was left neither done nor undone."""
    with whole.opened():
        act = prepare()
        for number in (1, 2):
            act(number)  # from the third on each does the same
    numbers = itertools.count(3)

    def once(number: int) -> None:
        with whole.opened():
            act(number)

    before = rows(whole)
    number = next(numbers)
    steps = in_a_child(lambda: once(number))
    done = rows(whole) - before
    assert done
    found = []
    for step in spread(steps, KILLS, last=AT_THE_END):
        before, number = rows(whole), next(numbers)
        assert in_a_child(partial(once, number), step=step) == step - 1
        if rows(whole) - before not in (Counter(), done):
            found.append(step)
    with whole.opened():
        whole_trail(anchor_text(whole.installation))
    return found


@pytest.mark.parametrize("prepare", [answers, bookings, signatures])
def test_a_killed_act_is_done_or_was_never_begun(whole: Whole, prepare: Callable[[], Act]) -> None:
    assert halves(whole, prepare) == []


def test_two_acts_taken_for_one_would_be_noticed(whole_practice: Whole) -> None:
    """The control: between two transactions a half is left, and seen."""
    assert halves(whole_practice, rooms)
