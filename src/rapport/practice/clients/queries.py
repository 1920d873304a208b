"""Reading clients."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from rapport.practice.clients.models import Client
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.actor import Actor

NAME_LABEL = "clients.client.name"


def names(*, viewer: Actor, at: datetime, client_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of clients the caller already found to be the viewer's to see."""
    rows = Client.objects.filter(id__in=set(client_ids), erased_at=None)
    return {row.id: keys.unseal(keys.client(row.id), NAME_LABEL, row.id, row.name_sealed) for row in rows}
