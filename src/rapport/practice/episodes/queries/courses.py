"""Where courses of therapy stand, and who cares."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, F, OuterRef, Prefetch, QuerySet, Subquery, UUIDField, Value
from django.db.models.functions import Coalesce

from rapport.clinical.episodes.modality import Modality
from rapport.practice.clients.queries import names
from rapport.practice.episodes.choices import CareFacts, EpisodeFacts, EpisodeState, ManagedCourse, StateMoment
from rapport.practice.episodes.models import CareRelationship, Episode, ModalityChosen, StateChange
from rapport.practice.episodes.rules import (
    NO_ACCOUNT,
    carers_in_order,
    clients_in_care,
    find_episode,
    hidden,
    visible_episodes,
)
from rapport.practice.foundation.once import once
from rapport.practice.foundation.prepared import prepared
from rapport.practice.security.accounts.models import Account
from rapport.practice.security.accounts.queries.accounts import name_of
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Role, Thing

STATE_REASON = "episodes.state.reason"


def episode(*, viewer: Actor, at: datetime, episode_id: UUID) -> EpisodeFacts:
    """One course of therapy."""
    found = _facts(viewer, at, _one(viewer, at, episode_id))
    if not found:
        raise hidden(viewer, "read", Thing("episode", id=episode_id), at)
    client_id = found[0].client_id
    require(viewer, "read", Thing("episode", id=episode_id, client=client_id), at=at)
    trail.reading(actor=viewer, kind="episode", at=at, client=client_id, object_id=episode_id)
    return found[0]


@once
def caseload(*, viewer: Actor, at: datetime, closed: bool = False) -> tuple[EpisodeFacts, ...]:
    """The open episodes of everybody in the viewer's care, by name; the closed ones when asked for."""
    require(viewer, "list", Thing("episode"), at=at)
    rows = _in_care(viewer, at, closed)
    return tuple(sorted(_facts(viewer, at, rows), key=lambda facts: (facts.client_name.casefold(), facts.opened_at)))


def courses_of(*, viewer: Actor, at: datetime, client_id: UUID) -> tuple[EpisodeFacts, ...]:
    """Every course of a client in the viewer's care, newest first; nothing for whoever does not care."""
    require(viewer, "list", Thing("client"), at=at)
    rows = _of_client(viewer, at, client_id)
    return tuple(sorted(_facts(viewer, at, rows), key=lambda facts: facts.opened_at, reverse=True))


def own_episode(*, viewer: Actor, at: datetime) -> EpisodeFacts | None:
    """A client's open course of therapy, or None."""
    require(viewer, "read", Thing("episode", client=viewer.client_id), at=at)
    rows = _own_open(viewer, at)
    return next(iter(sorted(_facts(viewer, at, rows), key=lambda facts: facts.opened_at, reverse=True)), None)


