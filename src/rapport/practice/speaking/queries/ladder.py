"""Which rungs were chosen, and when. A history to remember by; nothing is counted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.actor import Actor
from rapport.practice.speaking.choices import RungFacts
from rapport.practice.speaking.models import RUNG_LABEL, RungChoice
from rapport.practice.speaking.rules import find_client, rung_of

SHOWN = 40


def rungs(*, viewer: Actor, at: datetime, client_id: UUID) -> tuple[RungFacts, ...]:
    """The last rungs, newest first."""
    find_client(viewer, at, client_id, "rung", "read")
    trail.reading(actor=viewer, kind="rung", at=at, client=client_id)
    drawer = keys.client(client_id)
    rows = RungChoice.objects.filter(client=client_id).order_by("-said_at")[:SHOWN]
    return tuple(
        rung_of(keys.unseal_data(drawer, RUNG_LABEL, row.id, row.choice_sealed), row.said_from, row.said_at)
        for row in rows
    )
