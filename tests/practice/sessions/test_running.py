"""The hour starts and ends by explicit taps, and what did not happen is named by the contract."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.factories.episodes import Referred, agrees_to_treatment, in_assessment, offered
from tests.factories.people import AT, a_course, a_manager, a_therapist
from tests.factories.sessions import MINUTE, a_held_hour, an_hour

from rapport.clinical.sessions.attendance import Attendance, CancelledBy
from rapport.clinical.sessions.states import SessionState
from rapport.practice.episodes.actions import record_paper_acceptance
from rapport.practice.episodes.choices import EpisodeState
from rapport.practice.episodes.queries import episode
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden, NotFound
from rapport.practice.sessions import actions, queries
from rapport.practice.sessions.models import SessionStep, TherapySession


def test_starting_and_ending_keep_their_moments() -> None:
    course = a_course(a_therapist())
    session = an_hour(course)
    for _ in range(2):  # a double tap is one start and one end
        actions.start_session(actor=course.therapist, at=AT + 3 * MINUTE, session_id=session)
    for minutes in (52, 60):
        actions.end_session(actor=course.therapist, at=AT + minutes * MINUTE, session_id=session)
    row = TherapySession.objects.get(id=session)
    assert (row.state, row.attendance) == (SessionState.ENDED, Attendance.ATTENDED)
    assert (row.started_at, row.ended_at) == (AT + 3 * MINUTE, AT + 52 * MINUTE)
    assert [s.kind for s in SessionStep.objects.filter(session=session).order_by("seq")] == [
        "booked",
        "started",
        "ended",
    ]
    assert set(AuditEvent.objects.filter(object_id=session).values_list("action", flat=True)) == {
        "booked",
        "started",
        "ended",
    }


def test_an_hour_cut_short_says_why() -> None:
    course = a_course(a_therapist())
    session = an_hour(course)
    actions.start_session(actor=course.therapist, at=AT, session_id=session)
    ending = {
        "actor": course.therapist,
        "at": AT + 20 * MINUTE,
        "session_id": session,
        "attendance": Attendance.CUT_SHORT,
    }
    with pytest.raises(actions.ReasonMissing):
        actions.end_session(**ending)
    actions.end_session(**ending, reason="fire alarm")
    steps = queries.steps(viewer=course.therapist, at=AT, session_id=session)
    assert (steps[-1].code, steps[-1].reason) == ("cut_short", "fire alarm")


@pytest.mark.parametrize(
    ("hours", "by", "code"),
    [
        (48, CancelledBy.CLIENT, Attendance.CANCELLED_IN_NOTICE),
        (47, CancelledBy.CLIENT, Attendance.CANCELLED_LATE),
        (1, CancelledBy.THERAPIST, Attendance.CANCELLED_BY_THERAPIST),
    ],
)
def test_notice_follows_from_when_the_word_came(hours: int, by: CancelledBy, code: Attendance) -> None:
    course = a_course(a_therapist())
    start = AT + timedelta(days=5)
    session = an_hour(course, start)
    told = start - timedelta(hours=hours)
    found = actions.cancel_session(
        actor=course.therapist, at=start, session_id=session, by=by, told_at=told, reason="a cold"
    )
    assert found is code
    assert queries.steps(viewer=course.therapist, at=start, session_id=session)[-1].told_at == told


def test_a_cancellation_does_not_come_from_the_future() -> None:
    course = a_course(a_therapist())
    session = an_hour(course, AT + timedelta(days=5))
    with pytest.raises(actions.NotYetTold):
        actions.cancel_session(
            actor=course.therapist, at=AT, session_id=session, by=CancelledBy.CLIENT, told_at=AT + MINUTE
        )


def test_nobody_misses_an_hour_before_it_began() -> None:
    course = a_course(a_therapist())
    start = AT + timedelta(hours=1)
    session = an_hour(course, start)
    with pytest.raises(actions.TooEarly):
        actions.record_missed(actor=course.therapist, at=start - MINUTE, session_id=session)
    actions.record_missed(actor=course.therapist, at=start + 20 * MINUTE, session_id=session)
    assert (
        queries.session(viewer=course.therapist, at=start, session_id=session).attendance is Attendance.DID_NOT_ATTEND
    )


def test_a_correction_keeps_the_original_and_says_why() -> None:
    course = a_course(a_therapist())
    session = a_held_hour(course)
    later = {"actor": course.therapist, "at": AT + timedelta(days=1), "session_id": session}
    right = {"attendance": Attendance.LATE, "started_at": AT + 15 * MINUTE, "ended_at": AT + 50 * MINUTE}
    with pytest.raises(actions.ReasonMissing):
        actions.correct_session(**later, **right, reason=" ")
    actions.correct_session(**later, **right, reason="pressed start while waiting")
    steps = queries.steps(viewer=course.therapist, at=AT, session_id=session)
    assert [(step.kind, step.starts_at, step.is_corrected) for step in steps[1:]] == [
        ("started", AT, False),
        ("ended", AT, True),
        ("corrected", AT + 15 * MINUTE, False),
    ]
    assert queries.session(viewer=course.therapist, at=AT, session_id=session).started_at == AT + 15 * MINUTE


def test_an_ended_hour_is_not_cancelled() -> None:
    course = a_course(a_therapist())
    session = a_held_hour(course)
    with pytest.raises(actions.StateMoved):
        actions.cancel_session(actor=course.therapist, at=AT, session_id=session, by=CancelledBy.CLIENT)


def test_a_stranger_and_a_manager_run_no_room() -> None:
    course = a_course(a_therapist())
    session = an_hour(course)
    with pytest.raises(NotFound):
        actions.start_session(actor=a_therapist("Ruth Stranger"), at=AT, session_id=session)
    with pytest.raises((NotFound, Forbidden)):
        actions.start_session(actor=a_manager(), at=AT, session_id=session)
    assert TherapySession.objects.get(id=session).state == SessionState.PLANNED


def test_a_stranger_sees_no_hours() -> None:
    course, stranger = a_course(a_therapist()), a_therapist("Ruth Stranger")
    session = an_hour(course)
    assert queries.day(viewer=stranger, at=AT, day=AT.date()) == ()
    for ask in (
        lambda: queries.session(viewer=stranger, at=AT, session_id=session),
        lambda: queries.sessions_of(viewer=stranger, at=AT, episode_id=course.episode),
        lambda: queries.steps(viewer=stranger, at=AT, session_id=session),
    ):
        with pytest.raises(NotFound):
            ask()


def test_rates_come_with_their_cards() -> None:
    course = a_course(a_therapist())
    for week in range(3):
        a_held_hour(course, AT + timedelta(weeks=week))
    missed = an_hour(course, AT + timedelta(weeks=3))
    late = AT + timedelta(weeks=4)
    actions.record_missed(actor=course.therapist, at=late, session_id=missed)
    rates = queries.course_of_hours(viewer=course.therapist, at=late, episode_id=course.episode).rates
    assert (rates.attendance.value, rates.mean_gap_days.value) == (0.75, 7.0)


def agreed() -> Referred:
    """Somebody whose agreement is signed and whose therapy has not begun."""
    course, contract = offered(a_therapist())
    agrees_to_treatment(course)
    record_paper_acceptance(
        actor=course.therapist, at=AT, episode_id=course.episode, contract_id=contract, signed_on=AT.date(),
        signed_by="Amina Bakari", crisis_shown=True,
    )  # fmt: skip
    return course


def state_of(course: Referred) -> EpisodeState:
    return episode(viewer=course.therapist, at=AT, episode_id=course.episode).state


def test_the_first_hour_of_what_was_agreed_begins_the_therapy() -> None:
    course = agreed()
    assert state_of(course) is EpisodeState.CONTRACTED
    a_held_hour(course)
    assert state_of(course) is EpisodeState.ACTIVE
    moves = AuditEvent.objects.filter(action="move", object_type="episode")
    before = moves.count()
    a_held_hour(course, AT + 120 * MINUTE)
    assert moves.count() == before  # no later hour moves anything


def test_an_hour_entered_or_put_right_afterwards_begins_it_too() -> None:
    entered, corrected = agreed(), agreed()
    session = an_hour(entered)
    actions.record_session(
        actor=entered.therapist, at=AT + 60 * MINUTE, session_id=session, started_at=AT, ended_at=AT + 50 * MINUTE
    )
    assert state_of(entered) is EpisodeState.ACTIVE
    session = an_hour(corrected)
    given = {"actor": corrected.therapist, "at": AT + 60 * MINUTE, "session_id": session}
    actions.record_missed(**given)
    assert state_of(corrected) is EpisodeState.CONTRACTED
    times = {"started_at": AT, "ended_at": AT + 50 * MINUTE}
    actions.correct_session(**given, **times, attendance=Attendance.LATE, reason="Came, was marked as missed.")
    assert state_of(corrected) is EpisodeState.ACTIVE


def test_an_hour_of_the_assessment_begins_nothing() -> None:
    course = in_assessment(a_therapist())
    a_held_hour(course)
    assert state_of(course) is EpisodeState.ASSESSMENT
