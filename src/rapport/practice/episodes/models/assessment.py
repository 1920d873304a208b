"""What the assessment found and what was decided."""

from __future__ import annotations

from django.db import models

from rapport.practice.episodes.choices import GuideSection
from rapport.practice.episodes.models.course import Episode
from rapport.practice.foundation.models import Record


class ProblemList(Record):
    """The client's problems as they stood at a moment; a change is a new version."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="problem_lists")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.UUIDField()
    problems_sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["episode", "number"], name="one_problem_list_per_number")]

    def __str__(self) -> str:
        return f"{self.episode_id} problems {self.number}"


class AssessmentText(Record):
    """One sitting's text of a section of the interview or the formulation.

    Within a sitting the row is written on and its version counts up; a later sitting or another person makes a new row.
    """

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="assessment_texts")
    section = models.CharField(max_length=16)
    version = models.PositiveIntegerField()
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    by = models.UUIDField()
    tab = models.CharField(max_length=32, blank=True)
    tab_sequence = models.PositiveIntegerField(default=0)
    words_sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "section", "version"], name="one_text_per_version"),
            models.CheckConstraint(
                condition=models.Q(section__in=[str(section) for section in GuideSection]), name="known_guide_section"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.episode_id} {self.section} {self.version}"


class NeedDecisionVersion(Record):
    """A decision about the need for therapy. Never changed; a new one follows it."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="need_decisions")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.UUIDField()
    until = models.DateField(null=True)
    words_sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["episode", "number"], name="one_need_decision_per_number")]

    def __str__(self) -> str:
        return f"{self.episode_id} decision {self.number}"
