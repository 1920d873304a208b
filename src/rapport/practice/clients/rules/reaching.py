"""Whether and when a message may reach a client. Asked at the moment of sending, never before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import phonenumbers
from django.utils.translation import gettext as _

from rapport.practice.clients.choices import Channel, ClientDetails, ConsentState, Purpose, SafeContact
from rapport.practice.clients.models import Client
from rapport.practice.clients.rules.consenting import state_of
from rapport.practice.clients.rules.record import current_contact, details_of
from rapport.practice.clients.rules.wording import DetailRefused, passage
from rapport.practice.organisation.queries import practice_country, practice_zone
from rapport.practice.post.choices import Channel as Way
from rapport.practice.post.choices import Held, Permission
from rapport.practice.post.rules import Template, texts_on
from rapport.practice.security.keys import api as keys

_KINDS = phonenumbers.PhoneNumberType
TEXTED = frozenset({_KINDS.MOBILE, _KINDS.FIXED_LINE_OR_MOBILE, _KINDS.PERSONAL_NUMBER, _KINDS.UNKNOWN})
NO = frozenset({ConsentState.REFUSED, ConsentState.WITHDRAWN})


def check_contact(contact: SafeContact) -> SafeContact:
    """A safe contact that can be followed, or DetailRefused."""
    if not contact.days or not contact.days <= frozenset(range(7)):
        raise DetailRefused("days", _("Choose at least one day."))
    if (contact.hours_from or time.min) >= (contact.hours_until or time.max):
        raise DetailRefused("hours_until", _("The safe hours must end after they begin."))
    return replace(contact, never_if=passage("never_if", contact.never_if))


def may_write(client_id: UUID, template: Template, at: datetime) -> Permission:
    """Whether and how an automatic message may go to this client now: by e-mail, or else as a text message.

    Only by a channel they allowed, only in the hours they named. A condition in their own words ("never if …") can be
    judged by a person alone, so a machine then sends nothing. If neither way is open, the e-mail's reason is told.
    """
    client = Client.objects.filter(id=client_id, erased_at=None).first()
    if client is None:
        return Permission(held=Held.NO_RECIPIENT)
    try:
        contact = current_contact(client_id).contact
        details = details_of(client)
    except keys.KeyDestroyed:
        return Permission(held=Held.NO_RECIPIENT)
    allowed = _by_email(client_id, contact, details, template, at)
    if allowed.held and template.text and texts_on() and contact.allows(Channel.SMS):
        by_text = _by_text(client_id, contact, details, at)
        allowed = allowed if by_text.held and contact.allows(Channel.EMAIL) else by_text
    if allowed.held:
        return allowed
    zone = ZoneInfo(details.zone) if details.zone else practice_zone()
    return replace(allowed, full_name=not contact.neutral_sender, not_before=next_safe_moment(contact, at, zone))


def _by_email(
    client_id: UUID, contact: SafeContact, details: ClientDetails, template: Template, at: datetime
) -> Permission:
    others_see = contact.hide_portal_mail or contact.shared_device
    if held := _refused(client_id, contact, Channel.EMAIL, at):
        return Permission(held=held)
    if template.links and others_see:
        return Permission(held=Held.PORTAL_HIDDEN)
    if not details.email:
        return Permission(held=Held.NO_ADDRESS)
    return Permission(address=details.email, with_link=not others_see)


def _by_text(client_id: UUID, contact: SafeContact, details: ClientDetails, at: datetime) -> Permission:
    if held := _refused(client_id, contact, Channel.SMS, at):
        return Permission(held=held)
    number = texting_number(details.phone, practice_country())
    if not number:
        return Permission(held=Held.NO_NUMBER)
    with_link = contact.text_links and not (contact.hide_portal_mail or contact.shared_device)
    return Permission(address=number, channel=Way.TEXT, with_link=with_link)


def _refused(client_id: UUID, contact: SafeContact, channel: Channel, at: datetime) -> Held | None:
    purpose = Purpose.CONTACT_SMS if channel is Channel.SMS else Purpose.CONTACT_EMAIL
    if not contact.allows(channel):
        return Held.NO_PERMISSION
    if state_of(client_id, purpose, at=at) in NO:
        return Held.CONSENT_WITHDRAWN
    return Held.NEEDS_A_PERSON if contact.never_if else None


def texting_number(phone: str, country: str | None) -> str:
    """A number as a gateway wants it (+447700900123), or nothing if no text should go there.

    A text to a landline is read aloud to whoever answers, so a number known to be one gets none.
    """
    try:
        number = phonenumbers.parse(phone, country)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number) or phonenumbers.number_type(number) not in TEXTED:
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def next_safe_moment(contact: SafeContact, at: datetime, zone: ZoneInfo) -> datetime:
    """This moment, if the client's hours allow it, or else when they next begin on the client's wall clock."""
    local = at.astimezone(zone)
    starts, ends = contact.hours_from or time.min, contact.hours_until or time.max
    for ahead in range(8):
        day = local.date() + timedelta(days=ahead)
        if day.weekday() not in contact.days:
            continue
        opens = datetime.combine(day, starts, tzinfo=zone).astimezone(UTC)
        closes = datetime.combine(day, ends, tzinfo=zone).astimezone(UTC)
        if at < closes:
            return max(at, opens)
    raise DetailRefused("days", _("Choose at least one day."))
