"""Time kept free: nothing is booked into it, and nothing falls out of it unsaid."""

from __future__ import annotations

import uuid
from datetime import time, timedelta

import pytest
from tests.factories.people import AT, a_course, a_manager, a_therapist, client_account
from tests.factories.sessions import MINUTE, an_hour

from rapport.clinical.sessions.recurrence import Slot
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden, NotFound
from rapport.practice.sessions import actions, queries
from rapport.practice.sessions.choices import BlockKind
from rapport.practice.sessions.models import TherapySession, TimeBlock

pytestmark = pytest.mark.usefixtures("practice_in_london")
DAY = timedelta(days=1)
AWAY = {"start": AT + 7 * DAY, "end": AT + 21 * DAY, "kind": BlockKind.HOLIDAY}


def test_nothing_is_booked_while_its_therapist_is_away() -> None:
    course = a_course(a_therapist())
    block = actions.block_time(actor=course.therapist, at=AT, **AWAY)
    with pytest.raises(actions.TherapistAway):
        an_hour(course, AT + 8 * DAY)
    an_hour(course, AT + 7 * DAY - 50 * MINUTE)  # an hour may end where the time away begins
    event = AuditEvent.objects.get(object_id=block)
    assert (event.action, event.actor, event.reason) == ("block", course.therapist.id, "holiday")
    actions.unblock_time(actor=course.therapist, at=AT, block_id=block)
    an_hour(course, AT + 8 * DAY)
    assert TimeBlock.objects.get().voided_by == course.therapist.id


def test_another_therapist_is_not_away_but_the_whole_practice_can_be() -> None:
    away, here = a_therapist(), a_course(a_therapist("Ida Other"))
    actions.block_time(actor=away, at=AT, **AWAY)
    an_hour(here, AT + 8 * DAY)
    actions.block_time(
        actor=a_manager(), at=AT, whole_practice=True, start=AT + DAY, end=AT + 2 * DAY, kind=BlockKind.HOLIDAY
    )
    with pytest.raises(actions.TherapistAway):
        an_hour(here, AT + DAY)


def test_hours_in_the_way_are_named_and_fall_out_only_when_said() -> None:
    course = a_course(a_therapist())
    actions.book_series(
        actor=course.therapist, at=AT, episode_id=course.episode, first_day=AT.date(), slots=(Slot(0, time(9)),),
        length_minutes=50, count=4,
    )  # fmt: skip
    single = an_hour(course, AT + 9 * DAY)
    with pytest.raises(actions.HoursInTheWay) as refused:
        actions.block_time(actor=course.therapist, at=AT, **AWAY)
    assert len(refused.value.session_ids) == 3
    assert not TimeBlock.objects.exists()
    of_series = set(refused.value.session_ids) - {single}
    stays = of_series.pop()
    actions.block_time(
        actor=course.therapist, at=AT, fall_out=frozenset({single, *of_series}), stay=frozenset({stays}), **AWAY
    )
    states = dict(TherapySession.objects.values_list("id", "state"))
    assert states[single] == "cancelled"
    assert states[stays] == "planned"
    assert [states[each] for each in of_series] == ["rescheduled"]


def test_only_a_manager_closes_the_practice_and_nobody_another_therapists_day() -> None:
    therapist, other = a_therapist(), a_therapist("Ida Other")
    for mine in ({"whole_practice": True}, {"therapist_id": other.account}, {"source_id": uuid.uuid4()}):
        with pytest.raises(NotFound):
            actions.block_time(actor=therapist, at=AT, **AWAY, **mine)
    with pytest.raises(Forbidden):
        actions.block_time(actor=client_account(a_course(therapist)), at=AT, **AWAY)
    block = actions.block_time(actor=other, at=AT, **AWAY)
    for unknown in (block, uuid.uuid4()):
        with pytest.raises(NotFound):
            actions.unblock_time(actor=therapist, at=AT, block_id=unknown)
    assert AuditEvent.objects.filter(object_id=block, decision="deny").count() == 1


@pytest.mark.parametrize(
    ("days", "refusal"), [(0, actions.NoLength), (-1, actions.EndsBeforeItStarts), (400, actions.TooLong)]
)
def test_impossible_times_are_refused_by_name(days: int, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        actions.block_time(actor=a_therapist(), at=AT, start=AT, end=AT + days * DAY, kind=BlockKind.OTHER)


def test_words_are_read_by_their_therapist_only() -> None:
    therapist, manager = a_therapist(), a_manager()
    actions.block_time(actor=therapist, at=AT, words="Knee operation", **AWAY)
    around = {"at": AT, "start": AT, "end": AT + 30 * DAY}
    assert [block.words for block in queries.blocks_between(viewer=therapist, **around)] == ["Knee operation"]
    assert [block.words for block in queries.blocks_between(viewer=manager, **around)] == [""]
    assert queries.blocks_between(viewer=a_therapist("Ida Other"), **around) == ()
    assert b"Knee" not in bytes(TimeBlock.objects.get().words_sealed or b"")
