"""Secure messages, where the agreement allows them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.practice.correspondence.models import (
    MESSAGE_LABEL,
    MessageFile,
    SecureMessage,
)
from rapport.practice.correspondence.rules import (
    MOST_A_DAY,
    MOST_FILES,
    NotAgreed,
    TooManyMessages,
    check_message,
)
from rapport.practice.episodes.models import Episode
from rapport.practice.episodes.queries import episode as episode_facts
from rapport.practice.episodes.queries import terms
from rapport.practice.episodes.rules import EpisodeRefused, check_open, find_episode
from rapport.practice.files.actions import keep_file
from rapport.practice.foundation.models import own_id
from rapport.practice.post.actions import queue
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action
from rapport.practice.security.policy.actor import Actor, Role

DAY = timedelta(days=1)


@action
def send_message(
    *,
    actor: Actor,
    at: datetime,
    episode_id: UUID,
    text: str,
    files: tuple[tuple[str, bytes], ...] = (),
    key: UUID | None = None,
) -> UUID:
    """Send a message. `key` makes a repeated request the same message. The other side hears only that an item waits."""
    row = _writable(actor, at, episode_id)
    message_id = own_id(actor.account, key)
    if key and SecureMessage.objects.filter(id=message_id, episode=row).exists():
        return message_id
    kept = check_message(text)
    if len(files) > MOST_FILES:
        raise EpisodeRefused("files", _("Send at most %(most)d files at once.") % {"most": MOST_FILES})
    if SecureMessage.objects.filter(sent_by=actor.account, sent_at__gt=at - DAY).count() >= MOST_A_DAY:
        raise TooManyMessages("text", _("You have written very often today. Please call us instead."))
    from_client = Role.CLIENT in actor.roles
    said = {
        "episode": row,
        "from_client": from_client,
        "sent_at": at,
        "sent_by": actor.account,
        "text_sealed": keys.seal(keys.client(row.client_id), MESSAGE_LABEL, message_id, kept),
    }
    message, is_new = SecureMessage.objects.get_or_create(id=message_id, defaults=said)
    if not is_new:  # the same form a moment ago, from a double click
        return message_id
    for name, content in files:
        file_id = keep_file(actor=actor, at=at, client_id=row.client_id, name=name, content=content)
        MessageFile.objects.create(message=message, file_id=file_id)
    _settle(actor, at, row)
    _record(actor, at, "send", message_id, row)
    _tell(actor, at, message)
    return message_id


@action
def settle_messages(*, actor: Actor, at: datetime, episode_id: UUID) -> int:
    """Say that the messages of the other side need no written answer. Returns how many were waiting."""
    row = find_episode(actor, at, episode_id, "message", "settle")
    settled = _settle(actor, at, row)
    if settled:
        _record(actor, at, "settle", row.id, row)
    return settled


def _writable(actor: Actor, at: datetime, episode_id: UUID) -> Episode:
    row = find_episode(actor, at, episode_id, "message", "send")
    check_open(row)
    agreed = terms(viewer=actor, at=at, episode_id=row.id)
    if not (agreed.agreed and agreed.messages):
        raise NotAgreed("text", _("Your agreement says nothing of messages. Speak of it when you meet."))
    return row


def _settle(actor: Actor, at: datetime, row: Episode) -> int:
    theirs = SecureMessage.objects.filter(episode=row, from_client=Role.CLIENT not in actor.roles, settled_at=None)
    return theirs.update(settled_at=at, settled_by=actor.account)


def _tell(actor: Actor, at: datetime, message: SecureMessage) -> None:
    """At most one neutral mail a day and direction."""
    row = message.episode
    day = f"{row.id}:{at.date()}:{message.from_client}"
    if message.from_client:
        therapist = episode_facts(viewer=actor, at=at, episode_id=row.id).therapist_id
        if therapist is None:
            return
        queue(actor=actor, at=at, kind="item_waits", client_id=None, account_id=therapist, params={}, dedupe=f"m:{day}")
    else:
        client = row.client_id
        queue(actor=actor, at=at, kind="item_waits", client_id=client, account_id=None, params={}, dedupe=f"m:{day}")


def _record(actor: Actor, at: datetime, verb: str, object_id: UUID, row: Episode) -> None:
    trail.record(
        actor=actor, action=verb, object_type="message", object_id=object_id, client=row.client_id, at=at,
        purpose="contact",
    )  # fmt: skip
