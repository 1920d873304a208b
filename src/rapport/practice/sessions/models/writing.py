"""What helps to write notes: a therapist's usual form, their own short texts, and whom a client's notes may name."""

from __future__ import annotations

from django.db import models

from rapport.clinical.sessions.notes import NoteFormat, NoteMethod
from rapport.practice.clients.models import Client
from rapport.practice.foundation.models import Record
from rapport.practice.security.accounts.models import Account

SNIPPET_TITLE_LABEL = "sessions.snippet.title"
SNIPPET_LABEL = "sessions.snippet.text"
PERSON_LABEL = "sessions.person.name"
RELATION_LABEL = "sessions.person.relation"


class NoteHabit(Record):
    """The form in which a therapist's notes begin."""

    author = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="+")
    format = models.CharField(max_length=8, choices=[(form, form) for form in NoteFormat])
    method = models.CharField(max_length=16, choices=[(way, way) for way in NoteMethod])
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.format} {self.method}"


class Snippet(Record):
    """A short text of a therapist's own, under their own key: it is nobody's record."""

    author = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    title_sealed = models.BinaryField()
    text_sealed = models.BinaryField()
    saved_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["author", "removed_at"], name="snippets_of_author")]

    def __str__(self) -> str:
        return f"snippet {self.id}"


class PersonInLife(Record):
    """Somebody in a client's life whose name stands in notes and leaves the house as initials."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    name_sealed = models.BinaryField()
    relation_sealed = models.BinaryField(null=True)
    noted_at = models.DateTimeField()
    noted_by = models.UUIDField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["client", "removed_at"], name="people_of_client")]

    def __str__(self) -> str:
        return f"person {self.id}"
