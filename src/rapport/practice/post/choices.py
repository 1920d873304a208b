"""What can become of a message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class State(StrEnum):
    """Where a message is."""

    QUEUED = "queued"
    SENT = "sent"
    HELD = "held"
    FAILED = "failed"
    KEPT = "kept"


class Channel(StrEnum):
    """By which way a message leaves."""

    EMAIL = "email"
    TEXT = "text"


class Held(StrEnum):
    """Why a message did not leave: codes, because the reason itself may be delicate."""

    NO_PERMISSION = "no_permission"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    NEEDS_A_PERSON = "needs_a_person"
    PORTAL_HIDDEN = "portal_hidden"
    NO_ADDRESS = "no_address"
    NO_RECIPIENT = "no_recipient"
    NO_NUMBER = "no_number"
    OVERTAKEN = "overtaken"  # what it spoke of has changed since


@dataclass(frozen=True, slots=True)
class Permission:
    """Whether a message may go to a client now: by which way, to which address, or later, or a reason why not."""

    address: str = ""
    channel: Channel = Channel.EMAIL
    with_link: bool = True  # whether a link that the message can do without may stand in it
    full_name: bool = False  # whether the practice may give its full name instead of its neutral alias
    held: Held | None = None
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """A message as it will be read."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """A message as the office sees it: what kind and where it is, not what it says."""

    id: UUID
    kind: str
    title: str
    client_id: UUID | None
    account_id: UUID | None
    about_at: datetime | None
    channel: str
    state: State
    reason: str
    attempts: int
    queued_at: datetime
    due_at: datetime
    next_at: datetime | None
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class TextGateway:
    """Where text messages are handed over: an address of the operator's choosing, and how it wants to be spoken to.

    `body` is JSON with {to}, {sender}, {text} and {id} in its values, or empty for a form with the fields named.
    """

    url: str
    headers: tuple[tuple[str, str], ...] = ()
    sender: str = ""
    body: str = ""
    fields: tuple[tuple[str, str], ...] = (("to", "{to}"), ("from", "{sender}"), ("text", "{text}"))


@dataclass(frozen=True, slots=True)
class KeptMail:
    """Mail of a demo practice, readable instead of sent."""

    message: MessageFacts
    words: Words


@dataclass(frozen=True, slots=True)
class PostState:
    """The post in numbers. `oldest_due` is since when something that should have left still waits."""

    queued: int
    held: int
    failed: int
    oldest_due: datetime | None
