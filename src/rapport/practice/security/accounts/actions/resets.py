"""A forgotten password: a link by post that sets a new one and nothing more."""

from __future__ import annotations

from datetime import datetime

from rapport.practice.security.accounts.actions.accounts import put_password
from rapport.practice.security.accounts.actions.links import claim_link, make_link
from rapport.practice.security.accounts.actions.throttle import take
from rapport.practice.security.accounts.choices import LinkKind
from rapport.practice.security.accounts.hashers import hashed
from rapport.practice.security.accounts.models import Account, SingleUseLink
from rapport.practice.security.accounts.queries import LinkDead, detail_of, find_link, person, words_about
from rapport.practice.security.accounts.rules import limits
from rapport.practice.security.accounts.rules.messages import messenger
from rapport.practice.security.accounts.rules.passwords import require_strong
from rapport.practice.security.accounts.rules.steps import steps
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action
from rapport.practice.security.policy.actor import Actor

PAGE = "entrance:reset"


class _Unknown(Exception):
    """Nobody signs in with this address: everything the request did is taken back."""


@steps
def ask_for_reset(*, actor: Actor, at: datetime, email: str, ip: str) -> None:
    """Send a link if somebody signs in with this address. Whether somebody does cannot be seen from outside."""
    login = keys.keyed_hash("login", email)
    take(actor=actor, at=at, limit=limits.RESET_ADDRESS, key=ip)
    take(actor=actor, at=at, limit=limits.RESET_ACCOUNT, key=login.hex())
    try:
        _asked(actor=actor, at=at, login=login)
    except _Unknown:
        return


@action
def _asked(*, actor: Actor, at: datetime, login: bytes) -> None:
    account = Account.objects.filter(login_hash=login, disabled_at=None).first()
    if account is not None:
        SingleUseLink.objects.filter(
            kind=LinkKind.PASSWORD_RESET, account_id=account.id, used_at=None, revoked_at=None
        ).update(revoked_at=at)
    link = make_link(
        actor=actor,
        at=at,
        kind=LinkKind.PASSWORD_RESET,
        account_id=account.id if account else None,
        detail=login.hex(),
    )
    trail.record(
        actor=actor,
        action="ask_reset",
        object_type="account",
        object_id=account.id if account else None,
        at=at,
        purpose="access",
    )
    if account is None:
        raise _Unknown
    messenger()(
        actor=actor,
        at=at,
        kind="password_reset",
        client_id=account.client_id,
        account_id=account.id,
        params={"link": link.address(PAGE)},
        dedupe=f"password_reset:{link.id}",
    )


@steps
def reset_password(*, actor: Actor, at: datetime, token: str, password: str, practice_name: str = "") -> None:
    """Set a new password with a link. Nobody is signed in by it, and the second factor is still asked for."""
    row = find_link(LinkKind.PASSWORD_RESET, token, at)
    account = row.account
    if account is None or account.disabled_at or bytes(account.login_hash).hex() != detail_of(row):
        raise LinkDead("This link does not work any more.")  # the address was changed meanwhile
    require_strong(password, about=words_about(account, practice_name))
    _reset(actor=actor, at=at, token=token, account=account, kept=hashed(password))


@action
def _reset(*, actor: Actor, at: datetime, token: str, account: Account, kept: str) -> None:
    claim_link(actor=actor, at=at, kind=LinkKind.PASSWORD_RESET, token=token)
    put_password(actor=person(account), at=at, account_id=account.id, kept=kept)
