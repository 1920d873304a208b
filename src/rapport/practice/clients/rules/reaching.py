"""Whether and when a message may reach a client. Asked at the moment of sending, never before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from rapport.practice.clients.choices import Channel, ConsentState, Purpose, SafeContact
from rapport.practice.clients.models import Client
from rapport.practice.clients.rules.consenting import state_of
from rapport.practice.clients.rules.record import current_contact, details_of
from rapport.practice.clients.rules.wording import DetailRefused, passage
from rapport.practice.clients.rules.zones import zone_of
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.post.choices import Held, Permission
from rapport.practice.post.rules import Template
from rapport.practice.security.keys import api as keys

NO = frozenset({ConsentState.REFUSED, ConsentState.WITHDRAWN})


def check_contact(contact: SafeContact) -> SafeContact:
    """A safe contact that can be followed, or DetailRefused."""
    if not contact.days or not contact.days <= frozenset(range(7)):
        raise DetailRefused("days", _("Choose at least one day."))
    if (contact.hours_from or time.min) >= (contact.hours_until or time.max):
        raise DetailRefused("hours_until", _("The safe hours must end after they begin."))
    return replace(contact, never_if=passage("never_if", contact.never_if))


def may_write(client_id: UUID, template: Template, at: datetime) -> Permission:
    """Whether an automatic e-mail may go to this client now.

    Only by a channel they allowed, only in the hours they named. A condition in their own words ("never if …") can be
    judged by a person alone, so a machine then sends nothing.
    """
    client = Client.objects.filter(id=client_id, erased_at=None).first()
    if client is None:
        return Permission(held=Held.NO_RECIPIENT)
    try:
        contact = current_contact(client_id).contact
        address = details_of(client).email
    except keys.KeyDestroyed:
        return Permission(held=Held.NO_RECIPIENT)
    if not contact.allows(Channel.EMAIL):
        return Permission(held=Held.NO_PERMISSION)
    if state_of(client_id, Purpose.CONTACT_EMAIL, at=at) in NO:
        return Permission(held=Held.CONSENT_WITHDRAWN)
    if contact.never_if:
        return Permission(held=Held.NEEDS_A_PERSON)
    if template.links and (contact.hide_portal_mail or contact.shared_device):
        return Permission(held=Held.PORTAL_HIDDEN)
    if not address:
        return Permission(held=Held.NO_ADDRESS)
    opens = next_safe_moment(contact, at, zone_of(client, practice_zone()))
    return Permission(address=address, full_name=not contact.neutral_sender, not_before=opens)


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
