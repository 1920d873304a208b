"""Reminders and confirmations, sent by a real mail server: book, remind, answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.factories.clients import BY_EMAIL, reachable
from tests.factories.mailbox import MailServer, free_port
from tests.factories.organisation import TERMS, a_practice
from tests.factories.people import AT, Course, a_course, a_manager, a_therapist
from tests.factories.sessions import an_hour

from rapport.clinical.sessions.attendance import CancelledBy
from rapport.clinical.sessions.recurrence import Slot
from rapport.practice.clients.actions import set_safe_contact, set_zone
from rapport.practice.clients.choices import SafeContact
from rapport.practice.organisation.actions import edit_practice
from rapport.practice.organisation.rules import PracticeRefused, telling_word
from rapport.practice.post.choices import State
from rapport.practice.post.models import OutboxMessage
from rapport.practice.post.tasks import deliver_due
from rapport.practice.security.policy.access import Forbidden, NotFound
from rapport.practice.security.policy.actor import SYSTEM
from rapport.practice.sessions import actions, queries
from rapport.practice.sessions.choices import Answer
from rapport.practice.sessions.models import TherapySession
from rapport.practice.sessions.tasks import remind

START = datetime(2026, 3, 5, 10, tzinfo=UTC)  # a Thursday; AT is the Monday before
EVE = START - timedelta(hours=24)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def post(settings: Any) -> Iterator[MailServer]:
    server = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", server.port, False
    with server.up():
        yield server


@pytest.fixture
def course() -> Course:
    a_practice()
    return reachable(a_course(a_therapist()))


def work(at: datetime) -> int:
    """One round of the worker."""
    remind(actor=SYSTEM, at=at)
    return deliver_due(actor=SYSTEM, at=at)


def token_in(words: str) -> str:
    found = re.search(r"http://localhost/a/([\w-]{43})/", words)
    assert found
    return found[1]


def states(session: UUID) -> list[tuple[str, str, str]]:
    rows = OutboxMessage.objects.filter(about_id=session).order_by("queued_at", "kind")
    return [(row.kind, row.state, row.reason) for row in rows]


def test_an_hour_is_booked_the_mail_arrives_and_the_client_says_that_they_come(
    course: Course, post: MailServer
) -> None:
    session = an_hour(course, START)
    assert work(AT) == 1
    (booked,) = post.received
    assert (booked["To"], booked["Subject"]) == ("jonas@mail.example", "Your appointment")
    assert booked["From"] == "Lindenhof <office@practice.example>"
    words = post.bodies()[0]
    assert "Thursday 5 March, 10:00" in words
    assert telling_word(words) == ""
    assert not [id_ for id_ in (session, course.client, course.episode) if str(id_) in booked.as_string()]
    actions.answer_by_link(actor=SYSTEM, at=AT + MINUTE, token=token_in(words), answer=Answer.COMES)
    confirmed = queries.confirmed_hours(viewer=course.therapist, at=AT, session_ids=[session])
    assert confirmed == {session}
    assert work(EVE - MINUTE) == 0
    assert work(EVE) == 1
    assert work(EVE + MINUTE) == 0
    assert "remind you" in post.bodies()[1]
    assert states(session) == [("appointment_booked", State.SENT, ""), ("appointment", State.SENT, "")]


def test_nothing_arrives_once_safe_contact_was_withdrawn_while_it_waited(course: Course, post: MailServer) -> None:
    session = an_hour(course, START)
    work(AT)
    remind(actor=SYSTEM, at=EVE)
    set_safe_contact(actor=course.therapist, at=EVE, client_id=course.client, contact=SafeContact())
    assert deliver_due(actor=SYSTEM, at=EVE) == 0
    assert len(post.received) == 1
    assert states(session)[1] == ("appointment", State.HELD, "no_permission")
    facts = queries.messages_of(viewer=course.therapist, at=EVE, session_id=session)
    assert next((row.state, row.reason) for row in facts.sent) == (State.HELD, "no_permission")


def test_a_mail_server_down_for_hours_delays_and_it_arrives_once(
    course: Course, post: MailServer, settings: Any
) -> None:
    session = an_hour(course, START)
    work(AT)
    settings.EMAIL_PORT = free_port()
    for hour in range(6):
        assert work(EVE + timedelta(hours=hour)) == 0
    assert states(session)[1] == ("appointment", State.QUEUED, "")
    settings.EMAIL_PORT = post.port
    for hour in range(6, 12):
        work(EVE + timedelta(hours=hour))
    assert sum("remind you" in body for body in post.bodies()) == 1


def test_a_reminder_that_could_not_leave_in_time_never_does(course: Course, post: MailServer) -> None:
    session = an_hour(course, START)
    remind(actor=SYSTEM, at=EVE)
    assert deliver_due(actor=SYSTEM, at=START) == 0
    assert {state for _, state, _ in states(session)} == {State.HELD}
    assert post.received == []


def test_an_hour_that_moves_is_told_and_reminded_of_anew(course: Course, post: MailServer) -> None:
    session = an_hour(course, START)
    work(AT)
    remind(actor=SYSTEM, at=EVE)
    later = START + timedelta(days=2)
    actions.move_session(
        actor=course.therapist, at=EVE, session_id=session, start=later, end=later + timedelta(minutes=50)
    )
    assert work(EVE) == 1  # the change; the reminder of the old time is overtaken
    assert "is now: Saturday 7 March, 10:00" in post.bodies()[1]
    assert work(later - timedelta(hours=24)) == 1
    assert "remind you of your appointment: Saturday 7 March, 10:00" in post.bodies()[2]
    assert ("appointment", State.HELD, "overtaken") in states(session)


def test_an_hour_that_moves_away_and_back_is_told_of_where_it_came_to_stand(course: Course, post: MailServer) -> None:
    session, at = an_hour(course, START), EVE + MINUTE
    work(AT)
    remind(actor=SYSTEM, at=EVE)
    for start in (START + timedelta(days=2), START):
        actions.move_session(
            actor=course.therapist, at=at, session_id=session, start=start, end=start + timedelta(minutes=50)
        )
    work(at)
    work(at + MINUTE)
    assert sum("is now: Thursday 5 March, 10:00" in body for body in post.bodies()) == 1
    assert sum("remind you" in body for body in post.bodies()) == 1
    assert not [body for body in post.bodies() if "Saturday" in body]
    assert ("appointment_changed", State.HELD, "overtaken") in states(session)


def test_a_cancelled_hour_is_told_and_not_reminded_of(course: Course, post: MailServer) -> None:
    session = an_hour(course, START)
    remind(actor=SYSTEM, at=EVE)
    actions.cancel_session(actor=course.therapist, at=EVE, session_id=session, by=CancelledBy.THERAPIST)
    assert work(EVE) == 1
    assert "does not take place" in post.bodies()[0]


def test_who_was_only_just_told_is_not_reminded_as_well(course: Course, post: MailServer) -> None:
    an_hour(course, AT + timedelta(hours=5))
    assert work(AT) == 1
    assert work(AT + timedelta(hours=1)) == 0


def ten_thursdays(course: Course) -> UUID:
    return actions.book_series(
        actor=course.therapist,
        at=AT,
        episode_id=course.episode,
        first_day=date(2026, 3, 5),
        slots=(Slot(3, time(10)),),
        length_minutes=50,
        count=10,
    )


def test_a_series_is_told_once(course: Course, post: MailServer) -> None:
    ten_thursdays(course)
    assert work(AT) == 1
    assert "Thursday 5 March, 10:00, and 9 more after it" in post.bodies()[0]
    assert "/a/" not in post.bodies()[0]


def test_the_end_of_a_series_is_told_once_to_those_who_wish_to_be_told(course: Course, post: MailServer) -> None:
    series = ten_thursdays(course)
    work(AT)
    for _ in range(2):
        actions.end_series(actor=course.therapist, at=AT + MINUTE, series_id=series)
    assert work(AT + MINUTE) == 1
    assert "Thursday 5 March, 10:00, and 9 more after it does not take place" in post.bodies()[-1]
    silent = reachable(a_course(a_therapist("Ida Other"), "Amina Bello"))
    series = ten_thursdays(silent)
    work(AT)
    set_safe_contact(actor=silent.therapist, at=AT, client_id=silent.client, contact=SafeContact())
    actions.end_series(actor=silent.therapist, at=AT + MINUTE, series_id=series)
    assert work(AT + MINUTE) == 0


def test_a_day_that_falls_out_when_the_following_move_is_told(course: Course, post: MailServer) -> None:
    ten_thursdays(course)
    work(AT)
    session = TherapySession.objects.get(series_day=date(2026, 3, 12))
    start = session.planned_start + timedelta(hours=1)
    gone = frozenset({date(2026, 3, 19)})
    actions.move_following(
        actor=course.therapist, at=AT, session_id=session.id, start=start, end=start + 50 * MINUTE, leave_out=gone
    )
    assert work(AT) == 2
    told = " ".join(post.bodies()[-2:])
    assert "Thursday 12 March, 11:00, and 7 more after it" in told
    assert "Thursday 19 March, 10:00 does not take place" in told


def test_times_are_the_client_s_own_and_named(course: Course, post: MailServer) -> None:
    set_zone(actor=course.therapist, at=AT, client_id=course.client, zone="America/New_York")
    an_hour(course, START)
    work(AT)
    assert "Thursday 5 March, 05:00 (New York time)" in post.bodies()[0]


def test_a_link_is_left_out_where_others_read(course: Course, post: MailServer) -> None:
    shared = replace(BY_EMAIL, shared_device=True)
    set_safe_contact(actor=course.therapist, at=AT, client_id=course.client, contact=shared)
    an_hour(course, START)
    assert work(AT) == 1
    assert "http" not in post.bodies()[0]


def test_a_client_who_allowed_nothing_leaves_no_message_and_the_page_says_why() -> None:
    a_practice()
    course = a_course(a_therapist())
    session = an_hour(course, START)
    remind(actor=SYSTEM, at=EVE)
    assert not OutboxMessage.objects.exists()
    facts = queries.messages_of(viewer=course.therapist, at=EVE, session_id=session)
    assert (facts.sent, facts.held, facts.reminds) == ((), "no_permission", True)


def test_the_practice_decides_when_and_whether(course: Course) -> None:
    manager = a_manager()

    def decide(**said: Any) -> None:
        edit_practice(actor=manager, at=AT, terms=replace(TERMS, **said))

    decide(reminder_hours=None, confirms=False)
    session = an_hour(course, START)
    assert remind(actor=SYSTEM, at=EVE) == 0
    assert not OutboxMessage.objects.exists()
    decide(reminder_hours=48, confirms=False)
    assert remind(actor=SYSTEM, at=START - timedelta(hours=48)) == 1
    assert [kind for kind, _, _ in states(session)] == ["appointment"]
    for hours in (0, 169):
        with pytest.raises(PracticeRefused):
            decide(reminder_hours=hours)


def test_only_the_worker_reminds_and_no_stranger_sees_where_messages_are(course: Course) -> None:
    session, stranger = an_hour(course, START), a_therapist("Ida Other")
    with pytest.raises(Forbidden):
        remind(actor=course.therapist, at=EVE)
    with pytest.raises(NotFound):
        queries.messages_of(viewer=stranger, at=AT, session_id=session)


def test_reminding_asks_the_database_the_same_however_many_hours(
    course: Course, django_assert_num_queries: Any
) -> None:
    an_hour(course, START)
    remind(actor=SYSTEM, at=EVE)
    with django_assert_num_queries(3):
        remind(actor=SYSTEM, at=EVE)
    for hour in (12, 14):
        an_hour(course, START.replace(hour=hour))
    remind(actor=SYSTEM, at=EVE + timedelta(hours=6))
    with django_assert_num_queries(3):
        remind(actor=SYSTEM, at=EVE + timedelta(hours=6))
