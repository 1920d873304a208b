"""Writing process notes. Their audit events, too, are for their author only."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime
from uuid import UUID

from rapport.clinical.sessions.notes import NoteState
from rapport.practice.foundation.models import own_id
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
from rapport.practice.process_notes.queries import notice_is_read
from rapport.practice.process_notes.rules import NoticeUnread, own_notes
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.actions import NoteConflict, NoteSigned, NoteTooLong, NothingToSign
from rapport.practice.sessions.choices import DraftState
from rapport.practice.sessions.models import Kept
from rapport.practice.sessions.rules import LONGEST_NOTE, hash_of, sessions_in_care

__all__ = [
    "NoteConflict",
    "NoteSigned",
    "NoteTooLong",
    "NothingToSign",
    "NoticeUnread",
    "add_to_process_note",
    "begin_process_note",
    "keep_process_text",
    "put_process_text_aside",
    "read_notice",
    "save_process_note",
    "sign_process_note",
]


@action
def read_notice(*, actor: Actor, at: datetime) -> None:
    """The author read what the law here says about process notes."""
    require(actor, "read", Thing("process_note", author=actor.id), at=at)
    here = practice(viewer=actor, at=at).jurisdiction
    _, is_new = ProcessNotice.objects.get_or_create(
        author_id=actor.account, jurisdiction=here, defaults={"read_at": at}
    )
    if is_new:
        trail.record(
            actor=actor, action="read_notice", object_type="process_note", object_id=None, at=at,
            private_to=actor.account, reason=here,
        )  # fmt: skip


@action
def begin_process_note(*, actor: Actor, at: datetime, session_id: UUID) -> UUID:
    """The actor's own process note on a session: the one they have, or a new empty one."""
    session = sessions_in_care(actor, at).filter(id=session_id).first()
    if session is None:
        raise not_found(actor, "create", Thing("process_note", author=actor.id), at=at)
    client_id = session.episode.client_id
    require(actor, "create", Thing("process_note", client=client_id, author=actor.account), at=at)
    if not notice_is_read(viewer=actor, at=at):
        raise NoticeUnread("Read first what the law says about process notes here.")
    note_id = uuid.uuid4()
    note, is_new = ProcessNote.objects.get_or_create(
        session=session,
        author_id=actor.account,
        defaults={
            "id": note_id,
            "episode": session.episode,
            "state": NoteState.DRAFT,
            "text_sealed": keys.seal(keys.process_note(actor.account, client_id), TEXT_LABEL, note_id, ""),
            "created_at": at,
            "saved_at": at,
        },
    )
    if is_new:
        _record(actor, at, "create", note)
    return note.id


@action
def keep_process_text(
    *, actor: Actor, at: datetime, note_id: UUID, tab: UUID, seq: int, base_version: int, text: str
) -> Kept:
    """Keep what is being typed in one window."""
    note = _own(actor, at, note_id, "edit")
    place = {"note_id": note_id, "author_id": actor.account, "tab": tab}
    known = ProcessDraft.objects.of_window(**place)
    draft_id = known or own_id(note_id, tab)  # two first saves at once are sealed to one row
    kept = ProcessDraft.objects.keep(
        **place,
        seq=seq,
        at=at,
        id=draft_id,
        base_version=base_version,
        text_sealed=keys.seal(_drawer(note), DRAFT_LABEL, draft_id, _checked(text)),
        state=DraftState.LATE if note.state == NoteState.SIGNED else DraftState.LIVE,
    )
    if known is None:
        _record(actor, at, "keep_draft", note)
    return kept


@action
def save_process_note(
    *,
    actor: Actor,
    at: datetime,
    note_id: UUID,
    version: int,
    text: str,
    tab: UUID | None = None,
    instead_of: UUID | None = None,
) -> int:
    """Save the note if it was not saved elsewhere since `version`; return the new version."""
    note = _own(actor, at, note_id, "edit")
    new_version = _write(note, version, at, _checked(text))
    _spend(note, tab, instead_of)
    _record(actor, at, "edit", note)
    return new_version


