"""A therapist's usual form and short texts, and the people whose names leave the house as initials."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rapport.clinical.sessions.notes import NoteFormat, NoteMethod
from rapport.practice.episodes.rules import find_episode
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.models import NoteHabit, PersonInLife, Snippet
from rapport.practice.sessions.models.writing import (
    PERSON_LABEL,
    RELATION_LABEL,
    SNIPPET_LABEL,
    SNIPPET_TITLE_LABEL,
)
from rapport.practice.sessions.rules.writing import own_snippets, people_in_care


@dataclass(frozen=True, slots=True)
class SnippetFacts:
    """A short text of the viewer's own."""

    id: UUID
    title: str
    text: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Somebody in a client's life."""

    id: UUID
    client_id: UUID
    name: str
    relation: str


def usual_form(*, viewer: Actor, at: datetime) -> tuple[NoteFormat, NoteMethod]:
    """In which form the viewer's notes begin."""
    require(viewer, "list", Thing("snippet"), at=at)
    habit = NoteHabit.objects.filter(author_id=viewer.id).first()
    return (NoteFormat(habit.format), NoteMethod(habit.method)) if habit else (NoteFormat.FREE, NoteMethod.NONE)


def snippets(*, viewer: Actor, at: datetime) -> tuple[SnippetFacts, ...]:
    """The viewer's own short texts, by title."""
    require(viewer, "list", Thing("snippet"), at=at)
    found = [_snippet(row) for row in own_snippets(viewer)]
    return tuple(sorted(found, key=lambda snippet: (snippet.title.casefold(), snippet.saved_at)))


def snippet(*, viewer: Actor, at: datetime, snippet_id: UUID) -> SnippetFacts:
    """One short text of the viewer's own."""
    row = own_snippets(viewer).filter(id=snippet_id).first()
    if row is None:
        raise not_found(viewer, "edit", Thing("snippet", id=snippet_id), at=at)
    require(viewer, "edit", Thing("snippet", id=snippet_id, author=row.author_id), at=at)
    return _snippet(row)


def people_of(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[PersonFacts, ...]:
    """The people noted in a client's life, by name."""
    client_id = find_episode(viewer, at, episode_id, "person_in_life", "read").client_id
    rows = list(people_in_care(viewer, at).filter(client_id=client_id))
    if rows:
        trail.reading(actor=viewer, kind="person_in_life", client=client_id, at=at)
    return tuple(sorted((_person(row) for row in rows), key=lambda person: person.name.casefold()))


def _snippet(row: Snippet) -> SnippetFacts:
    drawer = keys.author(row.author_id)
    title = keys.unseal(drawer, SNIPPET_TITLE_LABEL, row.id, row.title_sealed)
    return SnippetFacts(row.id, title, keys.unseal(drawer, SNIPPET_LABEL, row.id, row.text_sealed), row.saved_at)


def _person(row: PersonInLife) -> PersonFacts:
    drawer = keys.client(row.client_id)
    relation = keys.unseal(drawer, RELATION_LABEL, row.id, row.relation_sealed) if row.relation_sealed else ""
    return PersonFacts(row.id, row.client_id, keys.unseal(drawer, PERSON_LABEL, row.id, row.name_sealed), relation)
