"""Messages, letters and what became of them. Words are sealed under the client's key; nothing sent is ever changed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from rapport.practice.correspondence.choices import LetterKind, LetterStep, SentBy
from rapport.practice.episodes.models import Episode
from rapport.practice.files.models import StoredFile
from rapport.practice.foundation.models import Record

MESSAGE_LABEL = "correspondence.message.text"
LETTER_LABEL = "correspondence.letter.text"
STEP_LABEL = "correspondence.letter.step"


class SecureMessage(Record):
    """A message between client and therapist. It never leaves the house; the post only says that an item waits."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="messages")
    from_client = models.BooleanField()
    sent_at = models.DateTimeField()
    sent_by = models.UUIDField()
    text_sealed = models.BinaryField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["episode", "sent_at"], name="messages_of_episode"),
            models.Index(fields=["sent_at"], condition=Q(settled_at=None, from_client=True), name="messages_waiting"),
        ]

    def __str__(self) -> str:
        return f"message {self.id}"


class MessageFile(Record):
    """A file sent with a message."""

    message = models.ForeignKey(SecureMessage, on_delete=models.PROTECT, related_name="attached")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"file of {self.message_id}"


class CaseLetter(Record):
    """A letter while it is written, and for good once it has left. `version` counts its savings."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="case_letters")
    kind = models.CharField(max_length=16, choices=[(kind, kind) for kind in LetterKind])
    version = models.PositiveIntegerField(default=1)
    content_sealed = models.BinaryField()
    written_at = models.DateTimeField()
    written_by = models.UUIDField()
    sent_at = models.DateTimeField(null=True)
    how = models.CharField(max_length=8, blank=True, choices=[(how, how) for how in SentBy])

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at=None, how="") | (Q(sent_at__isnull=False) & ~Q(how="")), name="sent_somehow"
            )
        ]

    def __str__(self) -> str:
        return f"letter {self.id}"


class CaseLetterStep(Record):
    """What happened to a letter, when, and what was said."""

    letter = models.ForeignKey(CaseLetter, on_delete=models.PROTECT, related_name="steps")
    seq = models.PositiveIntegerField()
    step = models.CharField(max_length=16, choices=[(step, step) for step in LetterStep])
    at = models.DateTimeField()
    by = models.UUIDField()
    words_sealed = models.BinaryField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["letter", "seq"], name="letter_steps_in_order")]

    def __str__(self) -> str:
        return f"{self.step} of {self.letter_id}"
