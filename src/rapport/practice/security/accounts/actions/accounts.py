"""Accounts: opened, given another password, disabled."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db.models import Q

from rapport.practice.security.accounts.actions.sign_ins import end_all
from rapport.practice.security.accounts.hashers import hashed
from rapport.practice.security.accounts.models import Account, RoleGrant, SingleUseLink
from rapport.practice.security.accounts.queries import EMAIL_LABEL, NAME_LABEL, roles_of, words_about
from rapport.practice.security.accounts.rules.languages import check_language
from rapport.practice.security.accounts.rules.leaving import require_another_manager, require_free_to_leave
from rapport.practice.security.accounts.rules.passwords import require_strong
from rapport.practice.security.accounts.rules.steps import steps
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, not_found, require, require_step_up
from rapport.practice.security.policy.actor import Actor, Role, Thing


class AddressTaken(Exception):
    """Another account signs in with this address."""


@action
def open_account(
    *,
    actor: Actor,
    at: datetime,
    email: str,
    name: str,
    roles: frozenset[Role],
    password: str | None = None,
    client_id: UUID | None = None,
) -> UUID:
    """Make an account. Without a password nobody can sign in with one until they set it themselves."""
    resource = "invitation" if client_id else "account"
    require(actor, "create", Thing(resource, client=client_id), at=at)
    return new_account(
        actor=actor, at=at, email=email, name=name, roles=roles, password=make_password(password), client_id=client_id
    )


@action
def new_account(
    *,
    actor: Actor,
    at: datetime,
    email: str,
    name: str,
    roles: frozenset[Role],
    password: str,
    client_id: UUID | None,
    granted_by: UUID | None = None,
    language: str = "",
) -> UUID:
    """Write an account; `password` is already hashed. Whoever calls has asked whether they may."""
    login = keys.keyed_hash("login", email)
    if Account.objects.filter(login_hash=login).exists():
        raise AddressTaken("Another account already signs in with this e-mail address. Use another address.")
    account_id = uuid.uuid4()
    if client_id is None:
        keys.create_compartment("author", account_id)
    drawer = keys.client(client_id) if client_id else keys.practice()
    account = Account.objects.create(
        id=account_id,
        login_hash=login,
        email_sealed=keys.seal(drawer, EMAIL_LABEL, account_id, email.strip()),
        name_sealed=keys.seal(drawer, NAME_LABEL, account_id, name.strip()),
        password=password,
        client_id=client_id,
        language=language,
        created_at=at,
    )
    for role in sorted(roles):
        RoleGrant.objects.create(account=account, role=role, granted_by=granted_by or actor.id, granted_at=at)
    trail.record(
        actor=actor,
        action="create",
        object_type="account",
        object_id=account_id,
        client=client_id,
        at=at,
        purpose="access",
    )
    return account_id


@action
def choose_language(*, actor: Actor, at: datetime, language: str) -> None:
    """In which language a client's own pages and mails speak; empty for whatever the browser asks for."""
    require(actor, "edit", Thing("own_language"), at=at)
    Account.objects.filter(id=actor.account).update(language=check_language(language))
    trail.record(
        actor=actor, action="choose_language", object_type="account", object_id=actor.account,
        client=actor.client_id, at=at, purpose="access",
    )  # fmt: skip


@steps
def change_password(*, actor: Actor, at: datetime, password: str, practice_name: str = "") -> None:
    """Set one's own new password. Every other sign-in ends; the person must have proven who they are just now."""
    require(actor, "edit", Thing("own_account"), at=at)
    require_step_up(actor, "edit", Thing("own_account"), at=at)
    account = Account.objects.get(id=actor.account)
    require_strong(password, about=words_about(account, practice_name))
    put_password(actor=actor, at=at, account_id=account.id, kept=hashed(password), but=actor.session)


@action
def put_password(*, actor: Actor, at: datetime, account_id: UUID, kept: str, but: str = "") -> None:
    """Write a hashed password and end the sign-ins made with the old one."""
    Account.objects.filter(id=account_id).update(password=kept)
    end_all(actor=actor, at=at, account_id=account_id, but=but)
    trail.record(
        actor=actor, action="change_password", object_type="account", object_id=account_id, at=at, purpose="access"
    )


@action
def disable_account(*, actor: Actor, at: datetime, account_id: UUID) -> None:
    """Somebody leaves: nothing of theirs opens from the next request on. Their work stays."""
    thing = Thing("account", id=account_id)
    require(actor, "edit", thing, at=at)
    require_step_up(actor, "edit", thing, at=at)
    account = Account.objects.filter(id=account_id, client_id=None, disabled_at=None).first()
    if account is None:
        raise not_found(actor, "edit", thing, at=at)
    if Role.MANAGER in roles_of(account):
        require_another_manager(account_id)
    require_free_to_leave(account_id, at)
    Account.objects.filter(id=account_id).update(disabled_at=at)
    end_all(actor=actor, at=at, account_id=account_id)
    SingleUseLink.objects.filter(Q(account_id=account_id) | Q(made_by=account_id, client_id=None)).filter(
        used_at=None, revoked_at=None
    ).update(revoked_at=at)
    trail.record(actor=actor, action="disable", object_type="account", object_id=account_id, at=at, purpose="access")


@action
def enable_account(*, actor: Actor, at: datetime, account_id: UUID) -> None:
    """Somebody comes back, with the same password and second factor."""
    thing = Thing("account", id=account_id)
    require(actor, "edit", thing, at=at)
    require_step_up(actor, "edit", thing, at=at)
    if not Account.objects.filter(id=account_id, client_id=None).exclude(disabled_at=None).update(disabled_at=None):
        raise not_found(actor, "edit", thing, at=at)
    trail.record(actor=actor, action="enable", object_type="account", object_id=account_id, at=at, purpose="access")


@action
def close_client_account(*, actor: Actor, at: datetime, client_id: UUID) -> None:
    """A client is erased: nobody signs in with their account again, and their address is free for another."""
    require(actor, "erase", Thing("client", id=client_id, client=client_id), at=at)
    account = Account.objects.filter(client_id=client_id).first()
    if account is None:
        return
    account.disabled_at, account.password = at, make_password(None)
    account.login_hash = secrets.token_bytes(32)
    account.save(update_fields=["disabled_at", "password", "login_hash"])
    end_all(actor=actor, at=at, account_id=account.id)
    trail.record(
        actor=actor,
        action="close",
        object_type="account",
        object_id=account.id,
        client=client_id,
        at=at,
        purpose="access",
    )
