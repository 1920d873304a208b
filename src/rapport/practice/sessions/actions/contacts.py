"""Contacts between hours, written down in two taps."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from rapport.clinical.sessions.contact_hours import read_hours
from rapport.clinical.sessions.frame import ContactPurpose, Initiator
from rapport.practice.episodes.queries import terms
from rapport.practice.episodes.rules import find_episode
from rapport.practice.foundation.models import own_id
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.choices import ContactChannel, ContactDirection
from rapport.practice.sessions.models import ContactEvent
from rapport.practice.sessions.models.contacts import CONTACT_LABEL
from rapport.practice.sessions.rules.writing import (
    LONGEST_CONTACT,
    LONGEST_MINUTES,
    OLDEST_CONTACT,
    NotThen,
    WordsTooLong,
    contacts_in_care,
    tidy,
)


@action
def record_contact(
    *,
    actor: Actor,
    at: datetime,
    episode_id: UUID,
    initiator: Initiator,
    purpose: ContactPurpose,
    happened_at: datetime | None = None,
    channel: ContactChannel = ContactChannel.PHONE,
    direction: ContactDirection | None = None,
    minutes: int | None = None,
    in_window: bool | None = None,
    words: str = "",
    key: UUID | None = None,
) -> UUID:
    """Write down a contact. Whether it lay inside the agreed hours follows from the agreement, unless it is said.

    `key` makes a repeated request the same contact.
    """
    episode = find_episode(actor, at, episode_id, "contact_event", "create")
    event_id = own_id(episode.id, key)
    if key and ContactEvent.objects.filter(id=event_id).exists():
        return event_id
    then = happened_at or at
    if then > at or at - then > OLDEST_CONTACT:
        raise NotThen("A contact lies in the last year, not in the future.")
    if minutes is not None and not 0 <= minutes <= LONGEST_MINUTES:
        raise WordsTooLong("A contact lasts at most ten hours.")
    said = tidy(words, LONGEST_CONTACT, required=False)
    if in_window is None:
        hours = read_hours(terms(viewer=actor, at=at, episode_id=episode_id).contact_window)
        in_window = hours.hold(then, practice_zone()) if hours else None
    ContactEvent.objects.create(
        id=event_id,
        episode=episode,
        happened_at=then,
        direction=direction or _usual_way(initiator),
        initiator=initiator,
        channel=channel,
        purpose=purpose,
        minutes=minutes,
        in_window=in_window,
        words_sealed=keys.seal(keys.client(episode.client_id), CONTACT_LABEL, event_id, said) if said else None,
        recorded_at=at,
        recorded_by=actor.account,
    )
    _record(actor, at, "create", event_id, episode.client_id)
    return event_id


@action
def void_contact(*, actor: Actor, at: datetime, contact_id: UUID) -> UUID:
    """It was written down by mistake; whoever wrote it takes it back. Returns the course it was in."""
    rows = contacts_in_care(actor, at).select_for_update(of=("self",), no_key=True)
    row = rows.filter(id=contact_id, recorded_by=actor.account).first()
    if row is None:
        raise not_found(actor, "edit", Thing("contact_event", id=contact_id), at=at)
    client_id = row.episode.client_id
    require(actor, "edit", Thing("contact_event", id=contact_id, client=client_id, author=row.recorded_by), at=at)
    ContactEvent.objects.filter(id=contact_id).update(voided_at=at)
    _record(actor, at, "void", contact_id, client_id)
    return row.episode_id


def _usual_way(initiator: Initiator) -> ContactDirection:
    return ContactDirection.OUTGOING if initiator is Initiator.THERAPIST else ContactDirection.INCOMING


def _record(actor: Actor, at: datetime, name: str, event_id: UUID, client_id: UUID) -> None:
    trail.record(actor=actor, action=name, object_type="contact_event", object_id=event_id, client=client_id, at=at)
