"""What a message may say (a whitelist), to whom it may go, and when it is tried again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from rapport.practice.organisation.choices import PracticeFacts
from rapport.practice.organisation.rules import telling_word
from rapport.practice.post.choices import Channel, Held, Permission, Words
from rapport.practice.post.models import OutboxMessage
from rapport.practice.security.keys import api as keys

LEASE = timedelta(minutes=5)  # a sender that died in the middle is relieved after this
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(minutes=5)  # an alert must not wait long for one attempt
GIVES_UP = timedelta(days=3)
URGENT = "urgent_item"
PARAM_LENGTH = 400
PARAMS_LABEL = "post.message.params"


class MessageRefused(ValueError):
    """This cannot be said in a message. A programming error, never a person's."""


@dataclass(frozen=True, slots=True)
class Template:
    """The only words a kind of message has. `{link}`, `{when}`, `{practice}` and `{phone}` are filled in."""

    title: str | Promise
    subject: str | Promise
    body: str | Promise
    params: frozenset[str] = frozenset()
    answer: str | Promise = ""  # said only where a link may stand
    text: str | Promise = ""  # the whole of it as a text message; without one it never goes as that

    @property
    def optional(self) -> frozenset[str]:
        """The blanks it can do without."""
        return _LINK if self.answer else frozenset()

    @property
    def links(self) -> bool:
        """Whether it leads to the portal; such a message is dangerous on a device others read."""
        return "link" in self.params


_LINK, _WHEN = frozenset({"link"}), frozenset({"when"})
_BYE = "\n\n{practice}\n{phone}"
_ANSWER = _lazy("\n\nYou can tell us here whether you are coming:\n{link}")
LONGEST_TEXT = 160  # one text message; a longer one may arrive in pieces

TEMPLATES: Mapping[str, Template] = {
    "invitation": Template(
        _lazy("Invitation to the portal"),
        _lazy("Your invitation from {practice}"),
        _lazy(
            "Hello,\n\n{practice} has set up a private page for you. You can open it here:\n{link}\n\n"
            "The link works once and for a limited time."
        ),
        _LINK,
    ),
    "staff_invitation": Template(
        _lazy("Invitation of a colleague"),
        _lazy("Your invitation from {practice}"),
        _lazy(
            "Hello,\n\nan account was made for you. Open it here:\n{link}\n\n"
            "The link works once and for a limited time."
        ),
        _LINK,
    ),
    "password_reset": Template(
        _lazy("New password"),
        _lazy("A new password"),
        _lazy(
            "Hello,\n\nyou can choose a new password here:\n{link}\n\nIf you did not ask for this, you need do nothing."
        ),
        _LINK,
    ),
    "account_changed": Template(
        _lazy("Notice about an account"),
        _lazy("A change to your account"),
        _lazy("Hello,\n\nsomething about how you sign in was changed on {when}. If that was not you, please call us."),
        _WHEN,
    ),
    "item_waits": Template(
        _lazy("An item waits"),
        _lazy("An item waits for you"),
        _lazy("Hello,\n\nan item waits for you. Please sign in when it suits you."),
    ),
    URGENT: Template(
        _lazy("An urgent item"),
        _lazy("You have an urgent item"),
        _lazy("Hello,\n\nyou have an urgent item. Please sign in now."),
    ),
    "appointment": Template(
        _lazy("Reminder"),
        _lazy("Appointment"),
        _lazy("Hello,\n\nthis is to remind you of your appointment: {when}.\n\nIf you cannot come, please call us."),
        _WHEN,
        _ANSWER,
        _lazy("{practice}: your appointment is {when}. {phone}"),
    ),
    "appointment_booked": Template(
        _lazy("Appointment booked"),
        _lazy("Your appointment"),
        _lazy("Hello,\n\nyour appointment is booked: {when}.\n\nIf that does not suit you, please call us."),
        _WHEN,
        _ANSWER,
        _lazy("{practice}: your appointment is booked: {when}. {phone}"),
    ),
    "appointment_changed": Template(
        _lazy("Appointment changed"),
        _lazy("Your appointment has changed"),
        _lazy("Hello,\n\nyour appointment is now: {when}.\n\nIf that does not suit you, please call us."),
        _WHEN,
        _ANSWER,
        _lazy("{practice}: your appointment is now {when}. {phone}"),
    ),
    "appointment_cancelled": Template(
        _lazy("Appointment cancelled"),
        _lazy("Your appointment is cancelled"),
        _lazy("Hello,\n\nyour appointment on {when} does not take place. We will be in touch about another one."),
        _WHEN,
        text=_lazy("{practice}: your appointment on {when} does not take place. {phone}"),
    ),
    "slot_offer": Template(
        _lazy("A time has become free"),
        _lazy("A time has become free"),
        _lazy(
            "Hello,\n\na time has become free: {when}.\n\nIf you would like it, tell us here:\n{link}\n\n"
            "Whoever answers first has it. If it does not suit you, you need do nothing."
        ),
        _WHEN | _LINK,
    ),
    "please_call": Template(
        _lazy("Please call us"),
        _lazy("Please call us"),
        _lazy("Hello,\n\nplease call us when you have a quiet moment."),
    ),
}


def template(kind: str) -> Template:
    """The template of a kind of message, or MessageRefused."""
    try:
        return TEMPLATES[kind]
    except KeyError:
        raise MessageRefused(f"There is no message of the kind {kind!r}.") from None


