"""How courses end: what was said of it, the last look at safety, the letter, the closing. Nothing is overwritten."""

from __future__ import annotations

from django.db import models

from rapport.clinical.endings.kinds import EndingKind
from rapport.practice.episodes.models import Episode
from rapport.practice.foundation.models import Record


class EndingVersion(Record):
    """An ending as it was recorded at a moment; the highest number counts."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="ending_versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=32)
    content_sealed = models.BinaryField()
    at = models.DateTimeField()
    by = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "number"], name="one_ending_per_number"),
            models.CheckConstraint(
                condition=models.Q(kind__in=[str(kind) for kind in EndingKind]), name="known_ending_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.episode_id} ending {self.number}"


class FinalRiskCheck(Record):
    """The last look at safety before a course is closed."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="final_risk_checks")
    at = models.DateTimeField()
    by = models.UUIDField()
    words_sealed = models.BinaryField()
    has_plan = models.BooleanField()

    def __str__(self) -> str:
        return f"risk check {self.id}"


class Letter(Record):
    """A version of the summary letter. A released one is the client's to keep and is never changed."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="letters")
    number = models.PositiveIntegerField()
    text_sealed = models.BinaryField()
    written_at = models.DateTimeField()
    written_by = models.UUIDField()
    released_at = models.DateTimeField(null=True)
    released_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["episode", "number"], name="one_letter_per_number")]

    def __str__(self) -> str:
        return f"letter {self.id}"


class Closing(Record):
    """A person closed the course: when, on which ending and risk check, and with which result."""

    episode = models.OneToOneField(Episode, on_delete=models.PROTECT, related_name="closing")
    ending = models.ForeignKey(EndingVersion, on_delete=models.PROTECT, related_name="+")
    risk_check = models.ForeignKey(FinalRiskCheck, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.UUIDField()
    result_sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"closing of {self.episode_id}"
