"""The agreement: its versions, and the terms other duties count with."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from rapport.clinical.episodes.contract import MissedCharge
from rapport.practice.episodes.choices import AcceptedHow, Agreement, ContractFacts, ContractTerms
from rapport.practice.episodes.models import CareRelationship, ContractVersion, Episode
from rapport.practice.episodes.rules import find_episode, hidden, visible_episodes
from rapport.practice.foundation.prepared import prepared
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Role, Thing

AGREEMENT = "episodes.contract.agreement"
SIGNED_BY = "episodes.contract.signed_by"


def contracts(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[ContractFacts, ...]:
    """Every version of the agreement that was offered, newest first."""
    row = find_episode(viewer, at, episode_id, "contract", "read")
    trail.reading(actor=viewer, kind="contract", at=at, client=row.client_id, object_id=row.id)
    versions = list(_versions(row))
    cared = list(row.care.order_by("started_at", "id"))
    return tuple(_facts(each, row, is_latest=each is versions[0], cared=cared) for each in versions)


def contract(*, viewer: Actor, at: datetime, episode_id: UUID) -> ContractFacts | None:
    """The newest version, accepted or not."""
    return next(iter(contracts(viewer=viewer, at=at, episode_id=episode_id)), None)


def agreement_waits(*, viewer: Actor, at: datetime, episode_id: UUID) -> bool:
    """Whether the newest version was offered and not accepted yet. Nothing of it is opened."""
    row = find_episode(viewer, at, episode_id, "contract", "read")
    newest = _versions(row).first()
    return newest is not None and getattr(newest, "acceptance", None) is None


def terms(*, viewer: Actor, at: datetime, episode_id: UUID, as_of: datetime | None = None) -> ContractTerms:
    """What was agreed about hours and fees, for whoever books or attends them; the defaults before anything was.

    `as_of`: what held at a past moment, so that a later agreement changes nothing that an earlier hour cost.
    """
    thing = Thing("appointment", id=episode_id)
    everybody = Role.MANAGER in viewer.roles
    rows = Episode.objects.all() if everybody else visible_episodes(viewer, at)
    row = rows.filter(id=episode_id).first()
    if row is None:
        raise hidden(viewer, "read", thing, at)
    require(viewer, "read", Thing("appointment", id=row.id, client=row.client_id), at=at)
    accepted = _versions(row).filter(acceptance__at__lte=as_of or at).first()
    return _terms(_facts(accepted, row)) if accepted else ContractTerms(agreed=False)


def days_between(*, viewer: Actor, at: datetime, episode_ids: Collection[UUID]) -> dict[UUID, Decimal]:
    """The agreed gap between two sessions of courses the caller already found to be the viewer's; weekly by default."""
    agreed = _newest_agreed(episode_ids)
    return {each: Decimal(7) / agreed[each].per_week if each in agreed else Decimal(7) for each in episode_ids}


def holiday_notice(*, viewer: Actor, at: datetime, episode_ids: Collection[UUID]) -> dict[UUID, int]:
    """The weeks of notice of a holiday in courses the caller already found to be the viewer's; the usual by default."""
    agreed = _newest_agreed(episode_ids)
    return {each: (agreed.get(each) or ContractTerms(agreed=False)).holiday_notice_weeks for each in episode_ids}


def reviews_agreed(*, viewer: Actor, at: datetime, episode_ids: Collection[UUID]) -> dict[UUID, tuple[int, ...]]:
    """At which sessions a review was agreed, for courses in the viewer's care that have an agreement."""
    require(viewer, "list", Thing("episode"), at=at)
    in_care = visible_episodes(viewer, at).filter(id__in=list(episode_ids)).values_list("id", flat=True)
    return {episode_id: tuple(each.reviews) for episode_id, each in _newest_agreed(in_care).items()}


@prepared
def _agreed(episodes: Collection[UUID]) -> QuerySet[ContractVersion]:
    rows = ContractVersion.objects.filter(episode__in=episodes, acceptance__isnull=False).select_related("episode")
    return rows.order_by("number")


def _newest_agreed(episodes: Iterable[UUID]) -> dict[UUID, Agreement]:
    """The newest accepted agreement of each of these courses, in one statement; none where it does not open."""
    newest = {row.episode_id: row for row in _agreed({*episodes})}
    kept = {
        episode_id: keys.unseal_data_or(
            None, keys.client(row.episode.client_id), AGREEMENT, row.id, row.agreement_sealed
        )
        for episode_id, row in newest.items()
    }
    return {episode_id: _agreement(data) for episode_id, data in kept.items() if data is not None}


def _versions(row: Episode) -> QuerySet[ContractVersion]:
    return row.contracts.select_related("acceptance").order_by("-number")


def _between(version: ContractVersion, cared: Sequence[CareRelationship]) -> UUID:
    """Who was the therapist of record when a version was offered, even if a colleague who covered offered it."""
    then = version.offered_at
    held = (one for one in cared if one.started_at <= then and (one.ended_at is None or one.ended_at > then))
    return next((one.account_id for one in held), version.offered_by)


def _facts(
    version: ContractVersion, row: Episode, *, is_latest: bool = True, cared: Sequence[CareRelationship] = ()
) -> ContractFacts:
    drawer = keys.client(row.client_id)
    kept = keys.unseal_data(drawer, AGREEMENT, version.id, version.agreement_sealed)
    facts = ContractFacts(
        id=version.id,
        episode_id=row.id,
        client_id=row.client_id,
        number=version.number,
        offered_at=version.offered_at,
        offered_by=version.offered_by,
        therapist_id=_between(version, cared),
        agreement=_agreement(kept),
        is_latest=is_latest,
    )
    accepted = getattr(version, "acceptance", None)
    if accepted is None:
        return facts
    return replace(
        facts,
        accepted_at=accepted.at,
        accepted_how=AcceptedHow(accepted.how),
        signed_on=accepted.signed_on,
        signed_by=keys.unseal(drawer, SIGNED_BY, accepted.id, accepted.signed_by_sealed),
    )


def _agreement(kept: dict[str, Any]) -> Agreement:
    known = {each.name for each in fields(Agreement)}
    values = {name: value for name, value in kept.items() if name in known}
    for name in ("per_week", "fee"):
        values[name] = Decimal(values[name])
    return Agreement(**{**values, "charge": MissedCharge(values["charge"])})


def _terms(facts: ContractFacts) -> ContractTerms:
    agreed = facts.agreement
    return ContractTerms(
        agreed=True,
        contract_id=facts.id,
        length_minutes=agreed.length_minutes,
        per_week=agreed.per_week,
        notice_hours=agreed.notice_hours,
        holiday_notice_weeks=agreed.holiday_notice_weeks,
        charge=agreed.charge,
        fee=agreed.fee,
        currency=agreed.currency,
        late_wait_minutes=agreed.late_wait_minutes,
        planned_sessions=agreed.planned_sessions,
        reviews=agreed.reviews,
        contact_window=agreed.contact_window,
        reply_within=agreed.reply_within,
        channels=agreed.channels,
        messages=agreed.messages,
        place=agreed.place,
    )