def check_params(kind: str, params: Mapping[str, str]) -> None:
    """Exactly the blanks of the template, each a short harmless line."""
    chosen = template(kind)
    if not chosen.params <= set(params) <= chosen.params | chosen.optional:
        raise MessageRefused(f"A message {kind!r} needs exactly {sorted(chosen.params)}.")
    for name, value in params.items():
        if not value or len(value) > PARAM_LENGTH or not value.isprintable():
            raise MessageRefused(f"{name!r} must be one short line.")
        if name != "link" and telling_word(value):
            raise MessageRefused(f"{name!r} says more than a message may.")


def words(kind: str, params: Mapping[str, str], *, practice: str, phone: str) -> Words:
    """The message as an e-mail, in the language that is active."""
    blanks = {"practice": practice, "phone": phone, **params}
    chosen = template(kind)
    answer = str(chosen.answer) if "link" in params else ""
    return Words(
        subject=str(chosen.subject).format_map(blanks),
        body=(str(chosen.body) + answer + _BYE).format_map(blanks).strip() + "\n",
    )


def text_words(kind: str, params: Mapping[str, str], *, practice: str, phone: str) -> Words:
    """The message as one text message. What does not fit is left out: first the telephone, then the link."""
    said = str(template(kind).text)
    short = said.replace(" {phone}", "")
    link = f" {params['link']}" if "link" in params else ""
    blanks = {"practice": practice, "phone": phone, **params}
    ways = (said + link, short + link, said, short) if phone else (short + link, short)
    written = [way.format_map(blanks).strip() for way in ways]
    return Words("", next((way for way in written if len(way) <= LONGEST_TEXT), written[-1][:LONGEST_TEXT]))


def drawer_of(message: OutboxMessage) -> keys.Compartment:
    """Where the words of a message are sealed: with its client, so that erasure takes them along."""
    return keys.client(message.client_id) if message.client_id else keys.practice()


def params_of(message: OutboxMessage) -> dict[str, str]:
    """The blanks of a message; nothing once it has left."""
    opened: dict[str, str] = keys.unseal_data(drawer_of(message), PARAMS_LABEL, message.id, message.params_sealed)
    return opened


def words_of(
    message: OutboxMessage,
    facts: PracticeFacts,
    sender: str = "",
    *,
    channel: Channel = Channel.EMAIL,
    with_link: bool = True,
) -> Words:
    """A message as its reader sees it."""
    params = params_of(message)
    if not with_link and not template(message.kind).links:
        params.pop("link", None)
    write = text_words if channel is Channel.TEXT else words
    return write(message.kind, params, practice=sender or facts.alias, phone=facts.phone)


def title(kind: str) -> str:
    """What the office calls a kind of message."""
    return str(TEMPLATES[kind].title) if kind in TEMPLATES else _("Message")


REASONS: Mapping[str, str | Promise] = {
    Held.NO_PERMISSION: _lazy("They have not allowed it."),
    Held.CONSENT_WITHDRAWN: _lazy("They said no to it."),
    Held.NEEDS_A_PERSON: _lazy("There is a condition only a person can judge. Contact them yourself."),
    Held.PORTAL_HIDDEN: _lazy("Nothing that leads to the portal may be sent."),
    Held.NO_ADDRESS: _lazy("There is no e-mail address."),
    Held.NO_NUMBER: _lazy("There is no number that takes text messages."),
    Held.NO_RECIPIENT: _lazy("There is nobody to send it to any more."),
    Held.OVERTAKEN: _lazy("What it said has changed since."),
    "address_refused": _lazy("The other side does not know the address."),
    "gave_up": _lazy("Not delivered for three days."),
}


def reason_words(reason: str) -> str:
    """Why a message did not leave."""
    return str(REASONS.get(reason, ""))


def wait_after(attempts: int) -> timedelta:
    """How long until the next attempt: doubling, at most five minutes."""
    return min(FIRST_WAIT * (1 << max(0, min(attempts - 1, 10))), LONGEST_WAIT)


# Who may be written to is known further up: the clients' duty hands down its check of safe contact when it starts.
ClientCheck = Callable[[UUID, Template, datetime], Permission]
_check: list[ClientCheck] = []


def register_recipient(check: ClientCheck) -> None:
    """Hand down the check that every message to a client passes at the moment it is sent."""
    _check[:] = [check]


def permission(client_id: UUID, kind: str, at: datetime) -> Permission:
    """Whether this may go to this client now. Without a check nothing goes."""
    if not _check:
        return Permission(held=Held.NO_PERMISSION)
    return _check[0](client_id, template(kind), at)


# Whether what a message speaks of is still so is known further up: the duty that queues it hands down its check.
StillSo = Callable[[UUID, datetime, str, datetime], bool]
_still_so: dict[str, StillSo] = {}


def register_still_so(kind: str, check: StillSo) -> None:
    """Hand down the check whether a message of this kind still says what is so; asked when it is sent."""
    _still_so[kind] = check


def still_holds(message: OutboxMessage, at: datetime) -> bool:
    """Whether the message still says what is so. One that speaks of nothing in particular always does."""
    if message.about_id is None or message.about_at is None or message.kind not in _still_so:
        return True
    return _still_so[message.kind](message.about_id, message.about_at, message.kind, at)


def texts_on() -> bool:
    """Whether this installation hands text messages to anybody."""
    return settings.TEXT_GATEWAY is not None
