"""Progress notes: typed, kept while typed, saved, signed, and then only added to."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from rapport.clinical.sessions.notes import SECTIONS, NoteFormat, NoteMethod, NoteState
from rapport.clinical.sessions.writing.wording import advices
from rapport.practice.foundation.models import own_id
from rapport.practice.foundation.prepared import prepared
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.choices import DraftState
from rapport.practice.sessions.models import Kept, NoteAddendum, NoteDraft, NoteHabit, ProgressNote
from rapport.practice.sessions.models.notes import (
    ADDENDUM_LABEL,
    ADDENDUM_REASON_LABEL,
    DRAFT_LABEL,
    HEAD_LABEL,
    IGNORED_LABEL,
    NOTE_LABEL,
    SALT_LABEL,
)
from rapport.practice.sessions.rules import (
    LONGEST_NOTE,
    Head,
    ReasonMissing,
    Sections,
    hash_of,
    is_empty,
    is_late,
    known_sections,
    notes_within,
    reshaped,
    sessions_in_care,
)


class NoteConflict(Exception):
    """The note was saved elsewhere since this text was begun. Both texts are kept."""


class NoteSigned(Exception):
    """The note is signed; it can only be added to."""


class NoteTooLong(Exception):
    """More than a note can hold."""


class NothingToSign(Exception):
    """The note is empty."""


@action
def begin_note(
    *,
    actor: Actor,
    at: datetime,
    session_id: UUID,
    form: NoteFormat | None = None,
    method: NoteMethod | None = None,
    remember: bool = False,
) -> UUID:
    """The actor's note on a session: the one they have, or a new empty one.

    It begins in the given form or in the actor's usual one; `remember` makes the given form the usual one.
    """
    session = sessions_in_care(actor, at).filter(id=session_id).first()
    if session is None:
        raise not_found(actor, "create", Thing("progress_note", id=session_id), at=at)
    client_id = session.episode.client_id
    require(actor, "create", Thing("progress_note", client=client_id), at=at)
    mine = ProgressNote.objects.filter(session=session, author_id=actor.account).values_list("id", flat=True).first()
    if mine is not None:
        return mine
    form, method = _usual(actor, at, form, method, remember=remember)
    note_id = uuid.uuid4()
    empty = {str(section): "" for section in SECTIONS[form]}
    note, is_new = ProgressNote.objects.get_or_create(
        session=session,
        author_id=actor.account,
        defaults={
            "id": note_id,
            "episode": session.episode,
            "format": form,
            "method": method,
            "state": NoteState.DRAFT,
            "sections_sealed": keys.seal_data(keys.client(client_id), NOTE_LABEL, note_id, empty),
            "created_at": at,
            "saved_at": at,
        },
    )
    if is_new:
        _record(actor, at, "create", note)
    return note.id


@action
def keep_text(
    *, actor: Actor, at: datetime, note_id: UUID, tab: UUID, seq: int, base_version: int, sections: Sections
) -> Kept:
    """Keep what is being typed in one window. Never refused for its content's sake: a signed note keeps it apart."""
    note = _own(actor, at, note_id, "edit")
    words = _checked(sections)
    place = {"note_id": note_id, "author_id": actor.account, "tab": tab}
    known = NoteDraft.objects.of_window(**place)
    draft_id = known or own_id(note_id, tab)  # two first saves at once are sealed to one row
    kept = NoteDraft.objects.keep(
        **place,
        seq=seq,
        at=at,
        id=draft_id,
        base_version=base_version,
        text_sealed=keys.seal_data(keys.client(note.episode.client_id), DRAFT_LABEL, draft_id, words),
        state=DraftState.LATE if note.state == NoteState.SIGNED else DraftState.LIVE,
    )
    if known is None:  # one event for a window, not one for every few seconds of typing
        _record(actor, at, "keep_draft", note)
    return kept


