"""A memo of a rupture exists for its author only, opens with two keys, and comes back until it is repaired."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from tests.factories.alliance import a_rupture
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_manager, a_therapist, client_account
from tests.factories.sessions import MINUTE, a_held_hour
from tests.practice.alliance.test_after_the_hour import a_colleague

from rapport.clinical.alliance.ruptures import Repaired, RuptureKind, RuptureState
from rapport.clinical.kernel.errors import OutOfRange
from rapport.practice.alliance import actions, queries
from rapport.practice.alliance.choices import RuptureMemo
from rapport.practice.alliance.models import MEMO_LABEL, RuptureEntry
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import Forbidden, NotFound

END = AT + 50 * MINUTE
WEEK = timedelta(days=7)


@pytest.fixture
def course() -> Course:
    a_practice()
    return a_course(a_therapist())


def test_its_author_reads_it(course: Course) -> None:
    session = a_held_hour(course)
    memo = a_rupture(course, session, END)
    facts = queries.rupture(viewer=course.therapist, at=END, rupture_id=memo)
    assert (facts.memo.impact, facts.memo.markers, facts.version) == (3, ("minimal",), 2)
    assert {event.private_to for event in AuditEvent.objects.filter(object_type="rupture")} == {course.therapist.id}


def test_pressed_twice_it_is_one_memo(course: Course) -> None:
    session, key = a_held_hour(course), uuid.uuid4()
    for _ in range(2):
        actions.note_rupture(
            actor=course.therapist, at=END, session_id=session, kind=RuptureKind.WITHDRAWAL, minute=12, key=key
        )
    found = queries.ruptures_of(viewer=course.therapist, at=END, episode_id=course.episode)
    assert len(found) == 1


def test_nobody_else_can_tell_that_it_exists(course: Course) -> None:
    memo = a_rupture(course, a_held_hour(course), END)
    for outsider in (a_colleague(course), a_therapist("Ruth Stranger"), a_manager(), client_account(course)):
        for asked in (memo, uuid.uuid4()):
            with pytest.raises((NotFound, Forbidden)):
                queries.rupture(viewer=outsider, at=END, rupture_id=asked)
            with pytest.raises((NotFound, Forbidden)):
                actions.write_rupture(
                    actor=outsider, at=END, rupture_id=asked, version=2, memo=RuptureMemo(RuptureKind.MIXED)
                )
        assert queries.ruptures_of(viewer=outsider, at=END, episode_id=course.episode) == ()


def test_it_opens_with_both_keys_only(course: Course) -> None:
    a_rupture(course, a_held_hour(course), END)
    entry = RuptureEntry.objects.latest("number")
    for drawer in (keys.client(course.client), keys.author(course.therapist.account)):
        with pytest.raises(keys.SealBroken):
            keys.unseal_data(drawer, MEMO_LABEL, entry.id, entry.memo_sealed)


def test_what_was_written_before_stays(course: Course) -> None:
    memo = a_rupture(course, a_held_hour(course), END)
    facts = queries.rupture(viewer=course.therapist, at=END, rupture_id=memo)
    actions.write_rupture(
        actor=course.therapist, at=END, rupture_id=memo, version=2, memo=replace(facts.memo, repaired=Repaired.YES)
    )
    assert RuptureEntry.objects.count() == 3
    repaired = replace(facts.memo, repaired=Repaired.YES)
    again = actions.write_rupture(actor=course.therapist, at=END, rupture_id=memo, version=2, memo=repaired)
    assert (again, RuptureEntry.objects.count()) == (3, 3)  # pressed twice
    with pytest.raises(actions.MemoMoved):
        actions.write_rupture(actor=course.therapist, at=END, rupture_id=memo, version=2, memo=facts.memo)


def test_it_comes_back_until_it_is_repaired(course: Course) -> None:
    memo = a_rupture(course, a_held_hour(course), END)

    def now(at: datetime) -> list[RuptureState]:
        found = queries.unrepaired(viewer=course.therapist, at=at, episode_id=course.episode)
        return [facts.state for facts in found]

    assert now(END) == [RuptureState.FRESH]
    for number in (1, 2):
        a_held_hour(course, AT + number * WEEK)
    later = AT + 2 * WEEK + 60 * MINUTE
    assert now(later) == [RuptureState.OPEN]
    facts = queries.rupture(viewer=course.therapist, at=later, rupture_id=memo)
    actions.write_rupture(
        actor=course.therapist, at=later, rupture_id=memo, version=2, memo=replace(facts.memo, repaired=Repaired.YES)
    )
    assert now(later) == []


@pytest.mark.parametrize(
    "memo",
    [
        RuptureMemo(RuptureKind.MIXED, markers=("resistant",)),
        RuptureMemo(RuptureKind.MIXED, strategies=("win",)),
        RuptureMemo(RuptureKind.MIXED, impact=6),
        RuptureMemo(RuptureKind.MIXED, minute=-1),
    ],
)
def test_only_the_words_there_are(course: Course, memo: RuptureMemo) -> None:
    rupture = a_rupture(course, a_held_hour(course), END)
    with pytest.raises(OutOfRange):
        actions.write_rupture(actor=course.therapist, at=END, rupture_id=rupture, version=2, memo=memo)


def test_no_memo_about_an_hour_out_of_care(course: Course) -> None:
    session = a_held_hour(course)
    with pytest.raises(NotFound):
        actions.note_rupture(
            actor=a_therapist("Ruth Stranger"), at=END, session_id=session, kind=RuptureKind.WITHDRAWAL
        )
    assert AuditEvent.objects.filter(decision="deny").exists()
