"""Progress notes: the record another clinician may need."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from rapport.clinical.sessions.notes import NoteFormat, NoteMethod, NoteState
from rapport.practice.episodes.models import Episode
from rapport.practice.foundation.models import Record
from rapport.practice.security.accounts.models import Account
from rapport.practice.sessions.models.drafts import Draft
from rapport.practice.sessions.models.hours import TherapySession

NOTE_LABEL = "sessions.note.sections"
SALT_LABEL = "sessions.note.salt"
DRAFT_LABEL = "sessions.note.draft"
HEAD_LABEL = "sessions.note.head"
IGNORED_LABEL = "sessions.note.ignored"
ADDENDUM_LABEL = "sessions.note.addendum"
ADDENDUM_REASON_LABEL = "sessions.note.addendum.reason"


class ProgressNote(Record):
    """A note on a session: a draft of its author's, then signed and never changed again.

    The signature is a hash over the text, the signer, the moment and a random salt. The salt is sealed with the text,
    so that the hash, which stays readable, confirms nothing about what was written.
    """

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="progress_notes")
    session = models.ForeignKey(TherapySession, on_delete=models.PROTECT, related_name="progress_notes")
    author = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    format = models.CharField(max_length=8, choices=[(form, form) for form in NoteFormat])
    method = models.CharField(max_length=16, default=NoteMethod.NONE, choices=[(way, way) for way in NoteMethod])
    state = models.CharField(max_length=8, choices=[(state, state) for state in NoteState])
    sections_sealed = models.BinaryField()
    head_sealed = models.BinaryField(null=True)  # times, attendance, scores: as they stood when it was signed
    ignored_sealed = models.BinaryField(null=True)  # which advice on wording its author does not want again
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    is_late_entry = models.BooleanField(default=False)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.UUIDField(null=True)
    salt_sealed = models.BinaryField(null=True)
    text_hash = models.BinaryField(max_length=32, null=True)

    class Meta:
        indexes = [models.Index(fields=["author", "state"], name="notes_of_author")]
        constraints = [
            models.UniqueConstraint(fields=["session", "author"], name="one_note_per_session_and_author"),
            models.CheckConstraint(
                condition=Q(state=NoteState.DRAFT, signed_at=None, signed_by=None, text_hash=None)
                | Q(
                    state=NoteState.SIGNED,
                    signed_at__isnull=False,
                    signed_by__isnull=False,
                    text_hash__isnull=False,
                    salt_sealed__isnull=False,
                ),
                name="signed_note_has_its_signature",
            ),
        ]

    def __str__(self) -> str:
        return f"note {self.id}"


class NoteDraft(Draft):
    """Typing in the editor of a progress note."""

    note = models.ForeignKey(ProgressNote, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "author_id", "tab"], name="one_note_draft_per_window")]

    def __str__(self) -> str:
        return f"draft of {self.note_id}"


class NoteAddendum(Record):
    """What was added to a signed note, why, and a hash of it."""

    note = models.ForeignKey(ProgressNote, on_delete=models.PROTECT, related_name="addenda")
    author_id = models.UUIDField()
    text_sealed = models.BinaryField()
    reason_sealed = models.BinaryField()
    salt_sealed = models.BinaryField()
    text_hash = models.BinaryField(max_length=32)
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"addendum to {self.note_id}"
