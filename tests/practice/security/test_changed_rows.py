"""One row changed past the practice: a list says so and takes the careful side, a page of its own refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db.models import Model
from tests.factories.alliance import a_rupture
from tests.factories.clients import reachable
from tests.factories.episodes import in_therapy
from tests.factories.measures import a_score
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_manager, a_therapist, client_account
from tests.factories.sessions import a_held_hour, an_hour

from rapport.clinical.alliance.ruptures import Repaired
from rapport.clinical.measures.registry import load_instrument
from rapport.clinical.sessions.room.marks import MarkKind
from rapport.practice.alliance.models import RuptureEntry
from rapport.practice.alliance.queries import open_ruptures, rupture
from rapport.practice.clients.models import Client
from rapport.practice.clients.queries import births
from rapport.practice.episodes.models import ContractVersion
from rapport.practice.episodes.queries import reviews_agreed, terms
from rapport.practice.measures.actions import rescore, sheets
from rapport.practice.measures.models import Answer, Score
from rapport.practice.measures.rules import instruments, scoring
from rapport.practice.post.actions import queue
from rapport.practice.post.choices import State
from rapport.practice.post.models import OutboxMessage
from rapport.practice.post.tasks import deliver_due
from rapport.practice.security.accounts.actions import invite_staff
from rapport.practice.security.accounts.models import Account, SingleUseLink
from rapport.practice.security.accounts.queries import people, staff_invitations
from rapport.practice.security.approvals import tasks
from rapport.practice.security.approvals.models import PendingAct
from rapport.practice.security.approvals.queries import FACTS_LABEL, waiting_acts
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.actor import SYSTEM, Role
from rapport.practice.sessions import actions, queries
from rapport.practice.sessions.choices import Side
from rapport.practice.sessions.models import SessionMark, SessionMoment, TherapySession, WaitingWish
from rapport.practice.sessions.tasks import remind

HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)


def changed(model: type[Model], column: str) -> None:
    """One bit of every seal in this column."""
    for row_id, seal in model._default_manager.exclude(**{column: None}).values_list("pk", column):
        seal = bytes(seal)
        model._default_manager.filter(pk=row_id).update(**{column: seal[:-1] + bytes([seal[-1] ^ 1])})


def an_hour_with_words(course: Course) -> UUID:
    """Somebody noted where it is, and the client tapped how they are."""
    hour = actions.book_session(
        actor=course.therapist, at=AT, episode_id=course.episode, start=AT, end=AT + HOUR,
        therapist_id=course.therapist.account, place_words="ring twice",
    )  # fmt: skip
    actions.say_how_it_is(actor=client_account(course), at=AT, session_id=hour, side=Side.BEFORE, value=3)
    return hour


def test_an_hour_shows_without_its_words_and_without_what_was_tapped() -> None:
    course = a_course(a_therapist())
    an_hour_with_words(course)
    changed(TherapySession, "place_sealed")
    changed(SessionMoment, "value_sealed")
    with keys.noticing() as noticed:
        (shown,) = queries.day(viewer=course.therapist, at=AT, day=AT.date())
    assert (shown.place_words, shown.effect.before) == (None, None)
    assert len(noticed) == 2


@pytest.mark.parametrize(("model", "column"), [(TherapySession, "place_sealed"), (SessionMoment, "value_sealed")])
def test_an_hour_by_itself_refuses_so_that_nothing_is_signed_or_moved_without_it(
    model: type[Model], column: str
) -> None:
    course = a_course(a_therapist())
    hour = an_hour_with_words(course)
    changed(model, column)
    asked = {"viewer": course.therapist, "at": AT}
    for read in (queries.session, queries.room):
        with pytest.raises(keys.SealBroken):
            read(**asked, session_id=hour)
    with pytest.raises(keys.SealBroken):
        queries.course_of_hours(**asked, episode_id=course.episode)
    assert [each.id for each in queries.sessions_of(**asked, episode_id=course.episode)] == [hour]
    assert queries.session(**asked, session_id=hour, among_others=True).planned_start == AT


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


def test_an_agreement_that_does_not_open_is_none_in_a_list_and_stops_who_asks_for_its_terms() -> None:
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


def test_one_who_cannot_be_reminded_keeps_nobody_else_from_it() -> None:
    a_practice()
    therapist = a_therapist()
    first, other = (reachable(a_course(therapist, name)) for name in ("Jonas Weber", "Nadia Kowalski"))
    for number, course in enumerate((first, other)):
        actions.book_session(
            actor=therapist, at=AT, episode_id=course.episode, start=AT + WEEK + number * HOUR,
            end=AT + WEEK + (number + 1) * HOUR, therapist_id=therapist.account,
        )  # fmt: skip
    OutboxMessage.objects.all().delete()
    whole = Client.objects.get(id=first.client).details_sealed
    Client.objects.filter(id=first.client).update(details_sealed=b"not a seal")
    assert remind(actor=SYSTEM, at=AT + WEEK - HOUR) == 1
    Client.objects.filter(id=first.client).update(details_sealed=whole)
    assert remind(actor=SYSTEM, at=AT + WEEK - HOUR) == 1


def test_a_message_to_somebody_who_does_not_open_waits_and_leaves_once_they_do() -> None:
    a_practice()
    therapist = a_therapist()
    queue(actor=SYSTEM, at=AT, kind="urgent_item", client_id=None, account_id=therapist.id, params={}, dedupe="alert")
    whole = Account.objects.get(id=therapist.account).email_sealed
    Account.objects.filter(id=therapist.account).update(email_sealed=b"not a seal")
    assert deliver_due(actor=SYSTEM, at=AT) == 0
    assert OutboxMessage.objects.get().state == State.QUEUED
    Account.objects.filter(id=therapist.account).update(email_sealed=whole)
    assert deliver_due(actor=SYSTEM, at=AT + timedelta(minutes=5)) == 1


def test_forms_that_do_not_open_keep_no_other_from_being_scored_again(monkeypatch: pytest.MonkeyPatch) -> None:
    therapist = a_therapist()
    first, other = (a_course(therapist, name) for name in ("Jonas Weber", "Nadia Kowalski"))
    for course in (first, other):
        a_score(course, client_account(course), *[1] * 9)
    newer = replace(load_instrument("phq9"), version="2")
    for module in (sheets, instruments, scoring):
        monkeypatch.setattr(module, "instrument_named", lambda *_: newer, raising=False)
        monkeypatch.setattr(module, "shelf", lambda names: dict.fromkeys(names, newer), raising=False)
    Answer.objects.filter(administration__client=first.client).update(value_sealed=b"not a seal")
    assert rescore(actor=SYSTEM, at=AT) == 1
    assert Score.objects.get(version="2").administration.client_id == other.client


def test_an_act_that_does_not_open_keeps_no_other_from_being_done(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[UUID] = []
    monkeypatch.setitem(tasks._acts, "tests", lambda *, subject, **_: done.append(subject))
    damaged, whole = (
        PendingAct.objects.create(
            id=uuid4(), act="tests", subject=uuid4(), facts_sealed=b"not a seal", requested_by=uuid4(),
            requested_at=AT, ready_at=AT + number * HOUR,
        )
        for number in range(2)
    )  # fmt: skip
    seal = keys.seal_data(keys.practice(), FACTS_LABEL, whole.id, {"ground": "asked"})
    PendingAct.objects.filter(id=whole.id).update(facts_sealed=seal)
    with pytest.raises(keys.SealBroken):
        tasks.run_due_acts(actor=SYSTEM, at=AT + HOUR)
    assert done == [whole.subject]
    assert [each.id for each in waiting_acts(viewer=a_manager(), at=AT)] == [damaged.id]


def test_who_works_here_and_who_is_invited_stays_listed() -> None:
    manager = replace(a_manager(), stepped_up_at=AT)
    roles = frozenset({Role.THERAPIST})
    invite_staff(actor=manager, at=AT, name="Alan Brook", email="alan@practice.example", roles=roles, send=False)
    changed(SingleUseLink, "detail_sealed")
    assert [each.name for each in staff_invitations(viewer=manager, at=AT)] == ["A name that does not open"]
    assert people(viewer=manager, at=AT)
