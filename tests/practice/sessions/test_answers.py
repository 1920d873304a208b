"""The link in a message: it answers once, for one hour at one time, and for nobody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from tests.factories.clients import reachable
from tests.factories.episodes import in_therapy
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_therapist
from tests.factories.sessions import an_hour

from rapport.clinical.episodes.contract import MissedCharge
from rapport.clinical.sessions.attendance import Attendance, CancelledBy
from rapport.clinical.sessions.states import SessionState
from rapport.practice.clients.actions import erase_client
from rapport.practice.post.models import OutboxMessage
from rapport.practice.post.tasks import deliver_due
from rapport.practice.security.accounts.queries import LinkDead
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.actor import NOBODY, SYSTEM
from rapport.practice.sessions import actions, queries
from rapport.practice.sessions.choices import Answer, StepKind
from rapport.practice.sessions.models import AnswerLink, SessionStep

START = datetime(2026, 3, 5, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def course() -> Course:
    a_practice()
    return reachable(a_course(a_therapist()))


def a_link(course: Course, start: datetime = START) -> tuple[UUID, str]:
    """A booked hour and the token in its message."""
    session = an_hour(course, start)
    deliver_due(actor=SYSTEM, at=AT)
    words = mail.outbox[-1].body
    return session, str(words).partition("/a/")[2].partition("/")[0]


def answer(token: str, said: Answer = Answer.COMES, at: datetime = AT) -> None:
    actions.answer_by_link(actor=NOBODY, at=at, token=token, answer=said)


def hour(course: Course, session: UUID) -> queries.SessionFacts:
    return queries.session(viewer=course.therapist, at=AT, session_id=session)


def test_only_its_hash_is_kept(course: Course) -> None:
    _, token = a_link(course)
    row = AnswerLink.objects.get()
    assert len(bytes(row.token_hash)) == 32
    assert token.encode() not in bytes(row.token_hash)
    assert bytes(OutboxMessage.objects.get().params_sealed) == b""


def test_a_client_says_that_they_come(course: Course) -> None:
    session, token = a_link(course)
    behind = queries.appointment_behind(viewer=NOBODY, at=AT, token=token)
    assert behind is not None
    assert (behind.start, behind.confirmed, behind.costs) == (START, False, False)
    answer(token)
    step = SessionStep.objects.get(session=session, kind=StepKind.CONFIRMED)
    assert (step.recorded_by, step.starts_at) == (course.client, START)
    event = AuditEvent.objects.get(action="confirmed")
    assert (event.actor, event.client) == (None, course.client)
    assert hour(course, session).state == SessionState.PLANNED


def test_a_cancellation_is_classified_by_the_agreement_and_told_to_the_therapist(course: Course) -> None:
    session, token = a_link(course)
    late = START - timedelta(hours=47)
    answer(token, Answer.CANCELS, late)
    assert hour(course, session).attendance == Attendance.CANCELLED_LATE
    (told,) = queries.cancelled_by_link(viewer=course.therapist, at=late)
    assert (told.session_id, told.client_name, told.late) == (session, "Jonas Weber", True)
    kinds = set(OutboxMessage.objects.exclude(state="sent").values_list("kind", "account_id"))
    assert kinds == {("item_waits", course.therapist.id), ("appointment_cancelled", None)}
    assert queries.cancelled_by_link(viewer=a_therapist("Ida Other"), at=late) == ()
    assert queries.cancelled_by_link(viewer=course.therapist, at=START + timedelta(days=1, minutes=1)) == ()


def test_in_notice_it_is_in_notice(course: Course) -> None:
    session, token = a_link(course)
    answer(token, Answer.CANCELS, AT)
    assert hour(course, session).attendance == Attendance.CANCELLED_IN_NOTICE


def test_whoever_cancels_late_is_told_before_that_it_may_cost() -> None:
    a_practice()
    course = in_therapy(a_therapist(), charge=MissedCharge.FULL)
    _, token = a_link(course)
    early, late = (
        queries.appointment_behind(viewer=NOBODY, at=at, token=token) for at in (AT, START - timedelta(hours=2))
    )
    assert early and late
    assert (early.costs, late.costs) == (False, True)


@pytest.mark.parametrize("said", list(Answer))
def test_a_link_used_twice_does_nothing_the_second_time(course: Course, said: Answer) -> None:
    session, token = a_link(course)
    answer(token, said)
    steps = SessionStep.objects.count()
    for again in Answer:
        with pytest.raises(LinkDead):
            answer(token, again)
    assert queries.appointment_behind(viewer=NOBODY, at=AT, token=token) is None
    assert SessionStep.objects.filter(session=session).count() == steps


def test_a_link_dies_when_the_hour_begins(course: Course) -> None:
    _, token = a_link(course)
    assert queries.appointment_behind(viewer=NOBODY, at=START - MINUTE, token=token)
    for at in (START, START + timedelta(days=3)):
        assert queries.appointment_behind(viewer=NOBODY, at=at, token=token) is None
        with pytest.raises(LinkDead):
            answer(token, at=at)


def _move(course: Course, session: UUID) -> None:
    start = START + timedelta(days=1)
    actions.move_session(
        actor=course.therapist, at=AT, session_id=session, start=start, end=start + timedelta(minutes=50)
    )


def _cancel(course: Course, session: UUID) -> None:
    actions.cancel_session(actor=course.therapist, at=AT, session_id=session, by=CancelledBy.THERAPIST)


def _erase(course: Course, session: UUID) -> None:
    erase_client(actor=SYSTEM, at=AT, subject=course.client, requested_by=course.therapist.account, facts={})


@pytest.mark.parametrize("change", [_move, _cancel, _erase])
def test_a_link_dies_with_what_it_was_made_for(course: Course, change: Any) -> None:
    session, token = a_link(course)
    change(course, session)
    assert queries.appointment_behind(viewer=NOBODY, at=AT, token=token) is None
    with pytest.raises(LinkDead):
        answer(token)


def test_a_wrong_token_and_the_token_of_a_plan_open_nothing(course: Course) -> None:
    a_link(course)
    for token in ("A" * 43, "", "x" * 5000, "\x00"):
        assert queries.appointment_behind(viewer=NOBODY, at=AT, token=token) is None


def test_an_hour_confirmed_and_moved_is_no_longer_confirmed(course: Course) -> None:
    session, token = a_link(course)
    answer(token)
    assert queries.confirmed_hours(viewer=course.therapist, at=AT, session_ids=[session]) == {session}
    _move(course, session)
    assert queries.confirmed_hours(viewer=course.therapist, at=AT, session_ids=[session]) == set()


def test_after_confirming_the_next_link_can_still_cancel(course: Course) -> None:
    from rapport.practice.sessions.tasks import remind

    session, token = a_link(course)
    answer(token)
    eve = START - timedelta(hours=24)
    remind(actor=SYSTEM, at=eve)
    deliver_due(actor=SYSTEM, at=eve)
    later = str(mail.outbox[-1].body).partition("/a/")[2].partition("/")[0]
    answer(later, Answer.COMES, eve)
    assert SessionStep.objects.filter(session=session, kind=StepKind.CONFIRMED).count() == 1
