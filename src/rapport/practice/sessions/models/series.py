"""A series of sessions in wall time."""

from __future__ import annotations

from django.db import models

from rapport.practice.episodes.models import Episode
from rapport.practice.foundation.models import Record
from rapport.practice.security.accounts.models import Account


class Series(Record):
    """Sessions on the same days of the week at the same time by the wall, every so many weeks.

    Moved from some day on, a series ends there and another one continues it.
    """

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="series")
    therapist = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    zone = models.CharField(max_length=64)
    first_day = models.DateField()
    every_weeks = models.PositiveSmallIntegerField()
    length_minutes = models.PositiveSmallIntegerField()
    count = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    created_by = models.UUIDField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    continues = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="continued_by")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(every_weeks__gte=1), name="series_repeats"),
            models.CheckConstraint(condition=models.Q(length_minutes__gte=1), name="series_has_length"),
        ]

    def __str__(self) -> str:
        return f"series {self.id}"


class SeriesSlot(Record):
    """A day of the week (Monday is 0) and a time by the wall."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="slots")
    weekday = models.PositiveSmallIntegerField()
    wall_time = models.TimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "weekday"], name="one_slot_per_weekday"),
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="slot_is_a_weekday"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.wall_time}"


class SeriesException(Record):
    """A day of a series that falls out or is held at another time, and who said so."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="exceptions")
    day = models.DateField()
    moved_to = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "day"], name="one_exception_per_day")]

    def __str__(self) -> str:
        return f"{self.day} of {self.series_id}"
