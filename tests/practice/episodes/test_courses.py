"""Where a course stands, who moves it, and who cares."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from tests.factories.clients import reachable
from tests.factories.episodes import in_assessment, referred
from tests.factories.people import AT, a_course, a_manager, a_therapist, client_account, staff

from rapport.practice.episodes.actions import (
    begin_therapy,
    bring_episode,
    close_episode,
    close_without_therapy,
    end_care,
    grant_care,
    move_episode,
    transfer_care,
)
from rapport.practice.episodes.actions.care import AlreadyInCare
from rapport.practice.episodes.choices import EpisodeState
from rapport.practice.episodes.models import CareRelationship, StateChange
from rapport.practice.episodes.queries import (
    care_relationships,
    caseload,
    episode,
    history,
    own_episode,
    therapists_of,
)
from rapport.practice.episodes.rules import (
    NEXT,
    OVER,
    CannotGrantSelf,
    EpisodeOver,
    NotATherapist,
    StepNotAllowed,
    check_step,
    therapist_of_record,
)
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden, NotFound
from rapport.practice.security.policy.actor import SYSTEM, Role

S = EpisodeState
LATER = AT + timedelta(days=40)


def test_every_state_can_be_reached_and_what_is_over_stays_over() -> None:
    seen, coming = {S.REFERRED}, [S.REFERRED]
    while coming:
        new = NEXT[coming.pop()] - seen
        seen |= new
        coming += new
    assert seen == set(S)
    assert not any(NEXT[state] for state in OVER)


@pytest.mark.parametrize(("now", "to"), [(S.REFERRED, S.ACTIVE), (S.ACTIVE, S.CLOSED), (S.OFFERED, S.ACTIVE)])
def test_no_step_is_skipped(now: EpisodeState, to: EpisodeState) -> None:
    with pytest.raises(StepNotAllowed):
        check_step(now, to)


def test_a_course_pauses_goes_on_and_ends_by_a_person() -> None:
    mara = a_therapist()
    course = a_course(mara)
    for to in (S.PAUSED, S.ACTIVE, S.ENDING):
        move_episode(actor=mara, at=LATER, episode_id=course.episode, to=to, reason="Sabbatical in May")
    close_episode(actor=mara, at=LATER, episode_id=course.episode)
    facts = episode(viewer=mara, at=LATER, episode_id=course.episode)
    assert (facts.state, facts.began, facts.closed_at) == (S.CLOSED, AT, LATER)
    told = history(viewer=mara, at=LATER, episode_id=course.episode)
    assert [moment.state for moment in told] == [S.ACTIVE, S.PAUSED, S.ACTIVE, S.ENDING, S.CLOSED]
    assert told[1].reason == "Sabbatical in May"
    moves = AuditEvent.objects.filter(action="move", object_id=course.episode).values_list("reason", flat=True)
    assert list(moves) == ["active", "paused", "active", "ending", "closed"]
    with pytest.raises(EpisodeOver):
        move_episode(actor=mara, at=LATER, episode_id=course.episode, to=S.ACTIVE)


@pytest.mark.parametrize("to", [S.CONTRACTED, S.CLOSED, S.WAITING, S.SIGNPOSTED, S.OFFERED])
def test_guarded_states_are_not_reached_by_hand(to: EpisodeState) -> None:
    mara = a_therapist()
    course = in_assessment(mara)
    with pytest.raises(StepNotAllowed):
        move_episode(actor=mara, at=AT, episode_id=course.episode, to=to)


def test_nobody_and_no_timer_closes_a_course() -> None:
    course = a_course(a_therapist())
    for actor, error in ((SYSTEM, Forbidden), (a_manager(), Forbidden), (a_therapist("Ivo Brandt"), NotFound)):
        with pytest.raises(error):
            close_episode(actor=actor, at=AT, episode_id=course.episode)
    assert StateChange.objects.count() == 1


def test_a_referral_is_not_closed_like_a_therapy() -> None:
    mara = a_therapist()
    course = in_assessment(mara)
    with pytest.raises(StepNotAllowed):
        close_episode(actor=mara, at=AT, episode_id=course.episode)
    close_without_therapy(actor=mara, at=AT, episode_id=course.episode, reason="Grief, expected", where="Hospice group")
    facts = episode(viewer=mara, at=AT, episode_id=course.episode)
    assert (facts.state, facts.is_open) == (S.SIGNPOSTED, False)
    begun = a_course(mara)
    with pytest.raises(StepNotAllowed):
        close_without_therapy(actor=mara, at=AT, episode_id=begun.episode, reason="No")


def test_the_first_hour_begins_a_therapy_only_after_the_agreement() -> None:
    mara = a_therapist()
    course = in_assessment(mara)
    begin_therapy(actor=mara, at=AT, episode_id=course.episode)
    assert episode(viewer=mara, at=AT, episode_id=course.episode).state is S.ASSESSMENT


def test_two_people_cannot_take_the_same_step_twice() -> None:
    course = a_course(a_therapist())
    row = StateChange.objects.get(episode=course.episode)
    with pytest.raises(IntegrityError):
        StateChange.objects.create(
            id=uuid4(),
            episode_id=course.episode,
            number=row.number,
            state=S.PAUSED,
            at=AT,
            by=uuid4(),
            reason_sealed=b"",
        )


def test_care_is_granted_by_a_manager_and_never_to_oneself() -> None:
    both, ivo = staff("Ruth Lind", Role.MANAGER, Role.THERAPIST), a_therapist("Ivo Brandt")
    course = a_course(a_therapist())
    with pytest.raises(CannotGrantSelf):
        grant_care(actor=both, at=AT, episode_id=course.episode, therapist_id=both.account)
    with pytest.raises(NotFound):
        episode(viewer=both, at=AT, episode_id=course.episode)
    with pytest.raises(NotATherapist):
        grant_care(actor=both, at=AT, episode_id=course.episode, therapist_id=a_manager().account)
    grant_care(actor=both, at=AT, episode_id=course.episode, therapist_id=ivo.account)
    assert episode(viewer=ivo, at=AT, episode_id=course.episode).client_id == course.client
    with pytest.raises(AlreadyInCare):
        grant_care(actor=both, at=AT, episode_id=course.episode, therapist_id=ivo.account)
    with pytest.raises(NotFound):
        grant_care(actor=both, at=AT, episode_id=uuid4(), therapist_id=ivo.account)
    with pytest.raises(Forbidden):
        grant_care(actor=ivo, at=AT, episode_id=course.episode, therapist_id=course.therapist.account)


def test_a_colleague_who_covers_is_not_the_therapist_of_record() -> None:
    mara, ivo, ruth = a_therapist(), a_therapist("Ivo Brandt"), a_manager()
    course = a_course(mara)
    grant_care(actor=ruth, at=LATER, episode_id=course.episode, therapist_id=ivo.account)
    for viewer in (mara, ivo):
        assert episode(viewer=viewer, at=LATER, episode_id=course.episode).therapist_id == mara.account
    assert therapist_of_record(course.episode) == mara.account
    first = CareRelationship.objects.get(episode=course.episode, account=mara.account)
    end_care(actor=ruth, at=LATER, care_id=first.id)
    assert therapist_of_record(course.episode) == ivo.account


def test_a_transfer_keeps_the_history_and_ends_reading() -> None:
    mara, ivo, ruth = a_therapist(), a_therapist("Ivo Brandt"), a_manager()
    course = a_course(mara)
    care = CareRelationship.objects.get(episode=course.episode)
    transfer_care(actor=ruth, at=LATER, care_id=care.id, therapist_id=ivo.account)
    with pytest.raises(NotFound):
        episode(viewer=mara, at=LATER, episode_id=course.episode)
    assert episode(viewer=ivo, at=LATER, episode_id=course.episode).therapist_id == ivo.account
    known = care_relationships(viewer=ruth, at=LATER, client_id=course.client)
    assert [(each.account_id, each.ended_at) for each in known] == [(ivo.account, None), (mara.account, LATER)]
    assert therapists_of(viewer=ruth, at=LATER, client_ids=[course.client]) == {course.client: (ivo.account,)}
    assert caseload(viewer=mara, at=LATER) == ()
    with pytest.raises(NotFound):
        end_care(actor=ruth, at=LATER, care_id=care.id)
    with pytest.raises(Forbidden):
        end_care(actor=ivo, at=LATER, care_id=care.id)


def test_a_caseload_is_the_therapists_own() -> None:
    mara, ivo = a_therapist(), a_therapist("Ivo Brandt")
    a_course(mara, "Zoe Hart")
    a_course(mara, "Amina Bakari")
    a_course(ivo, "Somebody Else")
    assert [facts.client_name for facts in caseload(viewer=mara, at=AT)] == ["Amina Bakari", "Zoe Hart"]
    assert caseload(viewer=mara, at=AT, closed=True) == ()
    with pytest.raises(Forbidden):
        caseload(viewer=a_manager(), at=AT)


def test_a_stranger_and_an_unknown_id_get_the_same_statements() -> None:
    course, ivo = a_course(a_therapist()), a_therapist("Ivo Brandt")
    asked = []
    for wanted in (course.episode, uuid4()):
        with CaptureQueriesContext(connection) as queries, pytest.raises(NotFound):
            episode(viewer=ivo, at=AT, episode_id=wanted)
        asked.append([query["sql"].replace(wanted.hex, "?") for query in queries])
    assert asked[0] == asked[1]


def test_a_client_finds_their_own_open_course() -> None:
    mara = a_therapist()
    course = reachable(a_course(mara))
    client = client_account(course)
    found = own_episode(viewer=client, at=AT)
    assert found is not None
    assert (found.id, found.therapist_id) == (course.episode, mara.account)
    other = client_account(a_course(mara, "Zoe Hart"))
    with pytest.raises(NotFound):
        episode(viewer=other, at=AT, episode_id=course.episode)
    with pytest.raises(Forbidden):
        history(viewer=client, at=AT, episode_id=course.episode)


def test_the_caseload_costs_the_same_for_one_and_three() -> None:
    mara = a_therapist()
    counts = []
    for more in (1, 2):
        for number in range(more):
            a_course(mara, f"Client {number}")
        with CaptureQueriesContext(connection) as queries:
            caseload(viewer=mara, at=AT)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_course_brought_from_elsewhere_is_active_since_it_began() -> None:
    mara, ivo = a_therapist(), a_therapist("Ivo Brandt")
    course = referred(mara)
    began = AT - timedelta(days=400)
    brought = bring_episode(actor=mara, at=AT, client_id=course.client, therapist_id=mara.account, began=began)
    facts = episode(viewer=mara, at=AT, episode_id=brought)
    assert (facts.state, facts.began, facts.opened_at) == (S.ACTIVE, began, began)
    with pytest.raises(NotFound):
        bring_episode(actor=ivo, at=AT, client_id=course.client, therapist_id=ivo.account, began=began)
