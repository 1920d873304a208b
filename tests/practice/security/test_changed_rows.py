"""One row changed past the practice: a list says so and takes the careful side, a page of its own refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import Model
from tests.factories.alliance import a_rupture
from tests.factories.episodes import in_therapy
from tests.factories.people import AT, a_course, a_manager, a_therapist, client_account
from tests.factories.sessions import a_held_hour, an_hour

from rapport.clinical.alliance.ruptures import Repaired
from rapport.clinical.sessions.room.marks import MarkKind
from rapport.practice.alliance.models import RuptureEntry
from rapport.practice.alliance.queries import open_ruptures, rupture
from rapport.practice.clients.models import Client
from rapport.practice.clients.queries import births
from rapport.practice.episodes.models import ContractVersion
from rapport.practice.episodes.queries import reviews_agreed, terms
from rapport.practice.security.accounts.actions import invite_staff
from rapport.practice.security.accounts.models import SingleUseLink
from rapport.practice.security.accounts.queries import people, staff_invitations
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.actor import Role
from rapport.practice.sessions import actions, queries
from rapport.practice.sessions.choices import Side
from rapport.practice.sessions.models import SessionMark, SessionMoment, TherapySession, WaitingWish

HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)


def changed(model: type[Model], column: str) -> None:
    """One bit of every seal in this column."""
    for row_id, seal in model._default_manager.exclude(**{column: None}).values_list("pk", column):
        seal = bytes(seal)
        model._default_manager.filter(pk=row_id).update(**{column: seal[:-1] + bytes([seal[-1] ^ 1])})


def test_an_hour_shows_without_its_words_and_without_what_was_tapped() -> None:
    course = a_course(a_therapist())
    hour = actions.book_session(
        actor=course.therapist, at=AT, episode_id=course.episode, start=AT, end=AT + HOUR,
        therapist_id=course.therapist.account, place_words="ring twice",
    )  # fmt: skip
    actions.say_how_it_is(actor=client_account(course), at=AT, session_id=hour, side=Side.BEFORE, value=3)
    changed(TherapySession, "place_sealed")
    changed(SessionMoment, "value_sealed")
    with keys.noticing() as noticed:
        (shown,) = queries.day(viewer=course.therapist, at=AT, day=AT.date())
    assert (shown.place_words, shown.effect.before) == (None, None)
    assert len(noticed) == 2


def test_a_mark_that_does_not_open_may_be_a_rupture() -> None:
    course = a_course(a_therapist())
    held = a_held_hour(course, AT)
    actions.set_mark(actor=course.therapist, at=AT, session_id=held, key=uuid4(), kind=MarkKind.IMPORTANT)
    missed = an_hour(course, AT + WEEK)
    actions.record_missed(actor=course.therapist, at=AT + WEEK, session_id=missed)

    def after_rupture() -> list[bool]:
        return [each.after_rupture for each in queries.missed_hours(viewer=course.therapist, at=AT + WEEK)]

    assert after_rupture() == [False]
    changed(SessionMark, "kind_sealed")
    assert after_rupture() == [True]


@pytest.mark.parametrize("repaired", [Repaired.NO, Repaired.YES])
def test_a_memo_that_does_not_open_counts_as_not_repaired(repaired: Repaired) -> None:
    course = a_course(a_therapist())
    memo = a_rupture(course, a_held_hour(course), AT, repaired)
    changed(RuptureEntry, "memo_sealed")
    assert [each.id for each in open_ruptures(viewer=course.therapist, at=AT)] == [memo]
    with pytest.raises(keys.SealBroken):
        rupture(viewer=course.therapist, at=AT, rupture_id=memo)


def test_an_agreement_that_does_not_open_is_none_in_a_list_and_stops_what_counts_with_it() -> None:
    therapist = a_therapist()
    course = in_therapy(therapist)
    asked = {"viewer": therapist, "at": AT}
    assert reviews_agreed(**asked, episode_ids=[course.episode])
    changed(ContractVersion, "agreement_sealed")
    with keys.noticing() as noticed:
        assert reviews_agreed(**asked, episode_ids=[course.episode]) == {}
    assert noticed
    with pytest.raises(keys.SealBroken):
        terms(**asked, episode_id=course.episode)


def test_a_wish_keeps_its_place_in_the_line_without_its_words() -> None:
    course = a_course(a_therapist())
    actions.wish_for_time(
        actor=course.therapist, at=AT, episode_id=course.episode, minutes=50, times=(), words="not Mondays"
    )
    changed(WaitingWish, "words_sealed")
    assert [each.words for each in queries.waiting_list(viewer=course.therapist, at=AT)] == [""]


def test_an_unreadable_age_is_not_an_unknown_one() -> None:
    course = a_course(a_therapist())
    Client.objects.update(details_sealed=b"not a seal")
    asked = {"viewer": course.therapist, "at": AT, "client_ids": [course.client]}
    assert births(**asked, only_readable=True) == {}
    with pytest.raises(keys.SealBroken):
        births(**asked)


def test_who_works_here_and_who_is_invited_stays_listed() -> None:
    manager = replace(a_manager(), stepped_up_at=AT)
    roles = frozenset({Role.THERAPIST})
    invite_staff(actor=manager, at=AT, name="Alan Brook", email="alan@practice.example", roles=roles, send=False)
    changed(SingleUseLink, "detail_sealed")
    assert [each.name for each in staff_invitations(viewer=manager, at=AT)] == ["A name that does not open"]
    assert people(viewer=manager, at=AT)
