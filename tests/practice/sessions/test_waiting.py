"""The waiting list: whom a freed time fits, and that the first to accept has it."""

from __future__ import annotations

import re
import uuid
from datetime import time, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.factories.people import AT, Course, a_course, a_manager, a_therapist, client_account
from tests.factories.sessions import an_hour

from rapport.clinical.sessions.attendance import CancelledBy
from rapport.clinical.sessions.states import Place
from rapport.clinical.sessions.waiting import WishedTime
from rapport.practice.episodes.actions import end_care, grant_care
from rapport.practice.episodes.models import CareRelationship
from rapport.practice.post.models import OutboxMessage
from rapport.practice.post.rules import params_of
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden, NotFound
from rapport.practice.security.policy.actor import NOBODY, Actor
from rapport.practice.sessions import actions, queries
from rapport.practice.sessions.choices import BlockKind, OfferState, OfferWay
from rapport.practice.sessions.models import SlotOffer, TherapySession, WaitingWish

pytestmark = pytest.mark.usefixtures("practice_in_london")
DAY = timedelta(days=1)
LONG_AGO = AT - 60 * DAY
MONDAY_MORNING = (WishedTime(0, time(8), time(12)),)


def a_freed_time(therapist: Actor, days: int = 7) -> Course:
    """Somebody cancelled an hour."""
    course = a_course(therapist, "Amina Bello")
    session = an_hour(course, AT + days * DAY)
    actions.cancel_session(actor=therapist, at=AT, session_id=session, by=CancelledBy.CLIENT)
    return course


def waits(course: Course, at_day: int = 0, **wish: Any) -> UUID:
    return actions.wish_for_time(
        actor=course.therapist, at=AT + at_day * DAY, episode_id=course.episode,
        **{"minutes": 50, "times": MONDAY_MORNING, **wish},
    )  # fmt: skip


def offered(therapist: Actor, wish: UUID, way: OfferWay = OfferWay.PHONE) -> UUID:
    (slot,) = queries.freed(viewer=therapist, at=AT)
    return actions.offer_time(actor=therapist, at=AT, step_id=slot.free.step_id, wish_id=wish, way=way)


def test_a_cancelled_hour_is_offered_to_those_it_fits_in_the_order_of_waiting() -> None:
    therapist = a_therapist()
    a_freed_time(therapist)
    newer, older = a_course(therapist, "Newer", LONG_AGO), a_course(therapist, "Older", LONG_AGO)
    evening = a_course(therapist, "Evening", LONG_AGO)
    waits(older, -9)
    waits(newer, -2)
    waits(evening, -30, times=(WishedTime(0, time(17), time(20)),))
    (slot,) = queries.freed(viewer=therapist, at=AT)
    assert [(each.client_name, fit.why) for each, fit in slot.fits] == [
        ("Older", "wished_hour"), ("Newer", "wished_hour"),
    ]  # fmt: skip
    assert [each.client_name for each in queries.waiting_list(viewer=therapist, at=AT)] == ["Evening", "Older", "Newer"]
    stranger = a_therapist("Ida Other")
    assert queries.freed(viewer=stranger, at=AT) == ()
    assert queries.waiting_list(viewer=stranger, at=AT) == ()


def test_moves_and_days_left_out_free_a_time_until_it_is_taken_or_kept_free() -> None:
    therapist = a_therapist()
    course = a_course(therapist)
    session = an_hour(course, AT + 7 * DAY)
    actions.move_session(
        actor=therapist, at=AT, session_id=session, start=AT + 8 * DAY, end=AT + 8 * DAY + timedelta(minutes=50)
    )
    (slot,) = queries.freed(viewer=therapist, at=AT)
    assert (slot.free.freed, slot.free.time.start) == ("moved", AT + 7 * DAY)
    block = actions.block_time(actor=therapist, at=AT, start=AT + 7 * DAY, end=AT + 8 * DAY, kind=BlockKind.OTHER)
    assert queries.freed(viewer=therapist, at=AT) == ()
    actions.unblock_time(actor=therapist, at=AT, block_id=block)
    an_hour(a_course(therapist, "Amina Bello"), AT + 7 * DAY)
    assert queries.freed(viewer=therapist, at=AT) == ()


def test_the_first_to_accept_has_it_and_the_next_hears_a_clear_word() -> None:
    therapist = a_therapist()
    a_freed_time(therapist)
    courses = [a_course(therapist, f"Client {number}") for number in range(3)]
    offers = [offered(therapist, waits(course)) for course in courses]
    clients = [client_account(course) for course in courses]
    session = actions.accept_offer(actor=clients[1], at=AT, offer_id=offers[1])
    assert actions.accept_offer(actor=clients[1], at=AT, offer_id=offers[1]) == session  # pressed twice
    for actor, offer in ((clients[0], offers[0]), (clients[2], offers[2])):
        with pytest.raises(actions.TimeGone):
            actions.accept_offer(actor=actor, at=AT, offer_id=offer)
    assert TherapySession.objects.get(state="planned").episode_id == courses[1].episode
    assert sorted(SlotOffer.objects.values_list("state", flat=True)) == ["gone", "gone", "taken"]
    assert WaitingWish.objects.get(episode=courses[1].episode).ended_at == AT
    assert AuditEvent.objects.filter(object_type="waiting", action="accept").count() == 1


