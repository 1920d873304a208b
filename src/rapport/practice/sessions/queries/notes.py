"""Reading progress notes, and what was typed for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery, UUIDField

from rapport.clinical.sessions.attendance import CAME
from rapport.clinical.sessions.notes import SIGN_WITHIN_HOURS, Due, NoteFormat, NoteMethod, NoteState, how_due
from rapport.clinical.sessions.states import SessionState
from rapport.practice.clients.queries import names
from rapport.practice.episodes.rules import clients_in_care
from rapport.practice.foundation.prepared import prepared
from rapport.practice.security.accounts.queries import staff_names
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.choices import DraftState
from rapport.practice.sessions.models import NoteAddendum, NoteDraft, ProgressNote, TherapySession
from rapport.practice.sessions.models.notes import (
    ADDENDUM_LABEL,
    ADDENDUM_REASON_LABEL,
    DRAFT_LABEL,
    HEAD_LABEL,
    IGNORED_LABEL,
    NOTE_LABEL,
    SALT_LABEL,
)
from rapport.practice.sessions.rules import Head, hash_of, notes_within

LOOKED_BACK = timedelta(days=366)  # what is older is asked for by nobody any more


@dataclass(frozen=True, slots=True)
class AddendumFacts:
    """What was added to a signed note."""

    id: UUID
    author_name: str
    added_at: datetime
    text: str
    reason: str
    is_intact: bool


@dataclass(frozen=True, slots=True)
class NoteFacts:
    """A note as it stands. `is_intact` says whether a signed one is still what was signed."""

    id: UUID
    session_id: UUID
    episode_id: UUID
    client_id: UUID
    author_id: UUID
    author_name: str
    format: NoteFormat
    state: NoteState
    version: int
    sections: dict[str, str]
    created_at: datetime
    saved_at: datetime
    signed_at: datetime | None
    is_late_entry: bool
    text_hash: str
    is_intact: bool
    addenda: tuple[AddendumFacts, ...] = ()
    method: NoteMethod = NoteMethod.NONE
    head: Head = ()
    ignored: frozenset[str] = frozenset()

    @property
    def has_words(self) -> bool:
        return any(text.strip() for text in self.sections.values())


@dataclass(frozen=True, slots=True)
class KeptText:
    """Typing of one window that is not in the note: from which version it began, and until when it was kept."""

    id: UUID
    tab: UUID
    saved_at: datetime
    base_version: int
    sections: dict[str, str]
    is_late: bool


@dataclass(frozen=True, slots=True)
class NoteMark:
    """Whether there is a note on a session, without its words."""

    note_id: UUID
    author_id: UUID
    state: NoteState


@dataclass(frozen=True, slots=True)
class UnsignedNote:
    """An hour that still wants the viewer's signature. Without `note_id` nothing was written yet."""

    session_id: UUID
    episode_id: UUID
    note_id: UUID | None
    client_name: str
    held_at: datetime
    due_at: datetime
    due: Due


def note(*, viewer: Actor, at: datetime, note_id: UUID) -> NoteFacts:
    """One note: one's own, or a colleague's signed one of a client in care."""
    row = notes_within(viewer, at).filter(id=note_id).first()
    if row is None:
        raise not_found(viewer, "read", Thing("progress_note", id=note_id), at=at)
    client_id = row.episode.client_id
    require(viewer, "read", Thing("progress_note", id=note_id, client=client_id, author=row.author_id), at=at)
    trail.reading(actor=viewer, kind="progress_note", client=client_id, object_id=note_id, at=at)
    staff = staff_names()
    addenda = NoteAddendum.objects.filter(note=row).order_by("added_at")
    return _facts(row, client_id, staff, tuple(_addendum(each, client_id, staff) for each in addenda))


def note_state(*, viewer: Actor, at: datetime, note_id: UUID) -> tuple[NoteState, int] | None:
    """State and version of the viewer's own note; asked by the page while somebody types."""
    row = notes_within(viewer, at).filter(id=note_id, author_id=viewer.id).values_list("state", "version").first()
    return (NoteState(row[0]), row[1]) if row else None


