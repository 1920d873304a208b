"""The frame is counted from what was recorded, and is for the therapist of record alone."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from tests.factories.people import AT, Course, a_course, a_manager, a_therapist, client_account
from tests.factories.sessions import MINUTE, an_hour

from rapport.clinical.sessions.attendance import Attendance
from rapport.clinical.sessions.frame import ContactPurpose, FrameChangeKind, Initiator, WhoWasLate
from rapport.clinical.sessions.recurrence import Slot
from rapport.practice.episodes.actions import grant_care
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden, NotFound
from rapport.practice.sessions import actions, queries
from rapport.practice.sessions.models import ContactEvent

DAY = timedelta(days=1)
pytestmark = pytest.mark.usefixtures("practice_in_london")


@pytest.fixture
def course() -> Course:
    return a_course(a_therapist(), at=AT - 100 * DAY)


def held(
    course: Course, start: datetime, begun: int = 0, ended: int = 50, minutes: int = 50,
    code: Attendance = Attendance.ATTENDED,
) -> UUID:  # fmt: skip
    session = an_hour(course, start, minutes)
    actions.record_session(
        actor=course.therapist, at=start + 2 * DAY, session_id=session, started_at=start + begun * MINUTE,
        ended_at=start + ended * MINUTE, attendance=code,
    )  # fmt: skip
    return session


def seen(course: Course, at: datetime = AT) -> queries.FrameOfCourse:
    return queries.frame(viewer=course.therapist, at=at, episode_id=course.episode)


def test_the_frame_is_counted_from_what_was_recorded(course: Course) -> None:
    held(course, AT - 28 * DAY, begun=8, ended=56, code=Attendance.LATE)
    for week in (3, 2, 1):
        held(course, AT - week * 7 * DAY, begun=1, ended=57)
    found = seen(course)
    assert [(one.start, one.end, one.late) for _day, one in found.drifts[:2]] == [
        (8, 6, WhoWasLate.CLIENT), (1, 6, WhoWasLate.UNKNOWN),
    ]  # fmt: skip
    assert (found.summary.end.value, found.summary.is_ticked) == (6, True)
    assert (found.slot.value, found.slot.reason) == (None, "no_fixed_slot")
    assert found.extra.value == 24
    assert AuditEvent.objects.filter(action="read", object_type="frame", private_to=course.therapist.id).exists()


def test_a_fixed_slot_holds_over_a_clock_change_and_a_move_leaves_it(course: Course) -> None:
    first = (AT - 30 * DAY).date()
    series = actions.book_series(
        actor=course.therapist, at=AT - 40 * DAY, episode_id=course.episode, first_day=first,
        slots=(Slot(first.weekday(), time(10)),), length_minutes=50, count=3,
    )  # fmt: skip
    hours = queries.sessions_of(viewer=course.therapist, at=AT, episode_id=course.episode)
    assert {one.series_id for one in hours} == {series}
    moved = hours[1].planned_start + DAY
    actions.move_session(
        actor=course.therapist, at=AT - 39 * DAY, session_id=hours[1].id, start=moved, end=moved + 50 * MINUTE
    )
    for hour in queries.sessions_of(viewer=course.therapist, at=AT, episode_id=course.episode):
        actions.record_session(
            actor=course.therapist, at=hour.planned_end + DAY, session_id=hour.id, started_at=hour.planned_start,
            ended_at=hour.planned_end,
        )  # fmt: skip
    assert seen(course).slot.value == pytest.approx(2 / 3)


def test_longer_hours_are_changes_and_not_drift(course: Course) -> None:
    held(course, AT - 14 * DAY)
    held(course, AT - 7 * DAY, ended=100, minutes=100)
    found = seen(course)
    assert [change.kind for change in found.changes] == [FrameChangeKind.DOUBLE]
    assert found.drifts[-1][1].end == 0


def test_a_contact_is_sealed_recorded_and_taken_back(course: Course) -> None:
    kept = actions.record_contact(
        actor=course.therapist, at=AT, episode_id=course.episode, initiator=Initiator.CLIENT,
        purpose=ContactPurpose.CRISIS, in_window=False, minutes=12, words="Rang in tears",
    )  # fmt: skip
    row = ContactEvent.objects.get()
    assert b"tears" not in bytes(row.words_sealed or b"")
    found = seen(course, AT + DAY)
    assert [(one.words, one.is_own) for one in found.contacts] == [("Rang in tears", True)]
    assert dict(found.counts.crisis)[Initiator.CLIENT] == 1
    assert actions.void_contact(actor=course.therapist, at=AT + DAY, contact_id=kept) == course.episode
    assert seen(course, AT + DAY).contacts == ()
    events = AuditEvent.objects.filter(object_type="contact_event", client=course.client)
    assert [event.action for event in events.order_by("seq")] == ["create", "void"]


def test_a_contact_sent_twice_is_written_down_once(course: Course) -> None:
    key = uuid4()
    for _press in range(2):
        actions.record_contact(
            actor=course.therapist, at=AT, episode_id=course.episode, initiator=Initiator.CLIENT,
            purpose=ContactPurpose.CRISIS, key=key,
        )  # fmt: skip
    assert ContactEvent.objects.count() == 1
    assert AuditEvent.objects.filter(object_type="contact_event", action="create").count() == 1


def test_without_a_readable_agreement_nobody_pretends_to_know_the_hours(course: Course) -> None:
    actions.record_contact(
        actor=course.therapist, at=AT, episode_id=course.episode, initiator=Initiator.CLIENT,
        purpose=ContactPurpose.OTHER,
    )  # fmt: skip
    assert ContactEvent.objects.get().in_window is None
    assert (seen(course).counts.outside, seen(course).counts.unknown) == (0, 1)


@pytest.mark.parametrize("then", [AT + MINUTE, AT - 400 * DAY])
def test_a_contact_lies_in_the_last_year(course: Course, then: datetime) -> None:
    with pytest.raises(actions.NotThen):
        actions.record_contact(
            actor=course.therapist, at=AT, episode_id=course.episode, initiator=Initiator.CLIENT,
            purpose=ContactPurpose.OTHER, happened_at=then,
        )  # fmt: skip


def test_the_frame_is_for_the_therapist_of_record_alone(course: Course) -> None:
    colleague, manager = a_therapist("Tess Both"), a_manager()
    grant_care(actor=manager, at=AT - DAY, episode_id=course.episode, therapist_id=colleague.account)
    kept = actions.record_contact(
        actor=course.therapist, at=AT, episode_id=course.episode, initiator=Initiator.CLIENT,
        purpose=ContactPurpose.OTHER,
    )  # fmt: skip
    for outsider in (colleague, manager, a_therapist("Ruth Stranger"), client_account(course)):
        with pytest.raises((NotFound, Forbidden)):
            queries.frame(viewer=outsider, at=AT, episode_id=course.episode)
        with pytest.raises((NotFound, Forbidden)):
            actions.void_contact(actor=outsider, at=AT, contact_id=kept)
    assert queries.has_frame(viewer=course.therapist, at=AT, episode_id=course.episode)
    assert not queries.has_frame(viewer=colleague, at=AT, episode_id=course.episode)
    assert len(seen(course).contacts) == 1
    actions.record_contact(
        actor=colleague, at=AT, episode_id=course.episode, initiator=Initiator.CLIENT, purpose=ContactPurpose.OTHER
    )
    assert len(seen(course).contacts) == 2
