"""An agreement is offered, read, accepted; other duties count by its terms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from tests.factories.episodes import AGREEMENT, agrees_to_treatment, offered, referred
from tests.factories.people import AT, a_course, a_manager, a_therapist, client_account

from rapport.clinical.episodes.contract import MissedCharge
from rapport.practice.episodes.actions import (
    accept_contract,
    begin_therapy,
    grant_care,
    offer_contract,
    record_paper_acceptance,
)
from rapport.practice.episodes.actions.contracts import NotTheNewestOffer
from rapport.practice.episodes.choices import AcceptedHow, ContractTerms, EpisodeState
from rapport.practice.episodes.models import Acceptance, ContractVersion
from rapport.practice.episodes.queries import contract, contracts, episode, terms
from rapport.practice.episodes.rules import (
    ConsentMissing,
    CrisisInformationNotShown,
    EpisodeRefused,
    StepNotAllowed,
    check_money,
)
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden, NotFound


def test_the_client_accepts_in_the_portal() -> None:
    mara = a_therapist()
    course, offer = offered(mara)
    client = client_account(course, "Amina Bakari")
    accept_contract(
        actor=client, at=AT, episode_id=course.episode, contract_id=offer, crisis_shown=True, treatment_text=1
    )
    found = contract(viewer=client, at=AT, episode_id=course.episode)
    assert found is not None
    assert found.agreement == AGREEMENT
    assert (found.accepted_how, found.signed_by, found.signed_on) == (AcceptedHow.PORTAL, "Amina Bakari", AT.date())
    assert episode(viewer=mara, at=AT, episode_id=course.episode).state is EpisodeState.CONTRACTED
    assert Acceptance.objects.get().crisis_shown_at == AT
    told = AuditEvent.objects.filter(client=course.client, actor=client.id, decision="allow")
    assert {("record", "consent"), ("accept", "contract"), ("move", "episode")} <= set(
        told.values_list("action", "object_type")
    )
    begin_therapy(actor=mara, at=AT, episode_id=course.episode)
    assert episode(viewer=mara, at=AT, episode_id=course.episode).state is EpisodeState.ACTIVE


def test_no_contract_without_consent_and_crisis_information() -> None:
    course, offer = offered(a_therapist())
    client = client_account(course)
    given = {"actor": client, "at": AT, "episode_id": course.episode, "contract_id": offer}
    with pytest.raises(ConsentMissing):
        accept_contract(**given, crisis_shown=True)
    agrees_to_treatment(course)
    with pytest.raises(CrisisInformationNotShown):
        accept_contract(**given, crisis_shown=False)
    assert not Acceptance.objects.exists()
    accept_contract(**given, crisis_shown=True)
    accept_contract(**given, crisis_shown=True)  # a second click
    assert Acceptance.objects.count() == 1


def test_a_therapist_cannot_accept_for_the_client() -> None:
    course, offer = offered(a_therapist())
    with pytest.raises(Forbidden):
        accept_contract(actor=course.therapist, at=AT, episode_id=course.episode, contract_id=offer, crisis_shown=True)


def test_paper_is_recorded_with_day_and_name() -> None:
    mara = a_therapist()
    course, offer = offered(mara)
    given = {"actor": mara, "at": AT, "episode_id": course.episode, "contract_id": offer, "crisis_shown": True}
    for day, name, field in ((date(2026, 3, 3), "A. Bakari", "signed_on"), (AT.date(), " ", "signed_by")):
        with pytest.raises(EpisodeRefused) as refused:
            record_paper_acceptance(**given, signed_on=day, signed_by=name, treatment_text=1)
        assert refused.value.field == field
    record_paper_acceptance(**given, signed_on=AT.date(), signed_by="A. Bakari", treatment_text=1)
    found = contract(viewer=mara, at=AT, episode_id=course.episode)
    assert found is not None
    assert (found.accepted_how, found.signed_by) == (AcceptedHow.PAPER, "A. Bakari")
    assert b"Bakari" not in bytes(Acceptance.objects.get().signed_by_sealed)


def test_a_new_offer_leaves_the_old_terms_until_it_is_accepted() -> None:
    mara = a_therapist()
    course, first = offered(mara)
    agrees_to_treatment(course)
    client = client_account(course)
    given = {"actor": client, "at": AT, "episode_id": course.episode, "crisis_shown": True}
    accept_contract(**given, contract_id=first)
    dearer = replace(AGREEMENT, fee=Decimal("80"), notice_hours=24, charge=MissedCharge.PART)
    second = offer_contract(actor=mara, at=AT, episode_id=course.episode, agreement=dearer)
    assert terms(viewer=mara, at=AT, episode_id=course.episode).fee == Decimal("72.50")
    with pytest.raises(NotTheNewestOffer):
        accept_contract(**given, contract_id=first)
    accept_contract(**given, contract_id=second)
    now = terms(viewer=client, at=AT, episode_id=course.episode)
    assert (now.fee, now.currency, now.notice_hours, now.charge) == (Decimal("80.00"), "GBP", 24, "part")
    assert now.clinical.fee == Decimal("80.00")
    assert [each.number for each in contracts(viewer=mara, at=AT, episode_id=course.episode)] == [2, 1]
    assert episode(viewer=mara, at=AT, episode_id=course.episode).state is EpisodeState.CONTRACTED


def test_an_agreement_is_with_the_therapist_of_record_even_if_a_colleague_offers_it() -> None:
    mara, ivo = a_therapist(), a_therapist("Ivo Brandt")
    course, _first = offered(mara)
    later = AT + timedelta(days=1)
    grant_care(actor=a_manager(), at=later, episode_id=course.episode, therapist_id=ivo.account)
    offer_contract(actor=ivo, at=later, episode_id=course.episode, agreement=replace(AGREEMENT, fee=Decimal(80)))
    newest = contracts(viewer=ivo, at=later, episode_id=course.episode)[0]
    assert (newest.offered_by, newest.therapist_id) == (ivo.account, mara.account)


def test_terms_are_for_whoever_books_and_nobody_else() -> None:
    mara, ruth = a_therapist(), a_manager()
    course = a_course(mara)
    for viewer in (mara, ruth, client_account(course)):
        assert terms(viewer=viewer, at=AT, episode_id=course.episode) == ContractTerms(agreed=False)
        with pytest.raises(NotFound):
            terms(viewer=viewer, at=AT, episode_id=uuid4())
    with pytest.raises(NotFound):
        terms(viewer=a_therapist("Ivo Brandt"), at=AT, episode_id=course.episode)


def test_a_stranger_reads_and_signs_nothing() -> None:
    course, offer = offered(a_therapist())
    ivo, other = a_therapist("Ivo Brandt"), client_account(a_course(a_therapist(), "Zoe Hart"))
    for viewer in (ivo, other):
        with pytest.raises(NotFound):
            contracts(viewer=viewer, at=AT, episode_id=course.episode)
    with pytest.raises(NotFound):
        accept_contract(actor=other, at=AT, episode_id=course.episode, contract_id=offer, crisis_shown=True)
    with pytest.raises(NotFound):
        offer_contract(actor=ivo, at=AT, episode_id=course.episode, agreement=AGREEMENT)
    with pytest.raises(Forbidden):
        contracts(viewer=a_manager(), at=AT, episode_id=course.episode)


def test_nothing_is_offered_before_the_assessment() -> None:
    course = referred(a_therapist())
    with pytest.raises(StepNotAllowed):
        offer_contract(actor=course.therapist, at=AT, episode_id=course.episode, agreement=AGREEMENT)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"fee": Decimal("-0.01")}, "fee"),
        ({"fee": Decimal("1e18")}, "fee"),
        ({"fee": Decimal("72.505")}, "fee"),
        ({"fee": Decimal("NaN")}, "fee"),
        ({"fee": Decimal("0.5"), "currency": "JPY"}, "fee"),
        ({"currency": "pounds"}, "currency"),
        ({"length_minutes": 0}, "length_minutes"),
        ({"length_minutes": 1500}, "length_minutes"),
        ({"per_week": Decimal("0.1")}, "per_week"),
        ({"notice_hours": 721}, "notice_hours"),
        ({"planned_sessions": 501}, "planned_sessions"),
        ({"crisis": ""}, "crisis"),
    ],
)
def test_terms_that_cannot_be_agreed_are_refused(changed: dict[str, object], field: str) -> None:
    course, _ = offered(a_therapist())
    with pytest.raises(EpisodeRefused) as refused:
        offer_contract(
            actor=course.therapist, at=AT, episode_id=course.episode, agreement=replace(AGREEMENT, **changed)
        )
    assert refused.value.field == field
    assert ContractVersion.objects.count() == 1


def test_money_is_exact_in_its_own_currency() -> None:
    assert str(check_money("fee", Decimal("72.5"), "EUR")) == "72.50"
    assert str(check_money("fee", Decimal("9000"), "JPY")) == "9000"
    assert str(check_money("fee", Decimal("20.125"), "BHD")) == "20.125"


def test_reviews_fall_where_they_were_agreed() -> None:
    assert AGREEMENT.reviews == (6, 16, 26)
    assert replace(AGREEMENT, planned_sessions=20).reviews == (6, 16)
