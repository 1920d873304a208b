"""What a client said about an hour, a therapist's memo of a rupture, licensed forms. Nothing is overwritten."""

from __future__ import annotations

from django.db import models

from rapport.clinical.alliance.sliders import Slider
from rapport.clinical.alliance.speaking_freely import Freely
from rapport.practice.alliance.choices import Way, WordsKind
from rapport.practice.episodes.models import Episode
from rapport.practice.foundation.models import Record
from rapport.practice.security.accounts.models import Account
from rapport.practice.sessions.models import TherapySession

TAP_LABEL = "alliance.tap.value"
WORDS_LABEL = "alliance.words.said"
MEMO_LABEL = "alliance.rupture.memo"
ANSWERS_LABEL = "alliance.form.answers"
WORDING_LABEL = "alliance.form.wording"


class Tap(Record):
    """One answer, 0 to 10, to one question after an hour. Answered again it is a new row; the last one counts."""

    session = models.ForeignKey(TherapySession, on_delete=models.PROTECT, related_name="+")
    question = models.CharField(max_length=16, choices=[(code, code) for code in (*Slider, *Freely)])
    wording = models.CharField(max_length=8)
    value_sealed = models.BinaryField()
    way = models.CharField(max_length=8, choices=Way)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["session", "recorded_at"], name="taps_of_session")]

    def __str__(self) -> str:
        return f"{self.question} of {self.session_id}"


class HourWords(Record):
    """Words about an hour. `eyes_only`: for its therapist's eyes, not for supervision and not for a colleague."""

    session = models.ForeignKey(TherapySession, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=WordsKind)
    said_sealed = models.BinaryField()
    eyes_only = models.BooleanField()
    way = models.CharField(max_length=8, choices=Way)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["session", "recorded_at"], name="words_of_session")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.session_id}"


class Rupture(Record):
    """One therapist's memo of a rupture in one hour. It opens only with its author's and the client's key together."""

    author = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(TherapySession, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["author", "episode"], name="ruptures_of_author")]

    def __str__(self) -> str:
        return f"memo {self.id}"


class RuptureEntry(Record):
    """The memo as it was written one time; the highest number counts."""

    rupture = models.ForeignKey(Rupture, on_delete=models.PROTECT, related_name="entries")
    number = models.PositiveIntegerField()
    memo_sealed = models.BinaryField()
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rupture", "number"], name="one_memo_per_number")]

    def __str__(self) -> str:
        return f"entry {self.number} of {self.rupture_id}"


class FormAnswer(Record):
    """A licensed form as it was answered after an hour. Entered again it is a new row; the last one counts."""

    session = models.ForeignKey(TherapySession, on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=16)
    answers_sealed = models.BinaryField()
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["session", "recorded_at"], name="forms_of_session")]

    def __str__(self) -> str:
        return f"{self.form} of {self.session_id}"


class FormWording(Record):
    """The text of a licensed form, brought by a practice that may use it. The last one counts."""

    form = models.CharField(max_length=16)
    wording_sealed = models.BinaryField()
    added_at = models.DateTimeField()
    added_by = models.UUIDField()

    def __str__(self) -> str:
        return f"wording of {self.form}"
