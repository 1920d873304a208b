"""Roles: given and ended, by somebody else."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from rapport.practice.security.accounts.actions.sign_ins import end_all
from rapport.practice.security.accounts.models import Account, RoleGrant
from rapport.practice.security.accounts.queries import roles_of
from rapport.practice.security.accounts.rules.leaving import require_another_manager, require_free_to_leave
from rapport.practice.security.accounts.rules.sign_ins import STAFF
from rapport.practice.security.audit import trail
from rapport.practice.security.policy.access import action, not_found, require, require_step_up
from rapport.practice.security.policy.actor import Actor, Role, Thing


class OwnRole(Exception):
    """Nobody gives a role to themselves."""


class NotAStaffRole(Exception):
    """Only the roles of people who work here can be given."""


class OnlyRole(Exception):
    """A person who works here has at least one role."""


@action
def grant_role(*, actor: Actor, at: datetime, account_id: UUID, role: Role) -> None:
    """Give somebody one more role. Their sign-ins end, so that the next one begins with it."""
    _require_change(actor, at, account_id, role)
    account = _staff(actor, at, account_id)
    if role in roles_of(account):
        return
    RoleGrant.objects.create(account=account, role=role, granted_by=actor.id, granted_at=at)
    _changed(actor, at, account_id, f"grant {role}")


@action
def end_role(*, actor: Actor, at: datetime, account_id: UUID, role: Role) -> None:
    """Take a role away, from the next request on."""
    _require_change(actor, at, account_id, role)
    account = _staff(actor, at, account_id)
    roles = roles_of(account)
    if role not in roles:
        return
    if len(roles) == 1:
        raise OnlyRole("This is their only role. Disable the account instead.")
    if role == Role.MANAGER:
        require_another_manager(account_id)
    else:
        require_free_to_leave(account_id, at)
    account.role_grants.filter(role=role, ended_at=None).update(ended_at=at, ended_by=actor.id)
    _changed(actor, at, account_id, f"end {role}")


@action
def grant_agreed_role(*, actor: Actor, at: datetime, subject: UUID, requested_by: UUID, facts: dict[str, Any]) -> None:
    """Give a role that somebody asked for themselves, once another manager agreed or the delay has passed."""
    require(actor, "run", Thing("system_task"), at=at)
    role = Role(facts["role"])
    account = _staff(actor, at, subject)
    if role not in STAFF or role in roles_of(account):
        return
    RoleGrant.objects.create(account=account, role=role, granted_by=requested_by, granted_at=at)
    _changed(actor, at, subject, f"grant {role}, asked for by {requested_by}")


def _require_change(actor: Actor, at: datetime, account_id: UUID, role: Role) -> None:
    thing = Thing("account", id=account_id)
    require(actor, "grant", thing, at=at)
    require_step_up(actor, "grant", thing, at=at)
    if role not in STAFF:
        raise NotAStaffRole("Only the roles of people who work here can be given.")
    if account_id == actor.id:
        raise OwnRole("Nobody changes their own roles. Ask another manager to do it.")


def _staff(actor: Actor, at: datetime, account_id: UUID) -> Account:
    account = (
        Account.objects.select_for_update(no_key=True).filter(id=account_id, client_id=None, disabled_at=None).first()
    )
    if account is None:
        raise not_found(actor, "grant", Thing("account", id=account_id), at=at)
    return account


def _changed(actor: Actor, at: datetime, account_id: UUID, what: str) -> None:
    end_all(actor=actor, at=at, account_id=account_id)
    trail.record(
        actor=actor, action="grant", object_type="account", object_id=account_id, at=at, purpose="access", reason=what
    )
