"""How a session came to where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.choices import StepKind
from rapport.practice.sessions.models import SessionStep
from rapport.practice.sessions.models.hours import REASON_LABEL
from rapport.practice.sessions.rules import sessions_in_care


@dataclass(frozen=True, slots=True)
class StepFacts:
    """One step, with the reason given for it and whether a later one corrects it."""

    id: UUID
    kind: StepKind
    code: str
    starts_at: datetime | None
    ends_at: datetime | None
    told_at: datetime | None
    recorded_at: datetime
    recorded_by: UUID
    reason: str
    is_corrected: bool


def steps(*, viewer: Actor, at: datetime, session_id: UUID) -> tuple[StepFacts, ...]:
    """Every step of a session in order, originals of corrections included."""
    session = sessions_in_care(viewer, at).filter(id=session_id).first()
    if session is None:
        raise not_found(viewer, "read", Thing("appointment_comment", id=session_id), at=at)
    client_id = session.episode.client_id
    require(viewer, "read", Thing("appointment_comment", client=client_id), at=at)
    trail.reading(actor=viewer, kind="appointment_comment", client=client_id, object_id=session_id, at=at)
    rows = list(SessionStep.objects.filter(session=session).order_by("seq"))
    corrected = {row.corrects_id for row in rows}
    drawer = keys.client(client_id)
    return tuple(
        StepFacts(
            row.id,
            StepKind(row.kind),
            row.code,
            row.starts_at,
            row.ends_at,
            row.told_at,
            row.recorded_at,
            row.recorded_by,
            keys.unseal(drawer, REASON_LABEL, row.id, row.reason_sealed) if row.reason_sealed else "",
            row.id in corrected,
        )
        for row in rows
    )
