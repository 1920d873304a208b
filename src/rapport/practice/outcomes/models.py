"""What was brought from spreadsheets, and the thread of a course: lines learned, scores read, thoughts, decisions.

Names and identifiers of a file are kept as keyed hashes only: enough to know a row again, too little to read it. The
rows of a thread are never changed; numbers and words in them are sealed, codes of the work are not.
"""

from __future__ import annotations

from django.db import models

from rapport.clinical.outcomes.five_fields import Decision
from rapport.clinical.outcomes.signals import Rung, Signal, SignalRule
from rapport.clinical.sessions.attendance import Attendance
from rapport.practice.clients.models import Client
from rapport.practice.episodes.models import Episode
from rapport.practice.foundation.models import Record
from rapport.practice.measures.models import Score
from rapport.practice.outcomes.choices.service import ReportScope, ServiceQuestion
from rapport.practice.security.accounts.models import Account


class StagedImport(Record):
    """A file that was uploaded and not imported yet, sealed for whoever uploaded it; it is dropped after an hour."""

    author = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    content_sealed = models.BinaryField()
    staged_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["author", "staged_at"], name="staged_of_author")]

    def __str__(self) -> str:
        return f"staged {self.id}"


class ImportBatch(Record):
    """One import that changed something."""

    therapist = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    content_hash = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    by = models.UUIDField()
    clients = models.PositiveIntegerField()
    scores = models.PositiveIntegerField()
    hours = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"import {self.id}"


class BroughtClient(Record):
    """Who an identifier of a therapist's spreadsheets is."""

    name_hash = models.BinaryField(max_length=32, unique=True)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="brought_clients")

    def __str__(self) -> str:
        return f"brought {self.client_id}"


class BroughtRow(Record):
    """One value of a file: which place it filled, and with what, both as hashes."""

    place_hash = models.BinaryField(max_length=32, unique=True)
    value_hash = models.BinaryField(max_length=32)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="rows")

    def __str__(self) -> str:
        return f"row {self.id}"


class BroughtHour(Record):
    """An hour known from a file: its day and whether the client came. It has no time, so it is no diary entry."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="brought_hours")
    day = models.DateField()
    attendance = models.CharField(max_length=24, choices=[(code, code) for code in Attendance])
    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="brought_hours")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["episode", "day"], name="one_brought_hour_a_day")]

    def __str__(self) -> str:
        return f"{self.day} of {self.episode_id}"


class LearnedLine(Record):
    """The expected course as this practice's own courses had it one night. The highest number counts.

    Only aggregates, and never of fewer than 30 clients, so nothing in it is anybody's.
    """

    instrument = models.CharField(max_length=64)
    number = models.PositiveIntegerField()
    rung = models.CharField(max_length=24, choices=[(code, code) for code in Rung])
    n_clients = models.PositiveIntegerField()
    parameters = models.JSONField()
    learned_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instrument", "number"], name="one_line_per_number")]

    def __str__(self) -> str:
        return f"line {self.number} of {self.instrument}"


class SignalRead(Record):
    """A score as it was read once: on the expected course or off it, by which rule and which version of the line.

    `signal` is empty where nothing can be said: a first score, a form without one, a measure without a rule.
    """

    score = models.OneToOneField(Score, on_delete=models.PROTECT, related_name="+")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="+")
    instrument = models.CharField(max_length=64)
    session = models.PositiveIntegerField()
    signal = models.CharField(max_length=8, blank=True, choices=[(code, code) for code in Signal])
    rule = models.CharField(max_length=24, blank=True, choices=[(code, code) for code in SignalRule])
    rung = models.CharField(max_length=24, choices=[(code, code) for code in Rung])
    model_version = models.CharField(max_length=96)
    reading_sealed = models.BinaryField()
    taken_at = models.DateTimeField()
    read_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["episode", "taken_at"], name="signals_of_episode"),
            models.Index(fields=["episode", "signal"], name="signals_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.signal or 'no signal'} of {self.score_id}"


class FieldsThought(Record):
    """The five fields as they were thought through one time; of one signal the highest number counts."""

    signal = models.ForeignKey(SignalRead, on_delete=models.PROTECT, related_name="thoughts")
    number = models.PositiveIntegerField()
    fields_sealed = models.BinaryField()
    written_at = models.DateTimeField()
    written_by = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["signal", "number"], name="one_thought_per_number")]

    def __str__(self) -> str:
        return f"thought {self.number} about {self.signal_id}"


class CourseDecision(Record):
    """What somebody decided on a signal, and at which session they look again. Decided anew, it is a new row."""

    signal = models.ForeignKey(SignalRead, on_delete=models.PROTECT, related_name="decisions")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=24, choices=[(code, code) for code in Decision])
    look_again = models.PositiveIntegerField(null=True)
    words_sealed = models.BinaryField()
    decided_at = models.DateTimeField()
    decided_by = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["episode", "decided_at"], name="decisions_of_episode")]

    def __str__(self) -> str:
        return f"{self.decision} on {self.signal_id}"


class ServiceReport(Record):
    """What somebody concluded from a service report; of one report the highest number counts. Never changed.

    One's own report is sealed for its writer, the practice's for the office.
    """

    scope = models.CharField(max_length=8, choices=[(code, code) for code in ReportScope])
    author = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=16)
    question = models.CharField(max_length=16, choices=[(code, code) for code in ServiceQuestion])
    reading = models.CharField(max_length=64)
    number = models.PositiveIntegerField()
    conclusions_sealed = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["author", "period", "question", "reading", "number"],
                condition=models.Q(scope="own"), name="one_own_report_per_number",
            ),
            models.UniqueConstraint(
                fields=["period", "question", "reading", "number"],
                condition=models.Q(scope="practice"), name="one_practice_report_per_number",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"report {self.id}"