@action
def save_note(
    *,
    actor: Actor,
    at: datetime,
    note_id: UUID,
    version: int,
    sections: Sections,
    form: NoteFormat | None = None,
    method: NoteMethod | None = None,
    remember: bool = False,
    tab: UUID | None = None,
    instead_of: UUID | None = None,
) -> int:
    """Save the note if nobody else did since `version`; return the new version.

    `tab` is the window whose kept text is now part of the note, `instead_of` the kept text it was made from.
    """
    note = _own(actor, at, note_id, "edit")
    form, method = form or NoteFormat(note.format), method or NoteMethod(note.method)
    new_version = _write(note, version, at, reshaped(_checked(sections), form), format=form, method=method)
    if remember:
        _usual(actor, at, form, method, remember=True)
    _spend(note, tab, instead_of)
    _record(actor, at, "edit", note)
    return new_version


@action
def sign_note(*, actor: Actor, at: datetime, note_id: UUID, version: int, head: Head = ()) -> None:
    """Sign the note as it was saved at `version`, with what stands above it. Signed twice, the first stands."""
    note = _own(actor, at, note_id, "sign")
    if note.state == NoteState.SIGNED and note.version == version + 1:
        return
    drawer = keys.client(note.episode.client_id)
    words = keys.unseal_data(drawer, NOTE_LABEL, note.id, note.sections_sealed)
    if note.state == NoteState.DRAFT and is_empty(words):
        raise NothingToSign("There is nothing to sign yet.")
    salt = secrets.token_bytes(32)
    late = is_late(note.session.ended_at or note.session.planned_end, at)
    text_hash = hash_of(
        note_id=note.id, salt=salt, text=words, form=note.format, signer=actor.account, signed_at=at,
        is_late_entry=late, head=head,
    )  # fmt: skip
    _write(
        note,
        version,
        at,
        words,
        state=NoteState.SIGNED,
        signed_at=at,
        signed_by=actor.account,
        is_late_entry=late,
        head_sealed=keys.seal_data(drawer, HEAD_LABEL, note.id, [list(line) for line in head]),
        salt_sealed=keys.seal_bytes(drawer, SALT_LABEL, note.id, salt),
        text_hash=text_hash,
    )
    _record(actor, at, "sign", note, detail=text_hash)


@action
def add_addendum(
    *, actor: Actor, at: datetime, note_id: UUID, text: str, reason: str, draft: UUID | None = None
) -> UUID:
    """Add to a signed note. The note stays as it was signed."""
    note = _own(actor, at, note_id, "amend")
    if note.state != NoteState.SIGNED:
        raise NoteConflict("A draft is edited, not added to.")
    text, reason = _checked({"text": text})["text"].strip(), reason.strip()
    if not text:
        raise NothingToSign("There is nothing to add.")
    if not reason:
        raise ReasonMissing("An addendum says why it is added.")
    drawer, addendum_id, salt = keys.client(note.episode.client_id), uuid.uuid4(), secrets.token_bytes(32)
    text_hash = hash_of(
        note_id=addendum_id, salt=salt, text=[text, reason], form="addendum", signer=actor.account, signed_at=at,
        is_late_entry=False,
    )  # fmt: skip
    NoteAddendum.objects.create(
        id=addendum_id,
        note=note,
        author_id=actor.account,
        text_sealed=keys.seal(drawer, ADDENDUM_LABEL, addendum_id, text),
        reason_sealed=keys.seal(drawer, ADDENDUM_REASON_LABEL, addendum_id, reason),
        salt_sealed=keys.seal_bytes(drawer, SALT_LABEL, addendum_id, salt),
        text_hash=text_hash,
        added_at=at,
    )
    _spend(note, None, draft)
    _record(actor, at, "amend", note, detail=text_hash)
    return addendum_id


@action
def put_text_aside(*, actor: Actor, at: datetime, note_id: UUID, draft: UUID) -> None:
    """The author does not want this kept text offered again."""
    note = _own(actor, at, note_id, "edit")
    _spend(note, None, draft)
    _record(actor, at, "put_draft_aside", note)


