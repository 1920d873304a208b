"""The calendar on a telephone: what it says, and that its address is a secret."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.factories.people import AT, a_course, a_manager, a_therapist, client_account
from tests.factories.sessions import an_hour

from rapport.clinical.sessions.attendance import CancelledBy
from rapport.practice.security.accounts.models import Account
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden
from rapport.practice.security.policy.actor import NOBODY
from rapport.practice.sessions import actions, queries
from rapport.practice.sessions.choices import FeedTitles
from rapport.practice.sessions.models import CalendarFeed

pytestmark = pytest.mark.usefixtures("practice_in_london")
DAY = timedelta(days=1)


def test_a_feed_tells_when_and_changes_and_nothing_of_whom() -> None:
    course = a_course(a_therapist())
    therapist = course.therapist
    kept, cancelled = an_hour(course, AT + DAY), an_hour(course, AT + 2 * DAY)
    an_hour(a_course(a_therapist("Ida Other")), AT + DAY)
    token = actions.make_feed(actor=therapist, at=AT, titles=FeedTitles.NEUTRAL)
    before = actions.read_feed(actor=NOBODY, at=AT, token=token)
    assert before is not None
    assert [(each.is_off, each.initials, each.sequence) for each in before] == [(False, "", 0)] * 2
    actions.cancel_session(actor=therapist, at=AT, session_id=cancelled, by=CancelledBy.CLIENT)
    later = AT + 10 * timedelta(minutes=1)
    actions.move_session(
        actor=therapist, at=later, session_id=kept, start=AT + 3 * DAY, end=AT + 3 * DAY + timedelta(minutes=50)
    )
    after = actions.read_feed(actor=NOBODY, at=AT, token=token) or ()
    assert {each.uid for each in after} == {each.uid for each in before}
    assert [(each.is_off, each.sequence, each.changed_at) for each in after] == [(True, 1, AT), (False, 1, later)]


def test_initials_are_shown_where_the_therapist_chose_them() -> None:
    course = a_course(a_therapist())
    an_hour(course, AT + DAY)
    token = actions.make_feed(actor=course.therapist, at=AT, titles=FeedTitles.INITIALS)
    (entry,) = actions.read_feed(actor=NOBODY, at=AT, token=token) or ()
    assert entry.initials == "J.W."


def test_a_new_address_ends_the_one_before_and_none_is_kept() -> None:
    therapist = a_therapist()
    first = actions.make_feed(actor=therapist, at=AT, titles=FeedTitles.NEUTRAL)
    second = actions.make_feed(actor=therapist, at=AT, titles=FeedTitles.NEUTRAL)
    assert actions.read_feed(actor=NOBODY, at=AT, token=first) is None
    assert actions.read_feed(actor=NOBODY, at=AT, token=second) == ()
    assert all(second.encode() not in bytes(feed.token_hash) for feed in CalendarFeed.objects.all())
    actions.revoke_feed(actor=therapist, at=AT)
    for dead in (second, "A" * 43, ""):
        assert actions.read_feed(actor=NOBODY, at=AT, token=dead) is None
    assert queries.own_feed(viewer=therapist, at=AT) is None
    acts = AuditEvent.objects.filter(object_type="calendar_feed").values_list("action", flat=True)
    assert sorted(acts) == ["make", "make", "revoke"]


def test_every_reading_is_counted_and_too_many_wait() -> None:
    therapist = a_therapist()
    token = actions.make_feed(actor=therapist, at=AT, titles=FeedTitles.NEUTRAL)
    for _ in range(30):
        actions.read_feed(actor=NOBODY, at=AT, token=token)
    with pytest.raises(actions.ReadTooOften):
        actions.read_feed(actor=NOBODY, at=AT, token=token)
    assert actions.read_feed(actor=NOBODY, at=AT + timedelta(minutes=1), token=token) == ()
    facts = queries.own_feed(viewer=therapist, at=AT)
    assert facts is not None
    assert (facts.readings, facts.last_read_at) == (31, AT + timedelta(minutes=1))


def test_somebody_who_left_has_no_feed_and_only_therapists_make_one() -> None:
    therapist = a_therapist()
    token = actions.make_feed(actor=therapist, at=AT, titles=FeedTitles.NEUTRAL)
    Account.objects.filter(id=therapist.account).update(disabled_at=AT)
    assert actions.read_feed(actor=NOBODY, at=AT, token=token) is None
    for stranger in (a_manager(), client_account(a_course(a_therapist("Ida Other")))):
        with pytest.raises(Forbidden):
            actions.make_feed(actor=stranger, at=AT, titles=FeedTitles.NEUTRAL)
