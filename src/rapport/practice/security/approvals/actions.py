"""Asking for, approving and cancelling an act that one person may not do alone."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any
from uuid import UUID

from rapport.practice.security.accounts.models import RoleGrant
from rapport.practice.security.approvals.models import PendingAct
from rapport.practice.security.approvals.queries import FACTS_LABEL
from rapport.practice.security.approvals.rules import ready_at
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, not_found, require, require_step_up
from rapport.practice.security.policy.actor import Actor, Role, Thing


class AlreadyWaiting(Exception):
    """The same act on the same subject was asked for already."""


class NeedsAnother(Exception):
    """Whoever asked for an act cannot be the one who approves it."""


@action
def request_act(*, actor: Actor, at: datetime, act: str, subject: UUID, facts: dict[str, Any]) -> UUID:
    """Ask for an act. In a practice of one manager it happens after 72 hours unless cancelled."""
    require(actor, "create", Thing("approval"), at=at)
    require_step_up(actor, "create", Thing("approval"), at=at)
    if PendingAct.objects.filter(act=act, subject=subject, done_at=None, cancelled_at=None).exists():
        raise AlreadyWaiting("This was asked for already and waits. Cancel it first to ask again.")
    managers = RoleGrant.objects.filter(role=Role.MANAGER, ended_at=None, account__disabled_at=None).count()
    act_id = uuid.uuid4()
    PendingAct.objects.create(
        id=act_id,
        act=act,
        subject=subject,
        facts_sealed=keys.seal_data(keys.practice(), FACTS_LABEL, act_id, facts),
        requested_by=actor.account,
        requested_at=at,
        ready_at=ready_at(managers=managers, requested_at=at),
    )
    trail.record(
        actor=actor, action=f"request_{act}", object_type="approval", object_id=act_id, at=at, purpose="access"
    )
    return act_id


@action
def approve_act(*, actor: Actor, at: datetime, act_id: UUID) -> None:
    """Approve what another manager asked for; it then happens within a minute."""
    require(actor, "decide", Thing("approval", id=act_id), at=at)
    require_step_up(actor, "decide", Thing("approval", id=act_id), at=at)
    row = _waiting(actor, at, act_id)
    if row.requested_by == actor.id:
        raise NeedsAnother("You asked for this yourself. Another manager has to approve it.")
    row.approved_by, row.approved_at, row.ready_at = actor.id, at, at
    row.save(update_fields=["approved_by", "approved_at", "ready_at"])
    trail.record(
        actor=actor, action=f"approve_{row.act}", object_type="approval", object_id=row.id, at=at, purpose="access"
    )


@action
def cancel_act(*, actor: Actor, at: datetime, act_id: UUID) -> None:
    """Call an act off before it is done."""
    require(actor, "decide", Thing("approval", id=act_id), at=at)
    row = _waiting(actor, at, act_id)
    row.cancelled_by, row.cancelled_at = actor.id, at
    row.save(update_fields=["cancelled_by", "cancelled_at"])
    trail.record(
        actor=actor, action=f"cancel_{row.act}", object_type="approval", object_id=row.id, at=at, purpose="access"
    )


def _waiting(actor: Actor, at: datetime, act_id: UUID) -> PendingAct:
    row = PendingAct.objects.select_for_update(no_key=True).filter(id=act_id, done_at=None, cancelled_at=None).first()
    if row is None:
        raise not_found(actor, "decide", Thing("approval", id=act_id), at=at)
    return row