def test_the_mail_is_neutral_and_its_link_books_once() -> None:
    therapist = a_therapist()
    a_freed_time(therapist)
    course = a_course(therapist)
    offered(therapist, waits(course, words="Would rather not wait for long"), OfferWay.MAIL)
    params = params_of(OutboxMessage.objects.get(kind="slot_offer"))
    assert params["when"] == "Monday 9 March, 09:00"
    (token,) = re.findall(r"/free-time/([\w-]{43})/", params["link"])
    behind = queries.offer_behind(viewer=NOBODY, at=AT, token=token)
    assert behind is not None
    assert behind.client_name == ""
    session = actions.accept_offer_by_link(actor=NOBODY, at=AT, token=token)
    assert actions.accept_offer_by_link(actor=NOBODY, at=AT, token=token) == session
    assert TherapySession.objects.filter(id=session, place=Place.ROOM).exists()
    assert queries.offer_behind(viewer=NOBODY, at=AT, token="A" * 43) is None
    with pytest.raises(NotFound):
        actions.accept_offer_by_link(actor=NOBODY, at=AT, token="A" * 43)
    with pytest.raises(NotFound):
        actions.decline_offer_by_link(actor=NOBODY, at=AT, token="A" * 43)


def test_declining_keeps_somebody_waiting_and_a_withdrawn_offer_says_so() -> None:
    therapist = a_therapist()
    a_freed_time(therapist)
    wish = waits(a_course(therapist))
    offer = offered(therapist, wish)
    actions.decline_offer(actor=therapist, at=AT, offer_id=offer)
    assert WaitingWish.objects.get(id=wish).ended_at is None
    with pytest.raises(actions.TimeGone):
        actions.accept_offer(actor=therapist, at=AT, offer_id=offer)
    second = offered(therapist, wish)
    actions.withdraw_offer(actor=therapist, at=AT, offer_id=second)
    with pytest.raises(actions.StateMoved):
        actions.accept_offer(actor=therapist, at=AT, offer_id=second)
    assert set(SlotOffer.objects.values_list("state", flat=True)) == {OfferState.DECLINED, OfferState.WITHDRAWN}


def test_a_wish_that_changes_keeps_its_place_in_the_line_and_ends_when_said() -> None:
    therapist = a_therapist()
    course = a_course(therapist, at=LONG_AGO)
    waits(course, -9)
    changed = waits(course, minutes=30, place=Place.VIDEO, at_short_notice=True, words="By video")
    (entry,) = queries.waiting_list(viewer=therapist, at=AT)
    assert (entry.since, entry.words, entry.wish and entry.wish.minutes) == (AT - 9 * DAY, "By video", 30)
    actions.end_wish(actor=therapist, at=AT, wish_id=changed)
    assert queries.waiting_list(viewer=therapist, at=AT) == ()


def test_another_therapists_people_and_times_are_not_there() -> None:
    therapist, stranger = a_therapist(), a_therapist("Ida Other")
    a_freed_time(therapist)
    course = a_course(therapist)
    wish = waits(course)
    offer = offered(therapist, wish)
    (slot,) = queries.freed(viewer=therapist, at=AT)
    own = waits(a_course(stranger))
    with pytest.raises(NotFound):
        waits(Course(course.client, course.episode, stranger))
    for refused in (
        lambda: actions.end_wish(actor=stranger, at=AT, wish_id=wish),
        lambda: actions.offer_time(actor=stranger, at=AT, step_id=slot.free.step_id, wish_id=own, way=OfferWay.PHONE),
        lambda: actions.offer_time(actor=therapist, at=AT, step_id=uuid.uuid4(), wish_id=wish, way=OfferWay.PHONE),
        lambda: actions.accept_offer(actor=stranger, at=AT, offer_id=offer),
        lambda: actions.decline_offer(actor=client_account(a_course(therapist)), at=AT, offer_id=offer),
    ):
        with pytest.raises(NotFound):
            refused()
    with pytest.raises((NotFound, Forbidden)):
        actions.withdraw_offer(actor=client_account(course), at=AT, offer_id=offer)


def test_a_time_that_does_not_fit_is_not_offered() -> None:
    therapist = a_therapist()
    a_freed_time(therapist)
    with pytest.raises(actions.DoesNotFit):
        offered(therapist, waits(a_course(therapist), minutes=90))


def test_an_offer_of_a_therapist_who_no_longer_cares_books_nothing() -> None:
    """A24, A12: between the mail and the click the client went to somebody else."""
    therapist, manager = a_therapist(), a_manager()
    a_freed_time(therapist)
    course = a_course(therapist, "Moved On")
    offer, client = offered(therapist, waits(course)), client_account(course)
    care = CareRelationship.objects.get(episode=course.episode)
    grant_care(actor=manager, at=AT, episode_id=course.episode, therapist_id=a_therapist("Tess Next").account)
    end_care(actor=manager, at=AT, care_id=care.id)
    with pytest.raises(actions.TimeGone):
        actions.accept_offer(actor=client, at=AT, offer_id=offer)
    assert not TherapySession.objects.filter(state="planned").exists()