def kept_texts(*, viewer: Actor, at: datetime, note_id: UUID) -> tuple[KeptText, ...]:
    """What the viewer typed for their own note and has not saved into it, newest first."""
    row = notes_within(viewer, at).filter(id=note_id, author_id=viewer.id).first()
    if row is None:
        return ()
    client_id = row.episode.client_id
    saved = _sections(row, client_id)
    drafts = NoteDraft.objects.filter(note=row, author_id=viewer.account).exclude(state=DraftState.SPENT)
    found = [_kept(draft, client_id, row.state == NoteState.SIGNED) for draft in drafts.order_by("-saved_at")]
    return tuple(text for text in found if not _same(text.sections, saved))


def note_marks(*, viewer: Actor, at: datetime, session_ids: Iterable[UUID]) -> dict[UUID, tuple[NoteMark, ...]]:
    """Which of these sessions have notes the viewer may read."""
    marks: dict[UUID, tuple[NoteMark, ...]] = {}
    for session_id, note_id, author_id, state in _marks(viewer, at, {*session_ids}):
        marks[session_id] = (*marks.get(session_id, ()), NoteMark(note_id, author_id, NoteState(state)))
    return marks


@prepared
def _marks(
    viewer: Actor, at: datetime, sessions: Collection[UUID]
) -> QuerySet[ProgressNote, tuple[UUID, UUID, UUID, str]]:
    rows = notes_within(viewer, at).filter(session__in=sessions).order_by("created_at")
    return rows.values_list("session_id", "id", "author_id", "state")


def last_signed(*, viewer: Actor, at: datetime, note_id: UUID) -> NoteFacts | None:
    """The newest signed note of an earlier hour in the same course: what may be carried into the viewer's own note."""
    own = notes_within(viewer, at).filter(id=note_id, author_id=viewer.id).first()
    if own is None:
        return None
    earlier = notes_within(viewer, at).filter(
        episode_id=own.episode_id, signed_at__isnull=False, session__planned_start__lt=own.session.planned_start
    )
    row = earlier.order_by("-session__planned_start", "-signed_at").first()
    if row is None:
        return None
    client_id = row.episode.client_id
    require(viewer, "read", Thing("progress_note", id=row.id, client=client_id, author=row.author_id), at=at)
    trail.reading(actor=viewer, kind="progress_note", client=client_id, object_id=row.id, at=at)
    return _facts(row, client_id, staff_names(), ())


def unsigned(*, viewer: Actor, at: datetime) -> tuple[UnsignedNote, ...]:
    """The viewer's hours of the last year that took place and have no signed note of theirs, oldest first."""
    waiting = _without_signature(viewer, at, at - LOOKED_BACK)
    called = names(viewer=viewer, at=at, client_ids=(row.episode__client_id for row in waiting))
    return tuple(_unsigned(row, called.get(row.episode__client_id, ""), at) for row in waiting)


@prepared
def _without_signature(viewer: Actor, at: datetime, since: datetime) -> QuerySet[Any]:
    own = ProgressNote.objects.filter(session=OuterRef("pk"), author_id=viewer.account)
    held = TherapySession.objects.filter(
        ~Exists(own.filter(signed_at__isnull=False)),
        therapist_id=viewer.account,
        episode__client__in=clients_in_care(viewer, at),
        state=SessionState.ENDED,
        attendance__in=sorted(CAME),
        planned_start__gte=since,
    )
    begun = Subquery(own.values("id")[:1], output_field=UUIDField())
    times = ("planned_start", "planned_end", "started_at", "ended_at")
    rows = held.annotate(begun=begun).order_by("planned_start")
    return rows.values_list("id", "episode_id", "episode__client_id", "begun", *times, named=True)


def _unsigned(row: Any, name: str, at: datetime) -> UnsignedNote:
    ended = row.ended_at or row.planned_end
    due_at = ended + timedelta(hours=SIGN_WITHIN_HOURS)
    held_at = row.started_at or row.planned_start
    return UnsignedNote(row.id, row.episode_id, row.begun, name, held_at, due_at, how_due(ended, at))


