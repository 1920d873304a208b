"""How the details and the safe contact of a client are sealed and opened."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from rapport.practice.clients.choices import Channel, ClientDetails, SafeContact, SafeContactFacts
from rapport.practice.clients.models import Client, SafeContactVersion
from rapport.practice.security.keys import api as keys

NAME_LABEL = "clients.client.name"
DETAILS_LABEL = "clients.client.details"
SAFE_CONTACT_LABEL = "clients.safe_contact.content"
SCOPE_LABEL = "clients.consent.scope"


def name_of(row: Client) -> str:
    return name_in_a_list(row.id, row.name_sealed)


def name_in_a_list(client_id: UUID, name_sealed: bytes | memoryview) -> str:
    """A client's name among others': one that was changed past the practice must not hide everybody else's."""
    unknown = gettext("A name that does not open")
    return keys.unseal_or(unknown, keys.client(client_id), NAME_LABEL, client_id, name_sealed)


def sealed_details(client_id: UUID, details: ClientDetails) -> dict[str, bytes]:
    """The sealed columns of a client."""
    drawer = keys.client(client_id)
    kept = {
        "preferred_name": details.preferred_name,
        "pronouns": details.pronouns,
        "date_of_birth": details.date_of_birth.isoformat() if details.date_of_birth else "",
        "languages": details.languages,
        "interpreter": details.interpreter,
        "access_needs": details.access_needs,
        "email": details.email,
        "phone": details.phone,
        "address": details.address,
        "emergency_contact": details.emergency_contact,
        "emergency_may_know": details.emergency_may_know,
        "zone": details.zone,
    }
    return {
        "name_sealed": keys.seal(drawer, NAME_LABEL, client_id, details.name),
        "details_sealed": keys.seal_data(drawer, DETAILS_LABEL, client_id, kept),
    }


def details_of(row: Client) -> ClientDetails:
    """The details of a client; SealBroken if any of them was changed past the practice."""
    return _details(row, keys.unseal(keys.client(row.id), NAME_LABEL, row.id, row.name_sealed))


def _details(row: Client, name: str) -> ClientDetails:
    if not row.details_sealed:
        return ClientDetails(name=name)
    kept: dict[str, Any] = keys.unseal_data(keys.client(row.id), DETAILS_LABEL, row.id, row.details_sealed)
    born = kept.pop("date_of_birth")
    return ClientDetails(name=name, date_of_birth=date.fromisoformat(born) if born else None, **kept)


def details_in_a_list(row: Client) -> ClientDetails:
    """The details of one client among others; no more than the name if they were changed past the practice."""
    name = name_of(row)
    try:
        return _details(row, name)
    except keys.SealBroken:
        keys.notice(DETAILS_LABEL, row.id)
        return ClientDetails(name=name)


def zone_name_of(client_id: UUID, details_sealed: bytes | memoryview | None) -> str:
    """The name of a client's own zone, without opening anything else; empty for the practice's, or if unreadable."""
    if not details_sealed:
        return ""
    kept: dict[str, Any] = keys.unseal_data_or({}, keys.client(client_id), DETAILS_LABEL, client_id, details_sealed)
    return str(kept.get("zone", ""))


def born_on(client_id: UUID, details_sealed: bytes | memoryview | None) -> date | None:
    """A client's day of birth, without opening their name."""
    if not details_sealed:
        return None
    kept: dict[str, Any] = keys.unseal_data(keys.client(client_id), DETAILS_LABEL, client_id, details_sealed)
    return date.fromisoformat(kept["date_of_birth"]) if kept["date_of_birth"] else None


def sealed_contact(client_id: UUID, row_id: UUID, contact: SafeContact) -> bytes:
    """The sealed content of a version of safe contact."""
    kept = {
        "channels": sorted(contact.channels),
        "voicemail": contact.voicemail,
        "days": sorted(contact.days),
        "hours_from": contact.hours_from.isoformat() if contact.hours_from else "",
        "hours_until": contact.hours_until.isoformat() if contact.hours_until else "",
        "shared_device": contact.shared_device,
        "hide_portal_mail": contact.hide_portal_mail,
        "neutral_sender": contact.neutral_sender,
        "never_if": contact.never_if,
        "text_links": contact.text_links,
    }
    return keys.seal_data(keys.client(client_id), SAFE_CONTACT_LABEL, row_id, kept)


def contact_of(row: SafeContactVersion) -> SafeContactFacts:
    """A version of safe contact."""
    drawer = keys.client(row.client_id)
    kept: dict[str, Any] = keys.unseal_data(drawer, SAFE_CONTACT_LABEL, row.id, row.content_sealed)
    contact = SafeContact(
        channels=frozenset(Channel(channel) for channel in kept.pop("channels")),
        days=frozenset(kept.pop("days")),
        hours_from=_time(kept.pop("hours_from")),
        hours_until=_time(kept.pop("hours_until")),
        **kept,
    )
    return SafeContactFacts(contact, row.version, row.set_at, row.set_by)


def _time(text: str) -> time | None:
    return time.fromisoformat(text) if text else None


def current_contact(client_id: UUID) -> SafeContactFacts:
    """How a client may be reached now. If nobody asked, nothing is allowed."""
    row = SafeContactVersion.objects.filter(client_id=client_id).order_by("-version").first()
    return contact_of(row) if row else SafeContactFacts()
