"""Choosing today's rung."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from uuid import UUID

from rapport.clinical.speaking.feelings import cards as known_cards
from rapport.clinical.speaking.ladder import Rung, kept_of
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action
from rapport.practice.security.policy.actor import Actor
from rapport.practice.speaking.choices import SaidFrom
from rapport.practice.speaking.models import RUNG_LABEL, RungChoice
from rapport.practice.speaking.rules import PASSAGE, find_client, number, words

A_MOMENT = timedelta(minutes=1)


@action
def choose_rung(
    *,
    actor: Actor,
    at: datetime,
    client_id: UUID,
    rung: Rung,
    shown: int | None = None,
    cards: tuple[str, ...] = (),
    sentence: str = "",
) -> None:
    """The client chooses how to speak today: on their own device, or on the therapist's handed over."""
    client = find_client(actor, at, client_id, "rung", "choose")
    brought = kept_of(
        rung,
        number=number("number", shown),
        cards=tuple(card for card in dict.fromkeys(cards) if card in known_cards()),
        words=words("sentence", sentence, PASSAGE),
    )
    row_id, drawer, kept = uuid.uuid4(), keys.client(client_id), {"rung": rung, **brought}
    last = RungChoice.objects.filter(client=client, said_at__gt=at - A_MOMENT).order_by("-said_at").first()
    if last and keys.unseal_data(drawer, RUNG_LABEL, last.id, last.choice_sealed) == kept:
        return  # the same choice a moment ago, from a second tap
    RungChoice.objects.create(
        id=row_id,
        client=client,
        choice_sealed=keys.seal_data(drawer, RUNG_LABEL, row_id, kept),
        said_from=SaidFrom.PORTAL if actor.client_id == client_id else SaidFrom.IN_THE_ROOM,
        said_at=at,
        said_by=actor.account,
    )
    trail.record(actor=actor, action="choose", object_type="rung", object_id=row_id, client=client_id, at=at)
