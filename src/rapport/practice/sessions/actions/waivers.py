"""Not asking for a charge. Always a person's decision, with a reason; never automatic."""

from __future__ import annotations

import uuid
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.models import ChargeWaiver, TherapySession
from rapport.practice.sessions.models.waivers import WAIVER_LABEL
from rapport.practice.sessions.rules import ReasonMissing, StateMoved, line, sessions_in_care


@action
def waive_charge(*, actor: Actor, at: datetime, session_id: UUID, reason: str) -> None:
    """Decide that the charge of an hour is not asked for."""
    _decide(actor, at, session_id, reason, waived=True)


@action
def ask_charge_again(*, actor: Actor, at: datetime, session_id: UUID, reason: str) -> None:
    """Take a waiver back. What was decided before stays readable."""
    _decide(actor, at, session_id, reason, waived=False)


def _decide(actor: Actor, at: datetime, session_id: UUID, reason: str, *, waived: bool) -> None:
    session = sessions_in_care(actor, at).select_for_update(of=("self",), no_key=True).filter(id=session_id).first()
    if session is None:
        raise not_found(actor, "waive", Thing("charge", id=session_id), at=at)
    client_id = session.episode.client_id
    require(actor, "waive", Thing("charge", id=session_id, client=client_id), at=at)
    if not session.attendance:
        raise StateMoved("Nothing became of this hour yet.")
    if not (why := line(reason, may_be_empty=True)):
        raise ReasonMissing("A waiver says why.")
    if _is_waived(session) is waived:
        return
    last = ChargeWaiver.objects.filter(session=session).aggregate(last=Max("number"))["last"] or 0
    row_id = uuid.uuid4()
    ChargeWaiver.objects.create(
        id=row_id,
        session=session,
        number=last + 1,
        waived=waived,
        reason_sealed=keys.seal(keys.client(client_id), WAIVER_LABEL, row_id, why),
        decided_at=at,
        decided_by=actor.account,
    )
    trail.record(
        actor=actor, action="waive", object_type="charge", object_id=session_id, client=client_id, at=at,
        reason="waived" if waived else "asked again",
    )  # fmt: skip


def _is_waived(session: TherapySession) -> bool:
    last = ChargeWaiver.objects.filter(session=session).order_by("-number").values_list("waived", flat=True).first()
    return bool(last)
