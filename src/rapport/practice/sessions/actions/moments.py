"""How the client says they are, in one tap."""

from __future__ import annotations

import uuid
from datetime import datetime
from uuid import UUID

from rapport.clinical.sessions.hour_effect import hour_effect
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.choices import SaidBy, Side
from rapport.practice.sessions.models import SessionMoment
from rapport.practice.sessions.models.hours import MOMENT_LABEL
from rapport.practice.sessions.rules import NotNow, appointments_within, may_say, sessions_in_care


@action
def say_how_it_is(*, actor: Actor, at: datetime, session_id: UUID, side: Side, value: int) -> None:
    """Keep what the client says, 0 to 10. Said again it is added, and the last word counts."""
    rows = (appointments_within if actor.client_id else sessions_in_care)(actor, at)
    session = rows.filter(id=session_id).first()
    if session is None:
        raise not_found(actor, "record", Thing("session_moment", id=session_id), at=at)
    client_id = session.episode.client_id
    require(actor, "record", Thing("session_moment", id=session_id, client=client_id), at=at)
    hour_effect(value if side is Side.BEFORE else None, value if side is Side.AFTER else None)
    if not may_say(side, session, at):
        raise NotNow("This is asked around the hour.")
    moment_id = uuid.uuid4()
    SessionMoment.objects.create(
        id=moment_id,
        session=session,
        side=side,
        value_sealed=keys.seal_data(keys.client(client_id), MOMENT_LABEL, moment_id, value),
        said_by=SaidBy.PORTAL if actor.client_id else SaidBy.IN_THE_ROOM,
        recorded_at=at,
        recorded_by=actor.account,
    )
    trail.record(
        actor=actor, action=f"say_{side}", object_type="session_moment", object_id=session_id, client=client_id, at=at
    )
