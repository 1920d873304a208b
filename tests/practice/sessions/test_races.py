"""Many hands on one hour: one has it, and everybody else hears it in words (G09, G10)."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from datetime import time, timedelta
from functools import partial

import pytest
from django.db import OperationalError
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_therapist, client_account
from tests.factories.sessions import an_hour
from tests.practice.at_once import AT_ONCE, at_once

from rapport.clinical.sessions.attendance import CancelledBy
from rapport.clinical.sessions.waiting import WishedTime
from rapport.practice.security.policy.actor import Actor
from rapport.practice.sessions import actions, queries
from rapport.practice.sessions.actions import DiaryRefusal
from rapport.practice.sessions.choices import OfferWay
from rapport.practice.sessions.models import SlotOffer, TherapySession

MANY = 50
DAY, HOUR = timedelta(days=1), timedelta(minutes=50)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("guard_away")]


def an_offer(therapist: Actor, number: int) -> tuple[Actor, uuid.UUID]:
    """A client who waits and is offered the freed time."""
    course = a_course(therapist, f"Client {number}")
    wish = actions.wish_for_time(
        actor=therapist, at=AT, episode_id=course.episode, minutes=50, times=(WishedTime(0, time(8), time(12)),)
    )
    (slot,) = queries.freed(viewer=therapist, at=AT)
    offer = actions.offer_time(actor=therapist, at=AT, step_id=slot.free.step_id, wish_id=wish, way=OfferWay.PHONE)
    return client_account(course), offer


def test_fifty_clients_take_one_offered_time_and_one_has_it() -> None:
    a_practice()
    therapist = a_therapist()
    given_up = an_hour(a_course(therapist), AT + 7 * DAY)
    actions.cancel_session(actor=therapist, at=AT, session_id=given_up, by=CancelledBy.CLIENT)
    offers = [an_offer(therapist, number) for number in range(MANY)]
    heard = at_once(
        [partial(actions.accept_offer, actor=who, at=AT, offer_id=offer) for who, offer in offers], DiaryRefusal
    )
    assert heard == {"done": 1, "TimeGone": MANY - 1}
    assert TherapySession.objects.filter(state="planned").count() == 1
    assert Counter(SlotOffer.objects.values_list("state", flat=True)) == {"taken": 1, "gone": MANY - 1}


def booking(course: Course, key: uuid.UUID) -> Callable[[], object]:
    return partial(
        actions.book_session, actor=course.therapist, at=AT, episode_id=course.episode, start=AT + DAY,
        end=AT + DAY + HOUR, key=key,
    )  # fmt: skip


def test_fifty_bookings_of_one_hour_are_one() -> None:
    a_practice()
    therapist = a_therapist()
    courses = [a_course(therapist, f"Client {number}") for number in range(AT_ONCE)]
    heard = at_once([booking(courses[number % AT_ONCE], uuid.uuid4()) for number in range(MANY)], DiaryRefusal)
    assert heard["done"] == 1
    assert heard["done"] + heard["TherapistBusy"] + heard["ClientBusy"] == MANY
    assert TherapySession.objects.count() == 1


def test_one_form_sent_many_times_at_once_is_one_booking() -> None:
    a_practice()
    book = booking(a_course(a_therapist()), uuid.uuid4())
    assert at_once([book] * MANY) == {"done": MANY}
    assert TherapySession.objects.count() == 1


class Victim(Exception):
    """As PostgreSQL lets one of two go who wait for each other."""

    sqlstate = "40P01"


@pytest.mark.parametrize("times", [1, 5])
def test_who_was_let_go_because_two_waited_for_each_other_tries_again(
    times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, left = TherapySession.save, [times]

    def save(row: TherapySession, **how: bool) -> None:
        left[0] -= 1
        if left[0] >= 0:
            raise OperationalError("deadlock detected") from Victim()
        real(row, **how)

    a_practice()
    book = booking(a_course(a_therapist()), uuid.uuid4())
    monkeypatch.setattr(TherapySession, "save", save)
    if times < 5:
        book()
    else:
        with pytest.raises(OperationalError):
            book()
    assert TherapySession.objects.count() == (times < 5)
