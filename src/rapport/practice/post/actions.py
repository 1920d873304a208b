"""Putting messages into the outbox, and noting what became of them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.translation import override

from rapport.practice.organisation.queries import practice
from rapport.practice.post.choices import Channel, Held, Permission, State, Words
from rapport.practice.post.models import OutboxMessage
from rapport.practice.post.rules import (
    FIRST_WAIT,
    GIVES_UP,
    LEASE,
    PARAMS_LABEL,
    URGENT,
    check_params,
    drawer_of,
    permission,
    still_holds,
    wait_after,
    words_of,
)
from rapport.practice.security.accounts.models import Account
from rapport.practice.security.accounts.queries import email_of, language_to
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, require
from rapport.practice.security.policy.actor import Actor, Thing


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message ready to leave."""

    id: UUID
    channel: Channel
    sender: str
    address: str
    words: Words
    is_urgent: bool


@action
def queue(
    *,
    actor: Actor,
    at: datetime,
    kind: str,
    client_id: UUID | None,
    account_id: UUID | None,
    params: dict[str, str],
    dedupe: str,
    not_before: datetime | None = None,
    about_id: UUID | None = None,
    about_at: datetime | None = None,
) -> UUID:
    """Put a message into the outbox, in the transaction of what caused it. The same `dedupe` is the same message."""
    require(actor, "queue", Thing("outbox"), at=at)
    check_params(kind, params)
    known = OutboxMessage.objects.filter(dedupe=dedupe).values_list("id", flat=True).first()
    if known:
        return known
    if account_id and client_id is None:
        client_id = Account.objects.filter(id=account_id).values_list("client_id", flat=True).first()
    message = OutboxMessage(
        id=uuid.uuid4(),
        kind=kind,
        client_id=client_id,
        account_id=account_id,
        about_id=about_id,
        about_at=about_at,
        dedupe=dedupe,
        state=State.QUEUED,
        queued_at=at,
        due_at=not_before or at,
        next_at=not_before or at,
    )
    message.params_sealed = keys.seal_data(drawer_of(message), PARAMS_LABEL, message.id, params)
    message.save(force_insert=True)
    _record(actor, at, "queue", message)
    return message.id


@action
def take_for_delivery(*, actor: Actor, at: datetime, message_id: UUID) -> Envelope | None:
    """Take a message in hand if it may leave now. Safe contact is asked again here, at the last moment.

    None if somebody else has it, if it must wait, or if it is held.
    """
    require(actor, "deliver", Thing("outbox"), at=at)
    message = (
        OutboxMessage.objects.select_for_update(no_key=True)
        .filter(id=message_id, state=State.QUEUED, next_at__lte=at)
        .first()
    )
    if message is None:
        return None
    try:
        allowed = _permission(message, at) if still_holds(message, at) else Permission(held=Held.OVERTAKEN)
    except keys.KeyDestroyed:  # erased meanwhile
        allowed = Permission(held=Held.NO_RECIPIENT)
    if allowed.held:
        _settle(actor, at, message, State.HELD, allowed.held)
        return None
    if allowed.not_before and allowed.not_before > at:
        message.due_at = message.next_at = allowed.not_before
        message.save(update_fields=["due_at", "next_at"])
        return None
    message.channel = allowed.channel
    if settings.INSTALLATION.demo:
        _settle(actor, at, message, State.KEPT, "")
        return None
    message.attempts += 1
    message.next_at = at + LEASE
    message.save(update_fields=["attempts", "next_at", "channel"])
    facts = practice(viewer=actor, at=at)
    sender = facts.name if allowed.full_name else facts.alias
    with override(language_to(account_id=message.account_id, client_id=message.client_id)):
        said = words_of(message, facts, sender, channel=allowed.channel, with_link=allowed.with_link)
    return Envelope(message.id, allowed.channel, sender, allowed.address, said, message.kind == URGENT)


@action
def note_sent(*, actor: Actor, at: datetime, message_id: UUID) -> None:
    """It left. Its words are not kept: a link in them could still be live."""
    require(actor, "deliver", Thing("outbox"), at=at)
    message = OutboxMessage.objects.get(id=message_id)
    message.sent_at = at
    message.params_sealed = b""
    _settle(actor, at, message, State.SENT, "")


@action
def note_not_sent(*, actor: Actor, at: datetime, message_id: UUID, for_good: bool) -> None:
    """It did not leave: try again later, or give up when the address is refused or days have passed."""
    require(actor, "deliver", Thing("outbox"), at=at)
    message = OutboxMessage.objects.get(id=message_id)
    if for_good or at - message.due_at >= GIVES_UP:
        _settle(actor, at, message, State.FAILED, "address_refused" if for_good else "gave_up")
        return
    message.next_at = at + wait_after(message.attempts)
    message.save(update_fields=["next_at"])


@action
def put_back(*, actor: Actor, at: datetime, message_id: UUID) -> None:
    """It was taken and not tried, because another found the server away: that was no attempt of this one's."""
    require(actor, "deliver", Thing("outbox"), at=at)
    message = OutboxMessage.objects.get(id=message_id)
    message.attempts -= 1
    message.next_at = at + FIRST_WAIT
    message.save(update_fields=["attempts", "next_at"])


def _permission(message: OutboxMessage, at: datetime) -> Permission:
    """To whom the message may go now: a colleague at their account's address, a client as safe contact allows."""
    allowed = permission(message.client_id, message.kind, at) if message.client_id else Permission()
    if allowed.held or message.account_id is None:
        return allowed
    account = Account.objects.filter(id=message.account_id, disabled_at=None).first()
    if account is None:
        return Permission(held=Held.NO_RECIPIENT)
    return replace(allowed, address=email_of(account))


def _settle(actor: Actor, at: datetime, message: OutboxMessage, state: State, reason: str) -> None:
    message.state, message.reason, message.next_at = state, reason, None
    message.save()
    _record(actor, at, state, message, reason=reason)


def _record(actor: Actor, at: datetime, verb: str, message: OutboxMessage, reason: str = "") -> None:
    trail.record(
        actor=actor, action=verb, object_type="outbox", object_id=message.id, client=message.client_id, at=at,
        purpose="contact", reason=reason,
    )  # fmt: skip