def history(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[StateMoment, ...]:
    """Every state the episode came to, oldest first."""
    row = find_episode(viewer, at, episode_id, "assessment", "read")
    trail.reading(actor=viewer, kind="episode", at=at, client=row.client_id, object_id=row.id)
    drawer = keys.client(row.client_id)
    return tuple(
        StateMoment(
            each.at, EpisodeState(each.state), each.by, keys.unseal(drawer, STATE_REASON, each.id, each.reason_sealed)
        )
        for each in row.states.order_by("number")
    )


def care_relationships(*, viewer: Actor, at: datetime, client_id: UUID) -> tuple[CareFacts, ...]:
    """Who cared for a client and who does, newest first."""
    require(viewer, "list", Thing("care_relationship", client=client_id), at=at)
    rows = CareRelationship.objects.filter(client_id=client_id).order_by("-started_at")
    return tuple(_care(row) for row in rows)


def therapists_of(*, viewer: Actor, at: datetime, client_ids: Iterable[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """The accounts of those who care now, by client, for a manager."""
    require(viewer, "list", Thing("care_relationship"), at=at)
    rows = carers_in_order(client_id__in=set(client_ids))
    found: dict[UUID, tuple[UUID, ...]] = {}
    for row in rows:
        found[row.client_id] = (*found.get(row.client_id, ()), row.account_id)
    return found


def managed_courses(*, viewer: Actor, at: datetime) -> tuple[ManagedCourse, ...]:
    """Every open course and who cares or cared in it, for a manager; those nobody cares for come first."""
    require(viewer, "list", Thing("care_relationship"), at=at)
    care = Prefetch("care", queryset=CareRelationship.objects.order_by("started_at"))
    rows = list(Episode.objects.filter(closed_at=None).prefetch_related(care))
    called = names(viewer=viewer, at=at, client_ids=[row.client_id for row in rows])
    trail.reading(actor=viewer, kind="care_relationship", at=at, client=None, purpose="access")
    found = [
        ManagedCourse(
            row.id, row.client_id, called[row.client_id], row.opened_at, tuple(_care(each) for each in row.care.all())
        )
        for row in rows
        if row.client_id in called
    ]
    return tuple(sorted(found, key=lambda course: (bool(course.carers), course.client_name.casefold())))


def therapists(*, viewer: Actor, at: datetime) -> tuple[tuple[UUID, str], ...]:
    """Everybody a new client can be given to, by name: who works here as a therapist now."""
    require(viewer, "create", Thing("referral"), at=at)
    working = Account.objects.filter(client_id=None, disabled_at=None)
    rows = working.filter(role_grants__role=Role.THERAPIST, role_grants__ended_at=None)
    return tuple(sorted(((row.id, name_of(row)) for row in rows), key=lambda person: person[1].casefold()))


def _care(row: CareRelationship) -> CareFacts:
    return CareFacts(row.id, row.account_id, row.client_id, row.episode_id, row.started_at, row.ended_at)


def _standing(rows: QuerySet[Episode]) -> QuerySet[Any]:
    """Each episode with where it stands: its state and since when, when therapy began, by which way and with whom."""
    states = StateChange.objects.filter(episode=OuterRef("pk"))
    last = states.order_by("-number")
    began = states.filter(state=EpisodeState.ACTIVE).order_by("number")
    cares = carers_in_order(episode=OuterRef("pk"))
    ways = ModalityChosen.objects.filter(episode=OuterRef("pk")).order_by("-at")
    return rows.annotate(
        state=Coalesce(Subquery(last.values("state")[:1]), Value(str(EpisodeState.REFERRED))),
        state_since=Coalesce(Subquery(last.values("at")[:1]), F("opened_at"), output_field=DateTimeField()),
        began=Subquery(began.values("at")[:1], output_field=DateTimeField()),
        modality=Subquery(ways.values("modality")[:1]),
        therapist=Subquery(cares.values("account_id")[:1], output_field=UUIDField()),
    )


@prepared
def _one(viewer: Actor, at: datetime, episode_id: UUID) -> QuerySet[Any]:
    return _standing(visible_episodes(viewer, at).filter(id=episode_id))


@prepared
def _in_care(viewer: Actor, at: datetime, closed: bool) -> QuerySet[Any]:
    return _standing(Episode.objects.filter(client__in=clients_in_care(viewer, at), closed_at__isnull=not closed))


@prepared
def _of_client(viewer: Actor, at: datetime, client_id: UUID) -> QuerySet[Any]:
    return _standing(Episode.objects.filter(client_id=client_id, client__in=clients_in_care(viewer, at)))


@prepared
def _own_open(viewer: Actor, at: datetime) -> QuerySet[Any]:
    return _standing(visible_episodes(viewer, at).filter(client_id=viewer.client_id or NO_ACCOUNT, closed_at=None))


def _facts(viewer: Actor, at: datetime, found: list[Any]) -> list[EpisodeFacts]:
    """Facts of episodes the caller already found to be the viewer's; their names in one statement."""
    called = names(viewer=viewer, at=at, client_ids=[row.client_id for row in found])
    return [
        EpisodeFacts(
            id=row.id,
            client_id=row.client_id,
            client_name=called.get(row.client_id, ""),
            therapist_id=row.therapist,
            state=EpisodeState(row.state),
            state_since=row.state_since,
            opened_at=row.opened_at,
            began=row.began,
            closed_at=row.closed_at,
            modality=Modality(row.modality) if row.modality else None,
        )
        for row in found
    ]
