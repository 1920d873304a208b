"""What a snippet, a name and a contact may hold, and whose they are."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from rapport.practice.episodes.rules import care_of
from rapport.practice.security.policy.actor import Actor
from rapport.practice.sessions.models import ContactEvent, PersonInLife, Snippet

LONGEST_SNIPPET, LONGEST_TITLE, MOST_SNIPPETS = 5_000, 80, 100
LONGEST_NAME, MOST_PEOPLE = 120, 60
LONGEST_CONTACT, LONGEST_MINUTES = 2_000, 600
OLDEST_CONTACT = timedelta(days=366)


class WritingRefused(Exception):
    """This cannot be kept. The class says why."""


class NothingWritten(WritingRefused):
    """There are no words."""


class WordsTooLong(WritingRefused):
    """More than this can hold."""


class TooMany(WritingRefused):
    """There are as many as one can still find something in."""


class NotThen(WritingRefused):
    """A contact lies in the last year, not in the future."""


def own_snippets(actor: Actor) -> QuerySet[Snippet]:
    """The snippets this person keeps."""
    return Snippet.objects.filter(author_id=actor.id, removed_at=None)


def people_in_care(actor: Actor, at: datetime) -> QuerySet[PersonInLife]:
    """People in the lives of clients in care."""
    return PersonInLife.objects.filter(client__in=care_of(actor, at).values("client"), removed_at=None)


def contacts_in_care(actor: Actor, at: datetime) -> QuerySet[ContactEvent]:
    """Contacts with clients in care."""
    in_care = care_of(actor, at).values("client")
    return ContactEvent.objects.select_related("episode").filter(episode__client__in=in_care, voided_at=None)


def tidy(text: str, longest: int, *, required: bool = True) -> str:
    """A text as it is kept, or its refusal by name."""
    words = text.replace("\r\n", "\n").strip()
    if required and not words:
        raise NothingWritten("Say it in a few words.")
    if len(words) > longest:
        raise WordsTooLong(f"At most {longest} characters.")
    return words
