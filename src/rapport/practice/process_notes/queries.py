"""Reading one's own process notes. Every reading is recorded for its author's eyes only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rapport.clinical.sessions.notes import NoteState
from rapport.practice.organisation.queries import practice
from rapport.practice.process_notes.models import (
    ADDENDUM_LABEL,
    DRAFT_LABEL,
    SALT_LABEL,
    TEXT_LABEL,
    ProcessAddendum,
    ProcessDraft,
    ProcessNote,
    ProcessNotice,
)
from rapport.practice.process_notes.rules import own_notes
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.choices import DraftState
from rapport.practice.sessions.rules import hash_of


@dataclass(frozen=True, slots=True)
class ProcessAddendumFacts:
    """What was added later."""

    added_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class ProcessNoteFacts:
    """One process note, for its author."""

    id: UUID
    session_id: UUID
    episode_id: UUID
    client_id: UUID
    held_at: datetime
    state: NoteState
    version: int
    text: str
    saved_at: datetime
    signed_at: datetime | None
    is_intact: bool
    addenda: tuple[ProcessAddendumFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptProcessText:
    """Typing of one window that is not in the note."""

    id: UUID
    tab: UUID
    saved_at: datetime
    base_version: int
    text: str
    is_late: bool


def process_note(*, viewer: Actor, at: datetime, note_id: UUID) -> ProcessNoteFacts:
    """One process note of the viewer's own; anybody else's does not exist."""
    row = own_notes(viewer, at).filter(id=note_id).first()
    if row is None:
        raise not_found(viewer, "read", Thing("process_note", id=note_id), at=at)
    return _read(viewer, at, row)


def process_notes_of(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[ProcessNoteFacts, ...]:
    """The viewer's own process notes of an episode, newest first."""
    rows = own_notes(viewer, at).filter(episode=episode_id).order_by("-session__planned_start")
    return tuple(_read(viewer, at, row) for row in rows)


def own_marks(*, viewer: Actor, at: datetime, session_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Which of these sessions have a process note of the viewer's own: session → note."""
    rows = own_notes(viewer, at).filter(session__in=set(session_ids))
    return dict(rows.values_list("session_id", "id"))


def kept_process_texts(*, viewer: Actor, at: datetime, note_id: UUID) -> tuple[KeptProcessText, ...]:
    """What the viewer typed and has not saved into the note, newest first."""
    row = own_notes(viewer, at).filter(id=note_id).first()
    if row is None:
        return ()
    drawer, saved = _drawer(row), _text(row)
    drafts = ProcessDraft.objects.filter(note=row, author_id=viewer.account).exclude(state=DraftState.SPENT)
    found = [
        KeptProcessText(
            draft.id,
            draft.tab,
            draft.saved_at,
            draft.base_version,
            keys.unseal(drawer, DRAFT_LABEL, draft.id, draft.text_sealed),
            row.state == NoteState.SIGNED or draft.state == DraftState.LATE,
        )
        for draft in drafts.order_by("-saved_at")
    ]
    return tuple(text for text in found if text.text.strip() != saved.strip())


def process_note_state(*, viewer: Actor, at: datetime, note_id: UUID) -> tuple[NoteState, int] | None:
    """State and version of the viewer's own note; asked by the page while somebody types."""
    row = own_notes(viewer, at).filter(id=note_id).values_list("state", "version").first()
    return (NoteState(row[0]), row[1]) if row else None


def notice_is_read(*, viewer: Actor, at: datetime) -> bool:
    """Whether the viewer read what the law of this place says about process notes."""
    here = practice(viewer=viewer, at=at).jurisdiction
    return ProcessNotice.objects.filter(author_id=viewer.id, jurisdiction=here).exists()


def _drawer(row: ProcessNote) -> keys.Compartment:
    return keys.process_note(row.author_id, row.episode.client_id)


def _text(row: ProcessNote) -> str:
    return keys.unseal(_drawer(row), TEXT_LABEL, row.id, row.text_sealed)


def _read(viewer: Actor, at: datetime, row: ProcessNote) -> ProcessNoteFacts:
    client_id = row.episode.client_id
    require(viewer, "read", Thing("process_note", id=row.id, client=client_id, author=row.author_id), at=at)
    trail.reading(
        actor=viewer, kind="process_note", client=client_id, object_id=row.id, at=at, private_to=row.author_id
    )
    text, drawer = _text(row), _drawer(row)
    addenda = ProcessAddendum.objects.filter(note=row).order_by("added_at")
    return ProcessNoteFacts(
        id=row.id,
        session_id=row.session_id,
        episode_id=row.episode_id,
        client_id=client_id,
        held_at=row.session.started_at or row.session.planned_start,
        state=NoteState(row.state),
        version=row.version,
        text=text,
        saved_at=row.saved_at,
        signed_at=row.signed_at,
        is_intact=_is_intact(row, text),
        addenda=tuple(
            ProcessAddendumFacts(each.added_at, keys.unseal(drawer, ADDENDUM_LABEL, each.id, each.text_sealed))
            for each in addenda
        ),
    )


def _is_intact(row: ProcessNote, text: str) -> bool:
    if row.signed_at is None or row.text_hash is None or row.salt_sealed is None:
        return row.state == NoteState.DRAFT
    signed = hash_of(
        note_id=row.id,
        salt=keys.unseal_bytes(_drawer(row), SALT_LABEL, row.id, row.salt_sealed),
        text=text,
        form="process",
        signer=row.author_id,
        signed_at=row.signed_at,
        is_late_entry=False,
    )
    return signed == bytes(row.text_hash)
