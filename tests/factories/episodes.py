"""Courses of therapy on their way from a referral to an agreement."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from rapport.clinical.episodes.referral import ProblemDomain, ReferralOutcome, ReferralSource
from rapport.practice.clients.actions import give_consent
from rapport.practice.clients.choices import Channel, ClientDetails, ConsentMethod, Purpose, SafeContact
from rapport.practice.episodes.actions import decide_referral, offer_contract, record_paper_acceptance, record_referral
from rapport.practice.episodes.choices import Agreement, Problem, ReferralDetails, Urgency
from rapport.practice.security.policy.actor import Actor
from tests.factories.people import AT, Course

REASON = "I cannot get on the bus any more, and I used to love going out."
QUEUE = Problem(ProblemDomain.BEHAVIOURAL, "I turn back at the bus stop", 8)
ALONE = Problem(ProblemDomain.RELATIONSHIP, "My sister and I stopped talking", 4)
DETAILS = ReferralDetails(
    received_on=AT.date(), source=ReferralSource.SELF, urgency=Urgency.ROUTINE, reason=REASON, problems=(ALONE, QUEUE)
)
BY_EMAIL = SafeContact(channels=frozenset({Channel.EMAIL}))
AGREEMENT = Agreement(
    length_minutes=50,
    fee=Decimal("72.50"),
    currency="GBP",
    place="Room 2, first floor",
    contact_window="Monday to Friday, nine to five",
    reply_within="two working days",
    channels="the portal, or a message to the office",
    crisis="Ring 999, or Samaritans on 116 123.",
    confidentiality="What you say stays here, with few exceptions.",
    records="Kept for seven years after we end.",
    complaints="Tell me, or the practice manager.",
)


@dataclass(frozen=True, slots=True)
class Referred(Course):
    """Somebody new, with the referral they came by."""

    referral: UUID


def referred(
    therapist: Actor, name: str = "Amina Bakari", *, actor: Actor | None = None, at: datetime = AT, **changed: Any
) -> Referred:
    """A referral typed by the therapist, or by somebody for them."""
    safe = changed.pop("safe_contact", BY_EMAIL)
    ids = record_referral(
        actor=actor or therapist,
        at=at,
        client=ClientDetails(name=name, email="amina@mail.example"),
        safe_contact=safe,
        referral=replace(DETAILS, **changed),
        therapist_id=therapist.account if actor else None,
    )
    return Referred(ids.client_id, ids.episode_id, therapist, ids.referral_id)


def in_assessment(therapist: Actor, name: str = "Amina Bakari", at: datetime = AT) -> Referred:
    """Somebody whose referral was accepted."""
    course = referred(therapist, name, at=at)
    decide_referral(actor=therapist, at=at, referral_id=course.referral, outcome=ReferralOutcome.ACCEPTED)
    return course


def offered(therapist: Actor, name: str = "Amina Bakari", at: datetime = AT) -> tuple[Referred, UUID]:
    """Somebody with an agreement to read."""
    course = in_assessment(therapist, name, at)
    contract = offer_contract(actor=therapist, at=at, episode_id=course.episode, agreement=AGREEMENT)
    return course, contract


def agrees_to_treatment(course: Course, at: datetime = AT) -> None:
    give_consent(
        actor=course.therapist,
        at=at,
        client_id=course.client,
        purpose=Purpose.TREATMENT,
        text_version=1,
        method=ConsentMethod.SPOKEN,
    )


def in_therapy(therapist: Actor, name: str = "Amina Bakari", at: datetime = AT, **changed: Any) -> Referred:
    """Somebody who signed an agreement; what differs from the usual one is named."""
    course = in_assessment(therapist, name, at)
    contract = offer_contract(
        actor=therapist, at=at, episode_id=course.episode, agreement=replace(AGREEMENT, **changed)
    )
    record_paper_acceptance(
        actor=therapist,
        at=at,
        episode_id=course.episode,
        contract_id=contract,
        crisis_shown=True,
        signed_on=at.date(),
        signed_by=name,
        treatment_text=1,
    )
    return course
