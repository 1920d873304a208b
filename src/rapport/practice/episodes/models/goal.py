"""What the client wants, and how near it is."""

from __future__ import annotations

from django.db import models

from rapport.practice.episodes.choices import GoalMark, RatedBy
from rapport.practice.episodes.models.course import Episode
from rapport.practice.foundation.models import Record


class Goal(Record):
    """A goal in the client's own words. It leaves the list by a mark, set once."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="goals")
    added_at = models.DateTimeField()
    added_by = models.UUIDField()
    words_sealed = models.BinaryField()
    mark = models.CharField(max_length=16, blank=True)
    marked_at = models.DateTimeField(null=True)
    marked_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(mark__in=["", *(str(mark) for mark in GoalMark)]), name="known_goal_mark"
            )
        ]

    def __str__(self) -> str:
        return f"goal {self.id}"


class GoalRating(Record):
    """How near a goal is, 0 to 10, on one day, and who said so."""

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="ratings")
    at = models.DateTimeField()
    by = models.UUIDField()
    rated_by = models.CharField(max_length=16)
    value_sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(rated_by__in=[str(who) for who in RatedBy]), name="known_rater")
        ]
        indexes = [models.Index(fields=["goal", "at"], name="ratings_of_goal")]

    def __str__(self) -> str:
        return f"rating of {self.goal_id}"
