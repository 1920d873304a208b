"""Finding who is signed in."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from rapport.practice.security.accounts.models import Account, SignInSession
from rapport.practice.security.accounts.rules import is_alive
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.actor import Actor, Role

NAME_LABEL = "accounts.account.name"
EMAIL_LABEL = "accounts.account.email"


def token_hash(token: str) -> bytes:
    """What is kept of a sign-in token."""
    return hashlib.sha256(token.encode()).digest()


def live_session(*, token: str, at: datetime) -> SignInSession | None:
    """The sign-in session of a token, if it still counts."""
    session = (
        SignInSession.objects.select_related("account")
        .filter(token_hash=token_hash(token), ended_at=None, account__disabled_at=None)
        .first()
    )
    if session is None:
        return None
    alive = is_alive(
        roles=roles_of(session.account),
        started_at=session.started_at,
        active_at=session.active_at,
        held_open_until=session.held_open_until,
        at=at,
    )
    return session if alive else None


def roles_of(account: Account) -> frozenset[Role]:
    """The roles an account has now."""
    granted = account.role_grants.filter(ended_at=None).values_list("role", flat=True)
    return frozenset(Role(role) for role in granted)


def compartment_of(account: Account) -> keys.Compartment:
    """Where an account's name and address are sealed: the client's own drawer, or the practice's."""
    return keys.client(account.client_id) if account.client_id else keys.practice()


def name_of(account: Account) -> str:
    return keys.unseal(compartment_of(account), NAME_LABEL, account.id, account.name_sealed)


def email_of(account: Account) -> str:
    return keys.unseal(compartment_of(account), EMAIL_LABEL, account.id, account.email_sealed)


def actor_of(session: SignInSession) -> Actor:
    """The person behind a sign-in session."""
    account = session.account
    return Actor(
        id=account.id,
        roles=roles_of(account),
        client_id=account.client_id,
        name=name_of(account),
        session=bytes(session.token_hash)[:8].hex(),
        stepped_up_at=session.stepped_up_at,
    )


def staff_names() -> dict[UUID, str]:
    """The names of everybody who works here, by account id."""
    staff = Account.objects.filter(client_id=None)
    return {account.id: name_of(account) for account in staff}
