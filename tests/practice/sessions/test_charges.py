"""What an hour costs by the agreement, and not asking for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from tests.factories.episodes import Referred, in_therapy
from tests.factories.organisation import a_practice
from tests.factories.people import AT, a_course, a_manager, a_therapist, client_account
from tests.factories.sessions import a_held_hour, an_hour

from rapport.clinical.episodes.contract import MissedCharge
from rapport.clinical.sessions.attendance import Attendance, CancelledBy
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden, NotFound
from rapport.practice.sessions import actions, queries
from rapport.practice.sessions.models import ChargeWaiver

START = datetime(2026, 3, 5, 10, tzinfo=UTC)


@pytest.fixture
def course() -> Referred:
    a_practice()
    return in_therapy(a_therapist(), fee=Decimal(80), charge=MissedCharge.PART, notice_hours=24)


def missed(course: Referred) -> UUID:
    session = an_hour(course, START)
    actions.record_missed(actor=course.therapist, at=START, session_id=session)
    return session


def charge(course: Referred, session: UUID) -> queries.HourCharge:
    found = queries.charge_of(viewer=course.therapist, at=START, session_id=session)
    assert found
    return found


def test_an_hour_that_did_not_end_yet_costs_nothing_yet(course: Referred) -> None:
    session = an_hour(course, START)
    assert queries.charge_of(viewer=course.therapist, at=AT, session_id=session) is None


@pytest.mark.parametrize(
    ("hours", "code", "amount"),
    [(24, Attendance.CANCELLED_IN_NOTICE, 0), (23, Attendance.CANCELLED_LATE, 40), (0, Attendance.CANCELLED_LATE, 40)],
)
def test_a_cancellation_costs_what_was_agreed_for_its_notice(
    course: Referred, hours: int, code: Attendance, amount: int
) -> None:
    session, told = an_hour(course, START), START - timedelta(hours=hours)
    actions.cancel_session(actor=course.therapist, at=told, session_id=session, by=CancelledBy.CLIENT)
    found = charge(course, session)
    assert (found.attendance, found.notice_hours, found.due.amount) == (code, hours, amount)
    assert (found.currency, found.agreed_notice_hours) == ("GBP", 24)


def test_half_an_hour_too_late_is_not_shown_as_in_time(course: Referred) -> None:
    session, told = an_hour(course, START), START - timedelta(hours=23, minutes=40)
    actions.cancel_session(actor=course.therapist, at=told, session_id=session, by=CancelledBy.CLIENT)
    assert charge(course, session).whole_notice_hours == 23


def test_an_hour_that_took_place_costs_its_fee_and_one_the_therapist_cancelled_nothing(course: Referred) -> None:
    assert charge(course, a_held_hour(course, START)).due.amount == 80
    session = an_hour(course, START + timedelta(days=1))
    actions.cancel_session(actor=course.therapist, at=AT, session_id=session, by=CancelledBy.THERAPIST)
    assert charge(course, session).due.kind is MissedCharge.NONE


def test_where_nothing_was_agreed_nothing_is_due() -> None:
    a_practice()
    bare = a_course(a_therapist())
    session = an_hour(bare, START)
    actions.record_missed(actor=bare.therapist, at=START, session_id=session)
    found = queries.charge_of(viewer=bare.therapist, at=START, session_id=session)
    assert found is not None
    assert (found.due.kind, found.due.amount) == (MissedCharge.NONE, 0)


def test_a_charge_is_waived_by_a_person_with_a_reason_and_can_be_asked_again(course: Referred) -> None:
    session = missed(course)
    assert charge(course, session).is_waived is False  # never automatic
    who = {"actor": course.therapist, "session_id": session}
    with pytest.raises(actions.ReasonMissing):
        actions.waive_charge(**who, at=START, reason="  ")
    actions.waive_charge(**who, at=START, reason="Her mother was taken to hospital")
    actions.waive_charge(**who, at=START, reason="A second click")
    found = charge(course, session)
    assert (found.is_waived, found.due.amount) == (True, 40)
    (decision,) = found.decisions
    assert (decision.reason, decision.by_name) == ("Her mother was taken to hospital", "Mara Okonjo")
    actions.ask_charge_again(**who, at=START, reason="Agreed together after all")
    assert [each.waived for each in charge(course, session).decisions] == [False, True]
    assert list(AuditEvent.objects.filter(object_type="charge", action="waive").values_list("reason", flat=True)) == [
        "waived",
        "asked again",
    ]
    assert b"hospital" not in b"".join(bytes(row.reason_sealed) for row in ChargeWaiver.objects.all())


def test_a_waiver_needs_something_to_waive(course: Referred) -> None:
    with pytest.raises(actions.StateMoved):
        actions.waive_charge(actor=course.therapist, at=AT, session_id=an_hour(course, START), reason="Kindness")


def test_no_stranger_no_manager_and_no_client_reads_or_waives(course: Referred) -> None:
    session, stranger = missed(course), a_therapist("Ida Other")
    for foreign in (session, uuid4()):
        with pytest.raises(NotFound):
            queries.charge_of(viewer=stranger, at=START, session_id=foreign)
        with pytest.raises(NotFound):
            actions.waive_charge(actor=stranger, at=START, session_id=foreign, reason="Kindness")
    for nobody_s in (a_manager(), client_account(course)):
        with pytest.raises((Forbidden, NotFound)):
            actions.waive_charge(actor=nobody_s, at=START, session_id=session, reason="Kindness")
    assert not ChargeWaiver.objects.exists()
    assert AuditEvent.objects.filter(object_type="charge", decision="deny").count() == 4


def test_a_later_agreement_changes_nothing_that_an_earlier_hour_cost(course: Referred) -> None:
    session = missed(course)
    assert charge(course, session).due.amount == 40
    from dataclasses import replace

    from tests.factories.episodes import AGREEMENT

    from rapport.practice.episodes.actions import offer_contract, record_paper_acceptance

    later = START + timedelta(days=1)
    given = {"actor": course.therapist, "at": later, "episode_id": course.episode}
    contract = offer_contract(**given, agreement=replace(AGREEMENT, fee=Decimal(100), charge=MissedCharge.FULL))
    record_paper_acceptance(
        **given,
        contract_id=contract,
        crisis_shown=True,
        signed_on=later.date(),
        signed_by="A. Bakari",
        treatment_text=1,
    )
    found = queries.charge_of(viewer=course.therapist, at=later, session_id=session)
    assert found is not None
    assert found.due.amount == 40