def opens_a_note(*, viewer: Actor, at: datetime) -> bool | None:
    """Whether the newest signed note whose key still lives opens and is what was signed; None if there is no such note.

    For the drill, which shows nobody what it opens.
    """
    require(viewer, "prove", Thing("safekeeping"), at=at)
    signed = ProgressNote.objects.filter(state=NoteState.SIGNED).select_related("episode").order_by("-signed_at")
    for row in signed.iterator(chunk_size=50):
        client_id = row.episode.client_id
        try:
            return _is_intact(row, client_id, _sections(row, client_id), _head(row, client_id))
        except keys.KeyDestroyed:
            continue
        except keys.SealBroken:
            return False
    return None


def _sections(row: ProgressNote, client_id: UUID) -> dict[str, str]:
    sections: dict[str, str] = keys.unseal_data(keys.client(client_id), NOTE_LABEL, row.id, row.sections_sealed)
    return sections


def _same(one: dict[str, str], other: dict[str, str]) -> bool:
    return {k: v for k, v in one.items() if v.strip()} == {k: v for k, v in other.items() if v.strip()}


def _kept(draft: NoteDraft, client_id: UUID, is_signed: bool) -> KeptText:
    sections = keys.unseal_data(keys.client(client_id), DRAFT_LABEL, draft.id, draft.text_sealed)
    late = is_signed or draft.state == DraftState.LATE
    return KeptText(draft.id, draft.tab, draft.saved_at, draft.base_version, sections, late)


def _facts(row: ProgressNote, client_id: UUID, staff: dict[UUID, str], addenda: tuple[AddendumFacts, ...]) -> NoteFacts:
    drawer = keys.client(client_id)
    try:
        sections, head = _sections(row, client_id), _head(row, client_id)
        is_intact = _is_intact(row, client_id, sections, head)
    except keys.SealBroken:  # changed past the practice: say so instead of failing
        keys.notice(NOTE_LABEL, row.id)
        sections, head, is_intact = {}, (), False
    ignored = keys.unseal_data(drawer, IGNORED_LABEL, row.id, row.ignored_sealed) if row.ignored_sealed else ()
    return NoteFacts(
        id=row.id,
        session_id=row.session_id,
        episode_id=row.episode_id,
        client_id=client_id,
        author_id=row.author_id,
        author_name=staff.get(row.author_id, ""),
        format=NoteFormat(row.format),
        state=NoteState(row.state),
        version=row.version,
        sections=sections,
        created_at=row.created_at,
        saved_at=row.saved_at,
        signed_at=row.signed_at,
        is_late_entry=row.is_late_entry,
        text_hash=bytes(row.text_hash).hex() if row.text_hash else "",
        is_intact=is_intact,
        addenda=addenda,
        method=NoteMethod(row.method),
        head=head,
        ignored=frozenset(ignored),
    )


def _head(row: ProgressNote, client_id: UUID) -> Head:
    if row.head_sealed is None:
        return ()
    lines = keys.unseal_data(keys.client(client_id), HEAD_LABEL, row.id, row.head_sealed)
    return tuple((label, words) for label, words in lines)


def _is_intact(row: ProgressNote, client_id: UUID, sections: dict[str, str], head: Head) -> bool:
    if row.signed_at is None or row.signed_by is None or row.text_hash is None or row.salt_sealed is None:
        return row.state == NoteState.DRAFT
    signed = hash_of(
        note_id=row.id,
        salt=keys.unseal_bytes(keys.client(client_id), SALT_LABEL, row.id, row.salt_sealed),
        text=sections,
        form=row.format,
        signer=row.signed_by,
        signed_at=row.signed_at,
        is_late_entry=row.is_late_entry,
        head=head,
    )
    return signed == bytes(row.text_hash)


def _addendum(row: NoteAddendum, client_id: UUID, staff: dict[UUID, str]) -> AddendumFacts:
    drawer = keys.client(client_id)
    text = keys.unseal(drawer, ADDENDUM_LABEL, row.id, row.text_sealed)
    reason = keys.unseal(drawer, ADDENDUM_REASON_LABEL, row.id, row.reason_sealed)
    expected = hash_of(
        note_id=row.id,
        salt=keys.unseal_bytes(drawer, SALT_LABEL, row.id, row.salt_sealed),
        text=[text, reason],
        form="addendum",
        signer=row.author_id,
        signed_at=row.added_at,
        is_late_entry=False,
    )
    return AddendumFacts(
        row.id, staff.get(row.author_id, ""), row.added_at, text, reason, expected == bytes(row.text_hash)
    )
