"""Passkey ceremonies: a question with a fresh challenge, and the proof in its answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from rapport.practice.security.accounts.actions.links import claim_link, make_link
from rapport.practice.security.accounts.actions.throttle import take
from rapport.practice.security.accounts.choices import LinkKind
from rapport.practice.security.accounts.models import Account, Passkey, SingleUseLink
from rapport.practice.security.accounts.queries import LinkDead, detail_of, email_of, name_of
from rapport.practice.security.accounts.rules import limits
from rapport.practice.security.accounts.rules.passkeys import (
    PasskeyRefused,
    Question,
    ask_for_new,
    ask_to_prove,
    credential_id_in,
    proven_count,
)
from rapport.practice.security.accounts.rules.steps import steps
from rapport.practice.security.policy.access import action
from rapport.practice.security.policy.actor import Actor

SWEPT_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What the browser gets: the question, and a ticket to hand in with the answer."""

    ticket: str
    options: dict[str, Any]


@steps
def begin_passkey(*, actor: Actor, at: datetime, account_id: UUID | None, ip: str) -> Ceremony:
    """Ask for a passkey: any (to sign in), or one of this account's."""
    take(actor=actor, at=at, limit=limits.CEREMONIES, key=ip)
    known = None
    if account_id is not None:
        rows = Passkey.objects.filter(account_id=account_id, removed_at=None)
        known = [bytes(row.credential) for row in rows]
    return _begun(actor=actor, at=at, account_id=account_id, question=ask_to_prove(known))


@steps
def begin_new_passkey(*, actor: Actor, at: datetime, ip: str) -> Ceremony:
    """Ask the person's device to make a passkey."""
    take(actor=actor, at=at, limit=limits.CEREMONIES, key=ip)
    account = Account.objects.get(id=actor.account)
    known = [bytes(row.credential) for row in account.passkeys.filter(removed_at=None)]
    question = ask_for_new(user_id=account.id.bytes, login=email_of(account), name=name_of(account), known=known)
    return _begun(actor=actor, at=at, account_id=account.id, question=question)


@action
def _begun(*, actor: Actor, at: datetime, account_id: UUID | None, question: Question) -> Ceremony:
    SingleUseLink.objects.filter(kind=LinkKind.CEREMONY, expires_at__lt=at - SWEPT_AFTER).delete()
    link = make_link(actor=actor, at=at, kind=LinkKind.CEREMONY, account_id=account_id, detail=question.state)
    return Ceremony(link.token, question.options)


@action
def proven_passkey(*, actor: Actor, at: datetime, ticket: str, answer: str) -> Account:
    """The account whose passkey signed this ceremony's challenge."""
    try:
        link = claim_link(actor=actor, at=at, kind=LinkKind.CEREMONY, token=ticket)
    except LinkDead:
        raise PasskeyRefused("This took too long. Try again.") from None
    row = (
        Passkey.objects.select_related("account")
        .filter(credential_id=credential_id_in(answer), removed_at=None, account__disabled_at=None)
        .first()
    )
    if row is None or link.account_id not in {None, row.account_id}:
        raise PasskeyRefused("This passkey is not known here.")
    count = proven_count(detail_of(link), answer, bytes(row.credential))
    if row.sign_count and count <= row.sign_count:
        raise PasskeyRefused("This passkey was copied. Use another way to sign in, and remove it.")
    Passkey.objects.filter(id=row.id).update(sign_count=count, used_at=at)
    return row.account
