"""Asking a client to answer forms, and what a practice may ask with."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from rapport.clinical.measures.norms import CustomMeasure
from rapport.clinical.measures.registry import available_packs
from rapport.practice.episodes.rules import care_of
from rapport.practice.measures.choices import Rhythm
from rapport.practice.measures.models import Assignment, InstalledPack, LocalInstrument
from rapport.practice.measures.rules.instruments import LANGUAGE, instrument_named, own_key, pre_assessment_pack
from rapport.practice.measures.rules.record import care_episode
from rapport.practice.security.audit import trail
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Thing


class NoWordingHere(Exception):
    """This instrument is known by its total only; a client cannot be asked with it."""


class NoSuchPack(Exception):
    """No content pack of this name came with the installation."""


@action
def assign(*, actor: Actor, at: datetime, episode_id: UUID, instrument_id: str, rhythm: Rhythm) -> UUID:
    """Ask the client to answer a form. Asked already, only its rhythm changes."""
    episode = care_episode(actor, at, episode_id, "assign")
    if instrument_named(instrument_id).total_only:
        raise NoWordingHere("Only its total can be entered.")
    row, new = Assignment.objects.get_or_create(
        episode=episode,
        instrument=instrument_id,
        ended_at=None,
        defaults={
            "client_id": episode.client_id,
            "language": LANGUAGE,
            "rhythm": rhythm,
            "assigned_at": at,
            "assigned_by": actor.account,
        },
    )
    if not new:
        Assignment.objects.filter(id=row.id).update(rhythm=rhythm)
    _record(actor, at, "assign", row.id, episode.client_id, instrument_id)
    return row.id


@action
def assign_pack(*, actor: Actor, at: datetime, episode_id: UUID) -> tuple[UUID, ...]:
    """Ask everything that is asked before the first interview, once."""
    return tuple(
        assign(actor=actor, at=at, episode_id=episode_id, instrument_id=one, rhythm=Rhythm.ONCE)
        for one in pre_assessment_pack()
    )


@action
def end_assignment(*, actor: Actor, at: datetime, assignment_id: UUID) -> None:
    """Stop asking. What was answered stays."""
    care = care_of(actor, at).values("client")
    row = Assignment.objects.filter(id=assignment_id, client__in=care, ended_at=None).first()
    if row is None:
        raise not_found(actor, "assign", Thing("questionnaire", id=assignment_id), at=at)
    require(actor, "assign", Thing("questionnaire", client=row.client_id), at=at)
    Assignment.objects.filter(id=row.id).update(ended_at=at, ended_by=actor.account)
    _record(actor, at, "unassign", row.id, row.client_id, row.instrument)


@action
def install_pack(*, actor: Actor, at: datetime, pack: str) -> None:
    """Accept the terms of a content pack for this practice."""
    require(actor, "create", Thing("instrument"), at=at)
    if pack not in available_packs():
        raise NoSuchPack("No such pack came with this installation.")
    row, _ = InstalledPack.objects.get_or_create(
        pack=pack, defaults={"installed_at": at, "installed_by": actor.account}
    )
    _record(actor, at, "install", row.id, None, pack)


@action
def add_instrument(*, actor: Actor, at: datetime, measure: CustomMeasure) -> str:
    """Keep a measure by its total only, with the norms that were typed in. The same name is the same."""
    require(actor, "create", Thing("instrument"), at=at)
    key = own_key(measure.id)
    norms = measure.norms
    row, _ = LocalInstrument.objects.get_or_create(
        key=key,
        defaults={
            "title": measure.title.strip()[:120],
            "low": norms.low,
            "high": norms.high,
            "direction": norms.direction.value,
            "reliability": norms.reliability,
            "clinical_mean": norms.clinical_mean,
            "clinical_sd": norms.clinical_sd,
            "functional_mean": norms.functional_mean,
            "functional_sd": norms.functional_sd,
            "cut": norms.cut,
            "source": norms.source[:300],
            "version": measure.version,
            "added_at": at,
            "added_by": actor.account,
        },
    )
    _record(actor, at, "create", row.id, None, key)
    return key


def _record(actor: Actor, at: datetime, what: str, row: UUID, client: UUID | None, reason: str) -> None:
    kind = "questionnaire" if client else "instrument"
    trail.record(actor=actor, action=what, object_type=kind, object_id=row, client=client, at=at, reason=reason)
