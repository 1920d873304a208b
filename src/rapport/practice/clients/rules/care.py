"""Whose clients somebody sees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from rapport.practice.clients.models import Client
from rapport.practice.security.policy.actor import Actor, Role

# Care is kept further up (episodes), which hands down the ids of the clients somebody cares for, as a subquery.
CareScope = Callable[[Actor, datetime], QuerySet[Any, Any]]
_care: list[CareScope] = []


def register_care(scope: CareScope) -> None:
    """Hand down which clients are in somebody's care; the duty that keeps care calls this when the practice starts."""
    _care[:] = [scope]


def in_care_of(viewer: Actor, at: datetime) -> QuerySet[Client]:
    """The clients a therapist cares for now."""
    if Role.THERAPIST not in viewer.roles or not _care:
        return Client.objects.none()
    return Client.objects.filter(pk__in=_care[0](viewer, at), erased_at=None)


def visible_to(viewer: Actor, at: datetime) -> QuerySet[Client]:
    """The clients whose name and contact this person may see: by role and relationship, in one statement."""
    mine = Q(pk__in=[])
    if Role.MANAGER in viewer.roles:
        mine |= Q(pk__isnull=False)
    if Role.CLIENT in viewer.roles and viewer.client_id:
        mine |= Q(pk=viewer.client_id)
    if Role.THERAPIST in viewer.roles and _care:
        mine |= Q(pk__in=_care[0](viewer, at))
    return Client.objects.filter(mine, erased_at=None)
