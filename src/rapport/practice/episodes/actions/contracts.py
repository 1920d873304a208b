"""Offering the agreement, and recording that the client accepted it."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from rapport.practice.clients.actions import give_consent
from rapport.practice.clients.choices import ConsentMethod, Purpose
from rapport.practice.clients.rules.consenting import has_consented
from rapport.practice.episodes.actions.steps import Course
from rapport.practice.episodes.choices import AcceptedHow, Agreement, EpisodeState
from rapport.practice.episodes.models import Acceptance, ContractVersion
from rapport.practice.episodes.queries.contracts import AGREEMENT, SIGNED_BY
from rapport.practice.episodes.rules import (
    IN_THERAPY,
    LINE,
    ConsentMissing,
    CrisisInformationNotShown,
    EpisodeRefused,
    StepNotAllowed,
    check_agreement,
    check_open,
    find_episode,
    hidden,
    words,
)
from rapport.practice.organisation.rules import practice_zone
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action
from rapport.practice.security.policy.actor import Actor, Thing

MAY_BE_OFFERED = frozenset({EpisodeState.ASSESSMENT, EpisodeState.OFFERED}) | IN_THERAPY
REQUIRED = ("place", "contact_window", "crisis", "confidentiality", "records", "complaints")


class NotTheNewestOffer(EpisodeRefused):
    """Another agreement was offered since."""


@action
def offer_contract(*, actor: Actor, at: datetime, episode_id: UUID, agreement: Agreement) -> UUID:
    """Offer an agreement; the client can read and accept it from now on. A later offer is a new version."""
    course = Course(find_episode(actor, at, episode_id, "contract", "edit"), actor, at)
    check_open(course.episode)
    if course.state() not in MAY_BE_OFFERED:
        raise StepNotAllowed("contract", _("Accept the referral and begin the assessment first."))
    check_agreement(agreement)
    last = course.episode.contracts.aggregate(last=Max("number"))["last"] or 0
    contract_id = uuid.uuid4()
    ContractVersion.objects.create(
        id=contract_id,
        episode=course.episode,
        number=last + 1,
        offered_at=at,
        offered_by=actor.account,
        agreement_sealed=keys.seal_data(course.drawer, AGREEMENT, contract_id, _kept(agreement)),
    )
    course.record("offer", "contract", contract_id)
    if course.state() is EpisodeState.ASSESSMENT:
        course.enter(EpisodeState.OFFERED)
    return contract_id


@action
def accept_contract(
    *,
    actor: Actor,
    at: datetime,
    episode_id: UUID,
    contract_id: UUID,
    crisis_shown: bool,
    treatment_text: int | None = None,
) -> None:
    """The client accepts the newest offer in the portal, having seen whom to call in a crisis.

    `treatment_text` is the version of the words on treatment they agree to in the same breath, if they do.
    """
    course, version = _newest(actor, at, episode_id, contract_id, "accept")
    _agree_to_treatment(course, treatment_text, ConsentMethod.PORTAL)
    today = at.astimezone(practice_zone()).date()
    _accept(course, version, AcceptedHow.PORTAL, today, actor.name, crisis_shown=crisis_shown)


@action
def record_paper_acceptance(
    *,
    actor: Actor,
    at: datetime,
    episode_id: UUID,
    contract_id: UUID,
    signed_on: date,
    signed_by: str,
    crisis_shown: bool,
    treatment_text: int | None = None,
) -> None:
    """Record that the client signed the newest offer on paper: when, who, and that crisis information was given."""
    course, version = _newest(actor, at, episode_id, contract_id, "edit")
    zone = practice_zone()
    if not version.offered_at.astimezone(zone).date() <= signed_on <= at.astimezone(zone).date():
        raise EpisodeRefused("signed_on", _("The day of signing lies between the offer and today."))
    name = words("signed_by", signed_by, longest=LINE, required=True)
    _agree_to_treatment(course, treatment_text, ConsentMethod.PAPER)
    _accept(course, version, AcceptedHow.PAPER, signed_on, name, crisis_shown=crisis_shown)


def _agree_to_treatment(course: Course, text_version: int | None, method: ConsentMethod) -> None:
    client_id = course.episode.client_id
    if text_version is not None and not has_consented(client_id, Purpose.TREATMENT, at=course.at):
        give_consent(
            actor=course.actor,
            at=course.at,
            client_id=client_id,
            purpose=Purpose.TREATMENT,
            text_version=text_version,
            method=method,
        )


def _kept(agreement: Agreement) -> dict[str, Any]:
    """The agreement as JSON keeps it: every text cleaned, every amount exact."""
    kept: dict[str, Any] = {}
    for name, value in asdict(agreement).items():
        if type(value) is str:
            kept[name] = words(name, value, required=name in REQUIRED)
        else:
            kept[name] = str(value) if isinstance(value, Decimal) else value
    return kept


def _newest(
    actor: Actor, at: datetime, episode_id: UUID, contract_id: UUID, verb: str
) -> tuple[Course, ContractVersion]:
    episode = find_episode(actor, at, episode_id, "contract", verb)
    check_open(episode)
    newest = episode.contracts.select_for_update(no_key=True).order_by("-number").first()
    if newest is None or not episode.contracts.filter(id=contract_id).exists():
        raise hidden(actor, verb, Thing("contract", id=contract_id), at)
    if newest.id != contract_id:
        raise NotTheNewestOffer("contract", _("There is a newer version of this agreement. Please read that one."))
    return Course(episode, actor, at), newest


def _accept(
    course: Course, version: ContractVersion, how: AcceptedHow, signed_on: date, name: str, *, crisis_shown: bool
) -> None:
    if Acceptance.objects.filter(contract=version).exists():
        return  # a second click on the same button changes nothing
    if not crisis_shown:
        raise CrisisInformationNotShown("crisis_shown", _("Read whom to call in a crisis first."))
    if not has_consented(course.episode.client_id, Purpose.TREATMENT, at=course.at):
        raise ConsentMissing("treatment", _("Consent to treatment comes first."))
    row_id = uuid.uuid4()
    Acceptance.objects.create(
        id=row_id,
        contract=version,
        how=how,
        at=course.at,
        by=course.actor.account,
        signed_on=signed_on,
        signed_by_sealed=keys.seal(course.drawer, SIGNED_BY, row_id, name),
        crisis_shown_at=course.at,
    )
    course.record("accept", "contract", version.id, reason=str(how))
    if course.state() is EpisodeState.OFFERED:
        course.enter(EpisodeState.CONTRACTED)
