"""Writing down how a client is at ease."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from rapport.practice.clients.models import Client
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action
from rapport.practice.security.policy.actor import Actor
from rapport.practice.speaking.choices import Comfort
from rapport.practice.speaking.models import COMFORT_LABEL, ComfortVersion
from rapport.practice.speaking.rules import LINE, PASSAGE, find_client, words

LONG = {"needs", "not_ask"}


@action
def set_comfort(*, actor: Actor, at: datetime, client_id: UUID, comfort: Comfort) -> int:
    """A new version of the comfort set-up, by the client or with them; return its number. Unchanged it stays."""
    client = find_client(actor, at, client_id, "comfort", "edit")
    Client.objects.select_for_update(no_key=True).get(id=client.id)
    kept = _tidy(comfort)
    row_id, drawer = uuid.uuid4(), keys.client(client_id)
    last = ComfortVersion.objects.filter(client=client, replaced_at=None).first()
    if last and Comfort(**keys.unseal_data(drawer, COMFORT_LABEL, last.id, last.content_sealed)) == kept:
        return last.number
    number = last.number + 1 if last else 1
    ComfortVersion.objects.filter(client=client, replaced_at=None).update(replaced_at=at)
    ComfortVersion.objects.create(
        id=row_id,
        client=client,
        number=number,
        content_sealed=keys.seal_data(drawer, COMFORT_LABEL, row_id, asdict(kept)),
        set_at=at,
        set_by=actor.account,
        by_client=actor.client_id == client_id,
    )
    trail.record(actor=actor, action="set", object_type="comfort", object_id=row_id, client=client_id, at=at)
    return number


def _tidy(comfort: Comfort) -> Comfort:
    given: dict[str, Any] = asdict(comfort)
    texts = {name: text for name, text in given.items() if isinstance(text, str)}
    return Comfort(
        **given | {name: words(name, text, PASSAGE if name in LONG else LINE) for name, text in texts.items()}
    )
