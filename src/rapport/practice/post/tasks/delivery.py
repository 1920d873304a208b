"""Sending what waits in the outbox. Run by the worker every few seconds."""

from __future__ import annotations

import logging
from datetime import datetime
from email.utils import formataddr, parseaddr
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPSenderRefused

from django.conf import settings
from django.core.mail import EmailMessage

from rapport.practice.post.actions import Envelope, note_not_sent, note_sent, put_back, take_for_delivery
from rapport.practice.post.choices import Channel
from rapport.practice.post.queries import due_messages
from rapport.practice.post.tasks.texts import TextNotTaken, send_text
from rapport.practice.security.policy.actor import Actor

BATCH = 50
PERMANENT = range(500, 600)
ABOUT_ONE_MESSAGE = (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError)  # the other side is there, and says no
log = logging.getLogger("rapport.post")


def deliver_due(*, actor: Actor, at: datetime) -> int:
    """Try what is due, the urgent first; return how many left.

    Each message is taken, sent and settled by itself, and no transaction is open while the mail server is spoken to.
    Delivery is at least once: after a crash in between, the same Message-ID tells the other side that it is the same.
    A server that is away is waited for once in a round, not once for each message, because alerts escalate in the same
    process; and once more with what is not urgent, which one that hangs on every urgent message must not keep back.
    """
    left, away = 0, set[tuple[Channel, bool]]()
    for message_id in due_messages(viewer=actor, at=at, most=BATCH):
        try:
            envelope = take_for_delivery(actor=actor, at=at, message_id=message_id)
        except Exception as problem:  # one that cannot be made ready (it does not open) must hold up no other
            log.error("post: message %s: %s", message_id, type(problem).__name__)
            note_not_sent(actor=actor, at=at, message_id=message_id, for_good=False)
            continue
        if envelope is not None:
            left += _deliver(actor, at, envelope, away)
    return left


def _deliver(actor: Actor, at: datetime, envelope: Envelope, away: set[tuple[Channel, bool]]) -> bool:
    way = envelope.channel, envelope.is_urgent
    if way in away:
        put_back(actor=actor, at=at, message_id=envelope.id)
        return False
    try:
        _send(envelope)
    except (SMTPException, TextNotTaken, OSError, ValueError) as problem:
        log.warning("post: %s", type(problem).__name__)  # never the text: servers repeat addresses in it
        if isinstance(problem, OSError) and not isinstance(problem, ABOUT_ONE_MESSAGE):
            away.add(way)
        note_not_sent(actor=actor, at=at, message_id=envelope.id, for_good=_is_for_good(problem))
        return False
    note_sent(actor=actor, at=at, message_id=envelope.id)
    return True


def _send(envelope: Envelope) -> None:
    if envelope.channel is Channel.TEXT:
        send_text(envelope)
        return
    _, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    domain = address.rpartition("@")[2] or "localhost"
    EmailMessage(
        subject=envelope.words.subject,
        body=envelope.words.body,
        from_email=formataddr((envelope.sender, address)),
        to=[envelope.address],
        headers={"Message-ID": f"<{envelope.id}@{domain}>", "Auto-Submitted": "auto-generated"},
    ).send()


def _is_for_good(problem: Exception) -> bool:
    """Whether the other side refused the address itself, so that trying again would change nothing."""
    if isinstance(problem, TextNotTaken):
        return problem.for_good
    if not isinstance(problem, SMTPRecipientsRefused):
        return False
    return all(code in PERMANENT for code, _ in problem.recipients.values())
