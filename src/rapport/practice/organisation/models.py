"""The practice itself. It describes a place of work, so nothing here is sealed."""

from __future__ import annotations

from django.db import models

from rapport.practice.foundation.models import Record
from rapport.practice.organisation.choices import SafeKind


class Practice(Record):
    """The one practice of this installation."""

    only = models.BooleanField(default=True, unique=True, editable=False)
    name = models.CharField(max_length=120)
    alias = models.CharField(max_length=60)
    phone = models.CharField(max_length=40, blank=True)
    zone = models.CharField(max_length=64)
    jurisdiction = models.CharField(max_length=8)
    working_days = models.JSONField()
    day_starts = models.TimeField()
    day_ends = models.TimeField()
    holidays = models.JSONField(default=list)
    on_call = models.UUIDField(null=True)
    reminder_hours = models.PositiveSmallIntegerField(null=True, default=24)
    confirms = models.BooleanField(default=True)
    pack = models.JSONField()
    founded_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(only=True), name="one_practice_per_installation")]

    def __str__(self) -> str:
        return self.name


class Room(Record):
    """A room one can meet in. A room given up is closed, so that old sessions keep their place."""

    name = models.CharField(max_length=60)
    added_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=models.Q(closed_at=None), name="one_open_room_per_name")
        ]

    def __str__(self) -> str:
        return self.name


class Safekeeping(Record):
    """A backup that was made, or a drill that brought one back: whether it was good, and what was looked at."""

    kind = models.CharField(max_length=8, choices=[(kind, kind) for kind in SafeKind])
    at = models.DateTimeField()
    good = models.BooleanField()
    place = models.TextField()
    seconds = models.FloatField()
    rows = models.PositiveBigIntegerField(default=0)
    problem = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "at"], name="safekeeping_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d}"
