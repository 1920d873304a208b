"""How the client is, before and after the hour: one tap, sealed, the last word counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.factories.people import AT, a_course, a_therapist, client_account
from tests.factories.sessions import MINUTE, a_held_hour, an_hour

from rapport.clinical.kernel.errors import OutOfRange
from rapport.practice.security.policy.access import NotFound
from rapport.practice.sessions import actions, queries
from rapport.practice.sessions.choices import SaidBy, Side
from rapport.practice.sessions.models import SessionMoment


def test_the_hours_own_effect() -> None:
    course = a_course(a_therapist())
    client = client_account(course)
    session = an_hour(course)
    for value in (7, 4):
        actions.say_how_it_is(actor=client, at=AT - 10 * MINUTE, session_id=session, side=Side.BEFORE, value=value)
    actions.start_session(actor=course.therapist, at=AT, session_id=session)
    end = AT + 50 * MINUTE
    actions.say_how_it_is(actor=course.therapist, at=end, session_id=session, side=Side.AFTER, value=6)
    facts = queries.session(viewer=course.therapist, at=end, session_id=session)
    assert (facts.effect.before, facts.effect.after, facts.effect.difference) == (4, 6, 2)
    assert (
        list(SessionMoment.objects.order_by("recorded_at", "said_by").values_list("said_by", flat=True)).count(
            SaidBy.PORTAL
        )
        == 2
    )


def test_the_mean_effect_of_a_course() -> None:
    course = a_course(a_therapist())
    session = a_held_hour(course)
    end = AT + 50 * MINUTE
    actions.say_how_it_is(actor=course.therapist, at=end, session_id=session, side=Side.AFTER, value=6)
    card = queries.course_of_hours(viewer=course.therapist, at=end, episode_id=course.episode).effect
    assert (card.value, card.n, card.missing) == (None, 0, 1)


@pytest.mark.parametrize("value", [-1, 11])
def test_only_whole_numbers_of_the_scale(value: int) -> None:
    course = a_course(a_therapist())
    session = an_hour(course)
    with pytest.raises(OutOfRange):
        actions.say_how_it_is(actor=course.therapist, at=AT, session_id=session, side=Side.BEFORE, value=value)


@pytest.mark.parametrize(("side", "when"), [(Side.BEFORE, -180), (Side.AFTER, -5), (Side.AFTER, 60 * 26)])
def test_it_is_asked_around_the_hour_only(side: Side, when: int) -> None:
    course = a_course(a_therapist())
    session = an_hour(course)
    with pytest.raises(actions.NotNow):
        actions.say_how_it_is(
            actor=client_account(course), at=AT + when * MINUTE, session_id=session, side=side, value=5
        )


def test_another_client_says_nothing_here() -> None:
    therapist = a_therapist()
    session = an_hour(a_course(therapist))
    other = client_account(a_course(therapist, "Amina Bello"), "Amina Bello")
    with pytest.raises(NotFound):
        actions.say_how_it_is(actor=other, at=AT, session_id=session, side=Side.BEFORE, value=5)
    assert queries.own_sessions(viewer=other, at=AT + timedelta(days=1)) == ()
