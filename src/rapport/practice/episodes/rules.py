"""The relationship that opens a client's record."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from rapport.practice.episodes.models import CareRelationship
from rapport.practice.security.policy.actor import Actor

NO_ACCOUNT = UUID(int=0)


def care_of(actor: Actor, at: datetime) -> QuerySet[CareRelationship]:
    """The care relationships this person has now. Queries filter with it: `client__in=care_of(…).values("client")`."""
    return CareRelationship.objects.filter(account_id=actor.id or NO_ACCOUNT, started_at__lte=at, ended_at=None)


def cares_for(actor: Actor, client_id: UUID, at: datetime) -> bool:
    """Whether this person is a therapist of this client now."""
    return care_of(actor, at).filter(client_id=client_id).exists()
