"""A therapist's own short texts, and the people in a client's life."""

from __future__ import annotations

import uuid
from datetime import datetime
from uuid import UUID

from rapport.practice.episodes.rules import find_episode
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.models import PersonInLife, Snippet
from rapport.practice.sessions.models.writing import (
    PERSON_LABEL,
    RELATION_LABEL,
    SNIPPET_LABEL,
    SNIPPET_TITLE_LABEL,
)
from rapport.practice.sessions.rules.writing import (
    LONGEST_NAME,
    LONGEST_SNIPPET,
    LONGEST_TITLE,
    MOST_PEOPLE,
    MOST_SNIPPETS,
    TooMany,
    own_snippets,
    people_in_care,
    tidy,
)


@action
def keep_snippet(*, actor: Actor, at: datetime, title: str, text: str, snippet_id: UUID | None = None) -> UUID:
    """Keep a short text for one's own notes; with an id, change the one there is."""
    function = "edit" if snippet_id else "create"
    if snippet_id and not own_snippets(actor).filter(id=snippet_id).exists():
        raise not_found(actor, function, Thing("snippet", id=snippet_id), at=at)
    require(actor, function, Thing("snippet", id=snippet_id, author=actor.account), at=at)
    title, text = tidy(title, LONGEST_TITLE), tidy(text, LONGEST_SNIPPET)
    if not snippet_id and own_snippets(actor).count() >= MOST_SNIPPETS:
        raise TooMany("A hundred snippets are enough to search in.")
    kept, drawer = snippet_id or uuid.uuid4(), keys.author(actor.account)
    values = {
        "title_sealed": keys.seal(drawer, SNIPPET_TITLE_LABEL, kept, title),
        "text_sealed": keys.seal(drawer, SNIPPET_LABEL, kept, text),
        "saved_at": at,
    }
    Snippet.objects.update_or_create(id=kept, author_id=actor.account, defaults=values)
    _of_author(actor, at, function, kept)
    return kept


@action
def remove_snippet(*, actor: Actor, at: datetime, snippet_id: UUID) -> None:
    """Offer a short text no longer. Notes in which it stands keep it."""
    if not own_snippets(actor).filter(id=snippet_id).exists():
        raise not_found(actor, "edit", Thing("snippet", id=snippet_id), at=at)
    require(actor, "edit", Thing("snippet", id=snippet_id, author=actor.account), at=at)
    own_snippets(actor).filter(id=snippet_id).update(removed_at=at)
    _of_author(actor, at, "remove", snippet_id)


@action
def note_person(*, actor: Actor, at: datetime, episode_id: UUID, name: str, relation: str = "") -> UUID:
    """Note somebody in the client's life, so that their name leaves the house as initials. A name is noted once."""
    episode = find_episode(actor, at, episode_id, "person_in_life", "edit")
    name, relation = tidy(name, LONGEST_NAME), tidy(relation, LONGEST_NAME, required=False)
    person_id, drawer = uuid.uuid4(), keys.client(episode.client_id)
    known = list(people_in_care(actor, at).filter(client_id=episode.client_id))
    for row in known:
        if keys.unseal(drawer, PERSON_LABEL, row.id, row.name_sealed) == name:
            return row.id
    if len(known) >= MOST_PEOPLE:
        raise TooMany("More people than a note can name.")
    PersonInLife.objects.create(
        id=person_id,
        client_id=episode.client_id,
        name_sealed=keys.seal(drawer, PERSON_LABEL, person_id, name),
        relation_sealed=keys.seal(drawer, RELATION_LABEL, person_id, relation) if relation else None,
        noted_at=at,
        noted_by=actor.account,
    )
    _of_client(actor, at, "note", person_id, episode.client_id)
    return person_id


@action
def remove_person(*, actor: Actor, at: datetime, person_id: UUID) -> None:
    """The name need not be hidden any more, or was noted by mistake."""
    row = people_in_care(actor, at).filter(id=person_id).first()
    if row is None:
        raise not_found(actor, "edit", Thing("person_in_life", id=person_id), at=at)
    require(actor, "edit", Thing("person_in_life", id=person_id, client=row.client_id), at=at)
    PersonInLife.objects.filter(id=person_id).update(removed_at=at)
    _of_client(actor, at, "remove", person_id, row.client_id)


def _of_author(actor: Actor, at: datetime, name: str, snippet_id: UUID) -> None:
    trail.record(actor=actor, action=name, object_type="snippet", object_id=snippet_id, at=at, private_to=actor.account)


def _of_client(actor: Actor, at: datetime, name: str, person_id: UUID, client_id: UUID) -> None:
    trail.record(actor=actor, action=name, object_type="person_in_life", object_id=person_id, client=client_id, at=at)
