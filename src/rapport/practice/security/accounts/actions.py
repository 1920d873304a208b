"""Opening accounts and sign-in sessions."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password

from rapport.practice.security.accounts.models import Account, RoleGrant, SignInSession
from rapport.practice.security.accounts.queries import EMAIL_LABEL, NAME_LABEL, token_hash
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, require
from rapport.practice.security.policy.actor import Actor, Role, Thing

TOUCH_EVERY = timedelta(seconds=30)


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
        password=make_password(password),
        client_id=client_id,
        created_at=at,
    )
    for role in sorted(roles):
        RoleGrant.objects.create(account=account, role=role, granted_by=actor.id, granted_at=at)
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
def open_sign_in(*, actor: Actor, at: datetime, account_id: UUID, second_factor: str) -> str:
    """Begin a sign-in session for somebody who proved who they are; return the cookie's token."""
    token = secrets.token_urlsafe(32)
    session = SignInSession.objects.create(
        account_id=account_id,
        token_hash=token_hash(token),
        started_at=at,
        active_at=at,
        stepped_up_at=at,
        second_factor=second_factor,
    )
    trail.record(
        actor=actor, action="sign_in", object_type="account", object_id=session.account_id, at=at, purpose="access",
        reason=second_factor,
    )  # fmt: skip
    return token


@action
def end_sign_in(*, actor: Actor, at: datetime, token: str) -> None:
    """Sign out: the token is dead at once."""
    ended = SignInSession.objects.filter(token_hash=token_hash(token), ended_at=None).update(ended_at=at)
    if ended:
        trail.record(actor=actor, action="sign_out", object_type="account", object_id=actor.id, at=at, purpose="access")


def touch(session: SignInSession, at: datetime) -> None:
    """Note that somebody is there; at most twice a minute, so that a page costs no write."""
    if at - session.active_at >= TOUCH_EVERY:
        SignInSession.objects.filter(id=session.id).update(active_at=at)
