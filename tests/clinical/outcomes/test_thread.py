"""Which end of a thread is open: signals, decisions and what followed, as a therapist would tell it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rapport.clinical.outcomes.five_fields import Bend, Decision
from rapport.clinical.outcomes.following.session_clock import session_numbers
from rapport.clinical.outcomes.following.thread import Decided, OpenEnd, ScoreRead, Thread, thread_of
from rapport.clinical.outcomes.signals import Signal

FIRST = datetime(2026, 3, 2, 9, tzinfo=UTC)
WEEK = timedelta(weeks=1)
SIGNS = {"-": None, "w": Signal.WHITE, "g": Signal.GREEN, "y": Signal.YELLOW, "r": Signal.RED}


def course(signs: str, instrument: str = "phq9") -> list[ScoreRead]:
    """One score a week: `-ggr` is a first score, two as expected, one not on track."""
    return [
        ScoreRead(instrument, SIGNS[sign], number, FIRST + (number - 1) * WEEK, FIRST + (number - 1) * WEEK)
        for number, sign in enumerate(signs, 1)
    ]


def decided(session: int, look_again: int | None, signal: Signal = Signal.RED) -> Decided:
    """A decision two days after the score of a session."""
    at = FIRST + (session - 1) * WEEK + timedelta(days=2)
    return Decided(Decision.TALK_WITH_CLIENT, "phq9", signal, look_again, at)


def of(signs: str, *decisions: Decided, held: int = 0) -> Thread | None:
    return thread_of(course(signs), decisions, held=held)


@pytest.mark.parametrize("signs", ["", "-", "-ggw", "-gyg", "-grgg", "-ryww"])
def test_a_course_as_expected_or_back_by_itself_has_no_open_end(signs: str) -> None:
    assert of(signs) is None


@pytest.mark.parametrize(("signs", "session"), [("-gy", 3), ("-gr", 3), ("-grg", 3), ("-ryw", 2), ("-grgr", 5)])
def test_a_signal_stays_open_until_somebody_decides(signs: str, session: int) -> None:
    found = of(signs)
    assert found is not None
    assert found.open_end is OpenEnd.DECIDE
    assert found.signal is not None
    assert found.signal.session == session


def test_after_a_decision_the_thread_runs_until_the_session_agreed_on() -> None:
    running = of("-grr", decided(3, look_again=6))
    assert running is not None
    assert (running.runs, running.open_end, running.bend) == (True, None, Bend.STILL_OFF)
    due = of("-grrgg", decided(3, look_again=6))
    assert due is not None
    assert (due.open_end, due.bend) == (OpenEnd.LOOK_AGAIN, Bend.BETTER)


def test_hours_held_bring_the_look_even_when_nobody_answers_a_form() -> None:
    silent = of("-gr", decided(3, look_again=6), held=6)
    assert silent is not None
    assert (silent.open_end, silent.bend) == (OpenEnd.LOOK_AGAIN, Bend.NOT_YET_KNOWN)


def test_something_worse_opens_a_decided_thread_anew() -> None:
    worse = of("-gyr", decided(3, look_again=9, signal=Signal.YELLOW))
    assert worse is not None
    assert (worse.open_end, worse.bend) == (OpenEnd.DECIDE, Bend.WORSE)
    assert worse.decided == decided(3, look_again=9, signal=Signal.YELLOW)
    back_and_off_again = of("-grggy", decided(3, look_again=9))
    assert back_and_off_again is not None
    assert back_and_off_again.runs, "less than what was decided upon waits for the look that was agreed"


def test_an_ended_thread_rests_until_a_new_signal() -> None:
    ended = of("-grggg", decided(3, look_again=5), decided(6, look_again=None))
    assert ended is not None
    assert (ended.open_end, ended.runs) == (None, False)
    anew = of("-grgggy", decided(3, look_again=5), decided(6, look_again=None))
    assert anew is not None
    assert anew.open_end is OpenEnd.DECIDE


@pytest.mark.parametrize(("held", "come"), [(4, False), (5, True), (6, True)])
def test_the_look_is_due_with_the_session_agreed_on_and_not_before(held: int, come: bool) -> None:
    found = of("-gr", decided(3, look_again=5), held=held)
    assert found is not None
    assert (found.open_end is OpenEnd.LOOK_AGAIN, found.runs) == (come, not come)
    assert found.decided == decided(3, look_again=5)
    assert found.signal is None


def test_what_was_read_when_one_decided_is_not_news_and_no_proof() -> None:
    scores = course("-gr")
    at_once = Decided(Decision.CONSULT, "phq9", Signal.RED, 9, scores[-1].read_at)
    found = thread_of(scores, [at_once])
    assert found is not None
    assert (found.open_end, found.bend) == (None, Bend.NOT_YET_KNOWN)
    ended = thread_of(scores, [replace(at_once, look_again=None)])
    assert ended is not None
    assert ended.open_end is None
    as_bad = thread_of(course("-grr"), [at_once])
    assert as_bad is not None
    assert as_bad.runs, "as bad as what was read when one decided"


def test_without_a_score_only_the_hours_held_bring_the_look() -> None:
    first = decided(1, look_again=1)
    assert thread_of([], [first]) == Thread(None, first, Bend.NOT_YET_KNOWN, None)
    assert thread_of([], [first], held=1) == Thread(None, first, Bend.NOT_YET_KNOWN, OpenEnd.LOOK_AGAIN)


def test_the_worse_of_two_measures_asks_first_and_of_two_alike_the_newer() -> None:
    def asks(*courses: list[ScoreRead]) -> str | None:
        found = thread_of([one for each in courses for one in each], [])
        return found.signal.instrument if found and found.signal else None

    assert asks(course("-gr"), course("-ggy", "gad7")) == "phq9"
    assert asks(course("-gr"), course("-ggr", "gad7")) == "gad7"
    assert asks(course("-ggy"), course("-gr", "gad7")) == "gad7"
    assert asks(list(reversed(course("-grg")))) == "phq9"
    assert thread_of(course("-gr"), []) == Thread(course("-gr")[2], None, None, OpenEnd.DECIDE)


def test_the_last_decision_is_the_one_that_holds_in_whatever_order_they_come() -> None:
    first, second = decided(3, look_again=9), decided(5, look_again=None)
    for order in ((first, second), (second, first)):
        found = of("-grrr", *order)
        assert found is not None
        assert found.decided == second


def test_another_measure_going_wrong_is_news() -> None:
    found = thread_of([*course("-gr"), *course("-gggr", "gad7")], [decided(3, look_again=9)])
    assert found is not None
    assert found.signal is not None
    assert (found.open_end, found.signal.instrument) == (OpenEnd.DECIDE, "gad7")
    a_little = thread_of([*course("-gr"), *course("-gggy", "gad7")], [decided(3, look_again=9)])
    assert a_little is not None
    assert a_little.open_end is OpenEnd.DECIDE


def test_a_form_typed_in_late_is_news_too() -> None:
    late = [*course("-gg"), ScoreRead("phq9", Signal.RED, 3, FIRST + 2 * WEEK + timedelta(days=1), FIRST + 9 * WEEK)]
    found = thread_of(late, [decided(3, look_again=None)])
    assert found is not None
    assert found.open_end is OpenEnd.DECIDE


def test_hours_move_the_clock_and_weeks_do_not() -> None:
    hours = [FIRST + timedelta(days=3 + 7 * week) for week in (0, 1, 5)]
    assert session_numbers([FIRST, FIRST + WEEK, FIRST + 6 * WEEK], hours) == (1, 2, 4)
    assert session_numbers([FIRST, FIRST + WEEK, FIRST + 6 * WEEK], []) == (1, 2, 3)
    assert session_numbers([FIRST, FIRST + timedelta(hours=2)], []) == (1, 1)
    assert session_numbers([], hours) == ()
    assert session_numbers([FIRST], [FIRST - WEEK, FIRST - timedelta(days=1)]) == (1,)
    assert session_numbers([FIRST, FIRST + timedelta(hours=3)], [FIRST]) == (1, 2)
    assert session_numbers([FIRST, FIRST + WEEK], [FIRST + WEEK, FIRST + timedelta(hours=1)]) == (1, 2)