@action
def sign_process_note(*, actor: Actor, at: datetime, note_id: UUID, version: int) -> None:
    """Close the note as it was saved at `version`: from now on it is only added to."""
    note = _own(actor, at, note_id, "sign")
    if note.state == NoteState.SIGNED and note.version == version + 1:
        return
    text = keys.unseal(_drawer(note), TEXT_LABEL, note.id, note.text_sealed)
    if note.state == NoteState.DRAFT and not text.strip():
        raise NothingToSign("There is nothing to close yet.")
    salt = secrets.token_bytes(32)
    text_hash = hash_of(
        note_id=note.id, salt=salt, text=text, form="process", signer=actor.account, signed_at=at, is_late_entry=False
    )
    sealed = keys.seal_bytes(_drawer(note), SALT_LABEL, note.id, salt)
    _write(note, version, at, text, state=NoteState.SIGNED, signed_at=at, salt_sealed=sealed, text_hash=text_hash)
    _record(actor, at, "sign", note, detail=text_hash)


@action
def add_to_process_note(*, actor: Actor, at: datetime, note_id: UUID, text: str, draft: UUID | None = None) -> None:
    """Add to a closed note."""
    note = _own(actor, at, note_id, "edit")
    if note.state != NoteState.SIGNED:
        raise NoteConflict("A draft is edited, not added to.")
    if not text.strip():
        raise NothingToSign("There is nothing to add.")
    added = uuid.uuid4()
    sealed = keys.seal(_drawer(note), ADDENDUM_LABEL, added, _checked(text).strip())
    ProcessAddendum.objects.create(id=added, note=note, text_sealed=sealed, added_at=at)
    _spend(note, None, draft)
    _record(actor, at, "amend", note)


@action
def put_process_text_aside(*, actor: Actor, at: datetime, note_id: UUID, draft: UUID) -> None:
    """The author does not want this kept text offered again."""
    note = _own(actor, at, note_id, "edit")
    _spend(note, None, draft)
    _record(actor, at, "put_draft_aside", note)


def _own(actor: Actor, at: datetime, note_id: UUID, function: str) -> ProcessNote:
    note = own_notes(actor, at).filter(id=note_id).first()
    if note is None:
        raise not_found(actor, function, Thing("process_note", id=note_id), at=at)
    require(
        actor, function, Thing("process_note", id=note_id, client=note.episode.client_id, author=note.author_id), at=at
    )
    return note


def _drawer(note: ProcessNote) -> keys.Compartment:
    return keys.process_note(note.author_id, note.episode.client_id)


def _checked(text: str) -> str:
    if len(text) > LONGEST_NOTE:
        raise NoteTooLong("A note holds at most 200,000 characters.")
    return text.replace("\r\n", "\n")


def _write(note: ProcessNote, version: int, at: datetime, text: str, **values: object) -> int:
    values["text_sealed"] = keys.seal(_drawer(note), TEXT_LABEL, note.id, text)
    still = ProcessNote.objects.filter(id=note.id, version=version, state=NoteState.DRAFT)
    if still.update(version=version + 1, saved_at=at, **values):
        return version + 1
    if ProcessNote.objects.filter(id=note.id, state=NoteState.SIGNED).exists():
        raise NoteSigned("This note is closed.")
    raise NoteConflict("This note was saved elsewhere.")


def _spend(note: ProcessNote, tab: UUID | None, draft: UUID | None) -> None:
    for chosen in ({"tab": tab} if tab else None, {"id": draft} if draft else None):
        if chosen:
            ProcessDraft.objects.filter(note=note, author_id=note.author_id, **chosen).update(state=DraftState.SPENT)


def _record(actor: Actor, at: datetime, name: str, note: ProcessNote, detail: bytes = b"") -> None:
    trail.record(
        actor=actor, action=name, object_type="process_note", object_id=note.id, client=note.episode.client_id, at=at,
        detail=detail, private_to=note.author_id,
    )  # fmt: skip
