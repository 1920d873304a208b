"""A referral is taken on, decided, and read only by those who care."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from tests.factories.episodes import ALONE, BY_EMAIL, DETAILS, QUEUE, REASON, referred
from tests.factories.people import AT, a_manager, a_therapist, client_account, staff

from rapport.clinical.episodes.referral import ReferralOutcome, ReferralSource
from rapport.practice.clients.choices import ClientDetails
from rapport.practice.episodes.actions import decide_referral, record_consent_to_refer, record_referral, record_return
from rapport.practice.episodes.actions.referrals import AlreadyDecided
from rapport.practice.episodes.choices import EpisodeState, Missing, Need, Problem, Urgency
from rapport.practice.episodes.models import Episode, Referral
from rapport.practice.episodes.queries import decided_referrals, episode, referral, referral_inbox, referral_of
from rapport.practice.episodes.rules import CannotGrantSelf, EpisodeRefused, NotATherapist
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden, NotFound
from rapport.practice.security.policy.actor import Role

LATER = AT + timedelta(days=9)


def test_a_therapist_takes_somebody_into_their_own_care() -> None:
    mara = a_therapist()
    course = referred(mara)
    found = referral(viewer=mara, at=LATER, referral_id=course.referral)
    assert found.details.reason == REASON
    assert found.details.problems == (QUEUE, ALONE)  # the heaviest first
    assert (found.days_waiting, found.outcome, found.missing) == (9, None, ())
    assert episode(viewer=mara, at=AT, episode_id=course.episode).state is EpisodeState.REFERRED
    kinds = set(AuditEvent.objects.filter(client=course.client).values_list("action", "object_type"))
    assert {("create", "referral"), ("grant", "care_relationship"), ("create", "client")} <= kinds


def test_nothing_that_was_said_is_readable_in_the_database() -> None:
    course = referred(a_therapist(), source=ReferralSource.COURT, referrer="Magistrates")
    row = Referral.objects.get(id=course.referral)
    kept = bytes(row.words_sealed) + b"".join(bytes(each.problems_sealed) for each in row.episode.problem_lists.all())
    for word in (b"bus", b"court", b"Magistrates", b"behavioural"):
        assert word not in kept


def test_a_manager_types_for_a_therapist_and_reads_no_word_of_it() -> None:
    ruth, mara = a_manager(), a_therapist()
    course = referred(mara, actor=ruth, urgency=Urgency.URGENT, source=ReferralSource.GP)
    row = referral_inbox(viewer=ruth, at=LATER)[0]
    assert (row.client_name, row.days_waiting, row.therapist_id) == ("Amina Bakari", 9, mara.account)
    assert (row.readable, row.source, row.urgency, row.need, row.missing) == (False, None, None, Need.NOT_DECIDED, ())
    with pytest.raises(Forbidden):
        decide_referral(actor=ruth, at=AT, referral_id=course.referral, outcome=ReferralOutcome.ACCEPTED)
    with pytest.raises(Forbidden):
        referral(viewer=ruth, at=AT, referral_id=course.referral)
    assert referral_inbox(viewer=mara, at=AT)[0].urgency is Urgency.URGENT
    assert not AuditEvent.objects.filter(actor=ruth.id, object_type="referral", action="read").exists()


def test_a_manager_must_name_a_therapist() -> None:
    ruth = a_manager()
    for chosen, error in ((None, EpisodeRefused), (ruth.account, NotATherapist), (uuid4(), NotATherapist)):
        with pytest.raises(error):
            record_referral(
                actor=ruth,
                at=AT,
                client=ClientDetails(name="Amina"),
                safe_contact=None,
                referral=DETAILS,
                therapist_id=chosen,
            )
    assert not Episode.objects.exists()


def test_a_client_cannot_type_a_referral() -> None:
    client = client_account(referred(a_therapist()))
    with pytest.raises(Forbidden):
        record_referral(actor=client, at=AT, client=ClientDetails(name="X"), safe_contact=None, referral=DETAILS)
    assert AuditEvent.objects.filter(actor=client.id, decision="deny").count() == 1


def test_a_stranger_sees_nothing() -> None:
    course, other = referred(a_therapist()), a_therapist("Ivo Brandt")
    assert referral_inbox(viewer=other, at=AT) == ()
    assert decided_referrals(viewer=other, at=AT) == ()
    assert referral_of(viewer=other, at=AT, episode_id=course.episode) is None
    for unknown in (course.referral, uuid4()):
        with pytest.raises(NotFound):
            referral(viewer=other, at=AT, referral_id=unknown)
        with pytest.raises(NotFound):
            decide_referral(actor=other, at=AT, referral_id=unknown, outcome=ReferralOutcome.ACCEPTED)


def test_the_inbox_begins_with_who_needs_somebody_soonest() -> None:
    mara = a_therapist()
    referred(mara, "Routine, long", received_on=date(2026, 1, 5))
    referred(mara, "Routine, new")
    referred(mara, "Soon", urgency=Urgency.SOON)
    referred(mara, "Unreachable", safe_contact=None)
    referred(mara, "Urgent", urgency=Urgency.URGENT)
    waiting = referred(mara, "Waiting", received_on=date(2025, 12, 1))
    decide_referral(
        actor=mara, at=AT, referral_id=waiting.referral, outcome=ReferralOutcome.WAITING, reason="No room until May"
    )
    rows = referral_inbox(viewer=mara, at=AT)
    names = [row.client_name for row in rows]
    assert names == ["Urgent", "Unreachable", "Soon", "Routine, long", "Routine, new", "Waiting"]
    assert rows[1].missing == (Missing.SAFE_CONTACT,)
    assert rows[-1].need is Need.WAITING


def test_what_is_missing_is_named() -> None:
    mara = a_therapist()
    course = referred(mara, source=ReferralSource.GP, reason="", problems=(), safe_contact=None)
    assert referral(viewer=mara, at=AT, referral_id=course.referral).missing == tuple(Missing)
    record_consent_to_refer(actor=mara, at=AT, referral_id=course.referral)
    found = referral(viewer=mara, at=AT, referral_id=course.referral)
    assert found.consents_to_refer
    assert Missing.CONSENT_TO_REFER not in found.missing


@pytest.mark.parametrize(
    ("outcome", "state", "is_open"),
    [
        (ReferralOutcome.ACCEPTED, EpisodeState.ASSESSMENT, True),
        (ReferralOutcome.WAITING, EpisodeState.WAITING, True),
        (ReferralOutcome.SIGNPOSTED, EpisodeState.SIGNPOSTED, False),
        (ReferralOutcome.DECLINED, EpisodeState.DECLINED, False),
        (ReferralOutcome.WITHDRAWN, EpisodeState.CLOSED, False),
    ],
)
def test_each_outcome_leads_somewhere(outcome: ReferralOutcome, state: EpisodeState, is_open: bool) -> None:
    mara = a_therapist()
    course = referred(mara)
    decide_referral(
        actor=mara, at=AT, referral_id=course.referral, outcome=outcome, reason="Because", where="The sleep clinic"
    )
    facts = episode(viewer=mara, at=AT, episode_id=course.episode)
    assert (facts.state, facts.is_open) == (state, is_open)
    assert AuditEvent.objects.filter(action="decide", object_id=course.referral, reason=outcome).count() == 1
    assert [row.outcome for row in decided_referrals(viewer=mara, at=AT)] == ([outcome] if outcome != "waiting" else [])


def test_who_is_turned_away_is_told_why_and_where_to() -> None:
    mara = a_therapist()
    course = referred(mara)
    for outcome, field in ((ReferralOutcome.DECLINED, "reason"), (ReferralOutcome.SIGNPOSTED, "where")):
        with pytest.raises(EpisodeRefused) as refused:
            decide_referral(actor=mara, at=AT, referral_id=course.referral, outcome=outcome)
        assert refused.value.field == field
    assert not Referral.objects.get(id=course.referral).decisions.exists()


def test_a_decision_is_made_once_unless_somebody_waits() -> None:
    mara = a_therapist()
    course = referred(mara)
    for outcome in (ReferralOutcome.WAITING, ReferralOutcome.WAITING, ReferralOutcome.ACCEPTED):
        decide_referral(actor=mara, at=AT, referral_id=course.referral, outcome=outcome, reason="Room in May")
    with pytest.raises(AlreadyDecided):
        decide_referral(actor=mara, at=AT, referral_id=course.referral, outcome=ReferralOutcome.DECLINED, reason="No")
    found = referral(viewer=mara, at=AT, referral_id=course.referral)
    assert [each.outcome for each in found.outcomes] == ["waiting", "waiting", "accepted"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"received_on": date(2026, 3, 3)}, "received_on"),
        ({"reason": "a\x00b"}, "reason"),
        ({"reason": "a" * 20_001}, "reason"),
        ({"problems": (Problem(QUEUE.domain, "  ", 3),)}, "problems"),
        ({"problems": (Problem(QUEUE.domain, "bus", 11),)}, "problems"),
        ({"problems": (QUEUE,) * 13}, "problems"),
    ],
)
def test_bad_input_is_refused_and_nothing_is_kept(changed: dict[str, object], field: str) -> None:
    with pytest.raises(EpisodeRefused) as refused:
        referred(a_therapist(), **changed)
    assert refused.value.field == field
    assert not Episode.objects.exists()


def test_somebody_returns_in_a_new_course() -> None:
    mara = a_therapist()
    course = referred(mara)
    back = record_return(actor=mara, at=LATER, client_id=course.client, referral=DETAILS)
    assert back.client_id == course.client
    assert back.episode_id != course.episode


def test_nobody_returns_into_the_care_of_who_asks() -> None:
    course = referred(a_therapist())
    both = staff("Ruth Lind", Role.MANAGER, Role.THERAPIST)
    with pytest.raises(CannotGrantSelf):
        record_return(actor=both, at=AT, client_id=course.client, referral=DETAILS)
    other = a_therapist("Ivo Brandt")
    for unknown in (course.client, uuid4()):
        with pytest.raises(NotFound):
            record_return(actor=other, at=AT, client_id=unknown, referral=DETAILS)
    with pytest.raises(NotFound):
        record_return(actor=both, at=AT, client_id=uuid4(), referral=DETAILS, therapist_id=other.account)


def test_the_owner_of_a_one_person_practice_takes_clients_on() -> None:
    solo = staff("Mara Okonjo", Role.MANAGER, Role.THERAPIST)
    ids = record_referral(
        actor=solo, at=AT, client=ClientDetails(name="Amina Bakari"), safe_contact=BY_EMAIL, referral=DETAILS
    )
    assert referral(viewer=solo, at=AT, referral_id=ids.referral_id).details.reason == REASON


@pytest.mark.parametrize("viewed_by_manager", [False, True])
def test_the_inbox_costs_the_same_for_one_and_three(
    viewed_by_manager: bool, django_assert_num_queries: object, django_assert_max_num_queries: object
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    mara = a_therapist()
    viewer = a_manager() if viewed_by_manager else mara
    counts = []
    for more in (1, 2):
        for number in range(more):
            referred(mara, f"Client {number}")
        with CaptureQueriesContext(connection) as queries:
            referral_inbox(viewer=viewer, at=AT)
        counts.append(len(queries))
    assert counts[0] == counts[1]
