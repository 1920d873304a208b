"""How a client is at ease: now, and as it was."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.actor import Actor
from rapport.practice.speaking.choices import Comfort, ComfortFacts
from rapport.practice.speaking.models import COMFORT_LABEL, ComfortVersion
from rapport.practice.speaking.rules import find_client


def comfort(*, viewer: Actor, at: datetime, client_id: UUID) -> ComfortFacts:
    """The comfort set-up as it stands."""
    find_client(viewer, at, client_id, "comfort", "read")
    trail.reading(actor=viewer, kind="comfort", at=at, client=client_id)
    row = ComfortVersion.objects.filter(client=client_id, replaced_at=None).first()
    return _facts(row) if row else ComfortFacts(0, Comfort(), None, by_client=False)


def comfort_versions(*, viewer: Actor, at: datetime, client_id: UUID) -> tuple[ComfortFacts, ...]:
    """Every version, newest first."""
    find_client(viewer, at, client_id, "comfort", "read")
    trail.reading(actor=viewer, kind="comfort", at=at, client=client_id)
    rows = ComfortVersion.objects.filter(client=client_id).order_by("-number")
    return tuple(_facts(row) for row in rows)


def _facts(row: ComfortVersion) -> ComfortFacts:
    kept = keys.unseal_data(keys.client(row.client_id), COMFORT_LABEL, row.id, row.content_sealed)
    return ComfortFacts(row.number, Comfort(**kept), row.set_at, row.by_client)
