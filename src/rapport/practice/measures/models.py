"""Forms that were asked, answers as they were given, scores as they were computed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from rapport.practice.clients.models import Client
from rapport.practice.episodes.models import Episode
from rapport.practice.foundation.models import Record
from rapport.practice.measures.choices import LocalKind, Mode, Rhythm
from rapport.practice.safety.models import Alert


class InstalledPack(Record):
    """A content pack whose terms somebody of this practice read and accepted."""

    pack = models.CharField(max_length=64, unique=True)
    installed_at = models.DateTimeField()
    installed_by = models.UUIDField()

    def __str__(self) -> str:
        return self.pack


class LocalInstrument(Record):
    """A measure this practice brought itself: its totals with norms, a form, or the wording of a known skeleton.

    `content` holds the form or the wording as JSON; `licence` is what the person who brought it attested.
    """

    key = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=16, choices=LocalKind, default=LocalKind.TOTAL)
    content = models.TextField(blank=True)
    licence = models.CharField(max_length=500, blank=True)
    title = models.CharField(max_length=120)
    low = models.FloatField()
    high = models.FloatField()
    direction = models.CharField(max_length=8)
    reliability = models.FloatField(null=True)
    clinical_mean = models.FloatField(null=True)
    clinical_sd = models.FloatField(null=True)
    functional_mean = models.FloatField(null=True)
    functional_sd = models.FloatField(null=True)
    cut = models.FloatField(null=True)
    source = models.CharField(max_length=300, blank=True)
    version = models.CharField(max_length=16)
    added_at = models.DateTimeField()
    added_by = models.UUIDField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(high__gt=models.F("low")), name="scale_has_room")]

    def __str__(self) -> str:
        return self.key


class Assignment(Record):
    """A form the client is asked to answer, once or again and again. `reason` says why more is asked than the cap."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="assignments")
    instrument = models.CharField(max_length=64)
    language = models.CharField(max_length=8)
    rhythm = models.CharField(max_length=16, choices=Rhythm)
    every = models.PositiveSmallIntegerField(null=True)  # sessions between two times
    reason_sealed = models.BinaryField(null=True)
    assigned_at = models.DateTimeField()
    assigned_by = models.UUIDField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "instrument"], condition=Q(ended_at=None), name="one_assignment_per_instrument"
            )
        ]

    def __str__(self) -> str:
        return f"{self.instrument} for {self.episode_id}"


class Administration(Record):
    """One time an instrument was answered. `taken_at` is when the answers were true, not when they were typed."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="administrations")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, null=True, related_name="administrations")
    instrument = models.CharField(max_length=64)
    version = models.CharField(max_length=16)
    language = models.CharField(max_length=8)
    mode = models.CharField(max_length=16, choices=Mode)
    opened_at = models.DateTimeField()
    opened_by = models.UUIDField()
    taken_at = models.DateTimeField()
    answered_on = models.DateField(null=True)  # the date on the paper
    completed_at = models.DateTimeField(null=True)
    stated_sealed = models.BinaryField(null=True)  # the total a file stated; the score is computed from the answers

    class Meta:
        indexes = [models.Index(fields=["episode", "completed_at"], name="administrations_of_episode")]

    def __str__(self) -> str:
        return f"{self.instrument} {self.id}"


class Answer(Record):
    """An answer as it was given. A changed mind is a new row; the highest number counts."""

    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, related_name="answers")
    item = models.CharField(max_length=32)
    number = models.PositiveIntegerField()
    value_sealed = models.BinaryField()
    at = models.DateTimeField()
    by = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["administration", "item", "number"], name="one_answer_per_number")
        ]

    def __str__(self) -> str:
        return f"answer {self.id}"


class AnswerAlert(Record):
    """The alert an answer led to. Written in the same transaction as the answer, or neither is."""

    answer = models.OneToOneField(Answer, on_delete=models.PROTECT, related_name="led_to")
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.answer_id} led to {self.alert_id}"


class Score(Record):
    """A score as one version of the scoring computed it. Computed anew it is a new row; the old one stays."""

    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, related_name="scores")
    scale = models.CharField(max_length=32)
    number = models.PositiveIntegerField()
    method = models.CharField(max_length=32)
    version = models.CharField(max_length=16)  # of the instrument's scoring
    value_sealed = models.BinaryField()
    has_value = models.BooleanField()  # so that the first and last score of a course are found before any is opened
    n_missing = models.PositiveIntegerField()
    prorated = models.BooleanField()
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["administration", "scale", "number"], name="one_score_per_number")
        ]

    def __str__(self) -> str:
        return f"score {self.id}"


class ItemToAsk(Record):
    """A question left open that is worth asking in person. Never counted as zero."""

    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, related_name="to_ask")
    item = models.CharField(max_length=32)
    raised_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    asked_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["administration", "item"], name="asked_for_once")]

    def __str__(self) -> str:
        return f"item to ask {self.id}"
