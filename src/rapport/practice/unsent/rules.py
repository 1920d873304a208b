"""Whose typing it is, and how much of it is kept."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from rapport.practice.clients.models import Client
from rapport.practice.episodes.rules import NO_ACCOUNT, care_of
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.actor import Actor, Role, Thing
from rapport.practice.unsent.models import LONGEST_PLACE, UnsentTyping

LONGEST = 60_000
MOST_FIELDS = 200
MOST_WINDOWS = 100  # of one person; when there are more, the oldest words go
LATEST = 2**53


class TypingRefused(ValueError):
    """It cannot be kept, and why."""


def reachable_clients(actor: Actor, at: datetime) -> QuerySet[Client]:
    """The clients this person may type about: those in their care, and a client themself."""
    mine = Q(pk=actor.client_id or NO_ACCOUNT) | Q(pk__in=care_of(actor, at).values("client"))
    return Client.objects.filter(mine, erased_at=None)


def own_typing(actor: Actor, at: datetime) -> QuerySet[UnsentTyping]:
    """What this person typed and did not send, about nobody or about clients they may still type about."""
    about = Q(client=None) | Q(client__in=reachable_clients(actor, at).values("pk"))
    return UnsentTyping.objects.filter(about, author_id=actor.account, fields_sealed__isnull=False)


def typing_about(client_id: UUID | None) -> Thing:
    """What is typed about nobody needs no care of anybody."""
    return Thing("own_typing") if client_id is None else Thing("typing", client=client_id)


def drawer(actor: Actor, client_id: UUID | None) -> keys.Compartment:
    """A client's typing is sealed as their words are; a therapist's opens with both keys, as their own notes do."""
    if client_id is None:
        return keys.author(actor.account)
    if Role.CLIENT in actor.roles:
        return keys.client(client_id)
    return keys.process_note(actor.account, client_id)


def check_typing(place: str, seq: int, fields: list[tuple[str, str]]) -> None:
    """Refuse what no form of ours sends."""
    if not 0 < len(place) <= LONGEST_PLACE or not 0 <= seq < LATEST:
        raise TypingRefused(_("This save was incomplete."))
    if len(fields) > MOST_FIELDS or sum(len(name) + len(text) for name, text in fields) > LONGEST:
        raise TypingRefused(_("This is too long to be kept while you type. Save or send a part of it first."))
