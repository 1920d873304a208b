"""Preparing an hour."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from rapport.clinical.speaking.preparing import may_prepare
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.models import TherapySession
from rapport.practice.sessions.rules import TAKES_TIME, appointments_within
from rapport.practice.speaking.choices import Prepared
from rapport.practice.speaking.models import PREPARED_LABEL, Preparation
from rapport.practice.speaking.rules import PASSAGE, HourHasBegun, number, words


@action
def prepare_hour(*, actor: Actor, at: datetime, session_id: UUID, said: Prepared) -> None:
    """The client says what would make an hour useful; until it begins they may say it differently."""
    session = appointments_within(actor, at).filter(id=session_id, episode__client=actor.client_id).first()
    thing = Thing("preparation", id=session_id, client=session.episode.client_id if session else actor.client_id)
    require(actor, "write", thing, at=at)
    if session is None:
        raise not_found(actor, "write", thing, at=at)
    if session.state not in TAKES_TIME or not may_prepare(start=session.planned_start, began=session.started_at, at=at):
        raise HourHasBegun
    kept = Prepared(words("useful", said.useful, PASSAGE), number("week", said.week), words("ask", said.ask, PASSAGE))
    _save(session, at, kept)
    trail.record(
        actor=actor, action="prepare", object_type="session", object_id=session_id, at=at,
        client=session.episode.client_id,
    )  # fmt: skip


def _save(session: TherapySession, at: datetime, said: Prepared) -> None:
    client_id = session.episode.client_id
    known = Preparation.objects.filter(session=session).values_list("id", flat=True).first()
    row_id = known or uuid.uuid4()
    sealed = keys.seal_data(keys.client(client_id), PREPARED_LABEL, row_id, asdict(said))
    Preparation.objects.update_or_create(
        session=session,
        defaults={"said_sealed": sealed, "saved_at": at},
        create_defaults={
            "id": row_id, "client_id": client_id, "said_sealed": sealed, "begun_at": at, "saved_at": at,
        },
    )  # fmt: skip
