"""Process notes: what a therapist thinks for themselves. Apart from the record, in tables and under keys of their own.

Nothing elsewhere refers to these rows, so nothing elsewhere can count them.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from rapport.clinical.sessions.notes import NoteState
from rapport.practice.episodes.models import Episode
from rapport.practice.foundation.models import Record
from rapport.practice.security.accounts.models import Account
from rapport.practice.sessions.models import Draft, TherapySession

TEXT_LABEL = "process_notes.note.text"
SALT_LABEL = "process_notes.note.salt"
DRAFT_LABEL = "process_notes.note.draft"
ADDENDUM_LABEL = "process_notes.addendum.text"


class ProcessNote(Record):
    """One author's own note on a session. It opens only with the author's and the client's key together."""

    author = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(TherapySession, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=[(state, state) for state in NoteState])
    text_sealed = models.BinaryField()
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    salt_sealed = models.BinaryField(null=True)
    text_hash = models.BinaryField(max_length=32, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "author"], name="one_process_note_per_session_and_author"),
            models.CheckConstraint(
                condition=Q(state=NoteState.DRAFT, signed_at=None, text_hash=None)
                | Q(
                    state=NoteState.SIGNED, signed_at__isnull=False, text_hash__isnull=False, salt_sealed__isnull=False
                ),
                name="signed_process_note_has_its_signature",
            ),
        ]

    def __str__(self) -> str:
        return f"process note {self.id}"


class ProcessDraft(Draft):
    """Typing in the editor of a process note."""

    note = models.ForeignKey(ProcessNote, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "author_id", "tab"], name="one_process_draft_per_window")
        ]

    def __str__(self) -> str:
        return f"draft of {self.note_id}"


class ProcessAddendum(Record):
    """What its author added to a signed process note."""

    note = models.ForeignKey(ProcessNote, on_delete=models.PROTECT, related_name="addenda")
    text_sealed = models.BinaryField()
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"addendum to {self.note_id}"


class ProcessNotice(Record):
    """That an author read what the law of a place says about process notes, before the first one."""

    author = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    jurisdiction = models.CharField(max_length=8)
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["author", "jurisdiction"], name="one_notice_per_author_and_law")]

    def __str__(self) -> str:
        return f"notice of {self.jurisdiction}"