@action
def ignore_advice(*, actor: Actor, at: datetime, note_id: UUID, code: str) -> None:
    """The author does not want this advice on wording shown again for this note."""
    note = _own(actor, at, note_id, "edit")
    if code not in {advice.code for advice in advices()}:
        raise not_found(actor, "edit", Thing("progress_note", id=note_id), at=at)
    drawer = keys.client(note.episode.client_id)
    kept = keys.unseal_data(drawer, IGNORED_LABEL, note.id, note.ignored_sealed) if note.ignored_sealed else []
    ignored = keys.seal_data(drawer, IGNORED_LABEL, note.id, sorted({*kept, code}))
    ProgressNote.objects.filter(id=note.id).update(ignored_sealed=ignored)
    _record(actor, at, "ignore_advice", note)


def _usual(
    actor: Actor, at: datetime, form: NoteFormat | None, method: NoteMethod | None, *, remember: bool
) -> tuple[NoteFormat, NoteMethod]:
    """What was asked for, filled up with what this therapist usually takes."""
    habit = NoteHabit.objects.filter(author_id=actor.account).first()
    form = form or (NoteFormat(habit.format) if habit else NoteFormat.FREE)
    method = method or (NoteMethod(habit.method) if habit else NoteMethod.NONE)
    if remember:
        values = {"format": form, "method": method, "saved_at": at}
        NoteHabit.objects.update_or_create(author_id=actor.account, defaults=values)
    return form, method


def _own(actor: Actor, at: datetime, note_id: UUID, function: str) -> ProgressNote:
    """The actor's own note, of a client still in care; anybody else's is not there."""
    note = next(iter(_own_note(actor, at, note_id)), None)
    if note is None:
        raise not_found(actor, function, Thing("progress_note", id=note_id), at=at)
    thing = Thing("progress_note", id=note_id, client=note.episode.client_id, author=note.author_id)
    require(actor, function, thing, at=at)
    return note


@prepared
def _own_note(actor: Actor, at: datetime, note_id: UUID) -> QuerySet[ProgressNote]:
    read = "author", "format", "method", "state", "version", "sections_sealed", "ignored_sealed"
    above = "session__planned_end", "session__ended_at", "episode__client"
    return notes_within(actor, at).filter(id=note_id, author_id=actor.id).only(*read, *above)


def _write(note: ProgressNote, version: int, at: datetime, words: dict[str, str], **values: object) -> int:
    """Write the note only if it is still the draft of this version; whoever comes second changes nothing."""
    drawer = keys.client(note.episode.client_id)
    values["sections_sealed"] = keys.seal_data(drawer, NOTE_LABEL, note.id, words)
    still = ProgressNote.objects.filter(id=note.id, version=version, state=NoteState.DRAFT)
    if still.update(version=version + 1, saved_at=at, **values):
        return version + 1
    if ProgressNote.objects.filter(id=note.id, state=NoteState.SIGNED).exists():
        raise NoteSigned("This note is signed.")
    raise NoteConflict("This note was saved elsewhere.")


def _spend(note: ProgressNote, tab: UUID | None, draft: UUID | None) -> None:
    for chosen in ({"tab": tab} if tab else None, {"id": draft} if draft else None):
        if chosen:
            NoteDraft.objects.filter(note=note, author_id=note.author_id, **chosen).update(state=DraftState.SPENT)


def _checked(sections: Sections) -> dict[str, str]:
    words = known_sections(sections)
    if sum(len(text) for text in words.values()) > LONGEST_NOTE:
        raise NoteTooLong("A note holds at most 200,000 characters.")
    return words


def _record(actor: Actor, at: datetime, name: str, note: ProgressNote, detail: bytes = b"") -> None:
    trail.record(
        actor=actor, action=name, object_type="progress_note", object_id=note.id, client=note.episode.client_id, at=at,
        detail=detail,
    )  # fmt: skip
