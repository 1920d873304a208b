"""Time in which nobody is booked: away, busy elsewhere, or closed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from rapport.practice.foundation.models import Record
from rapport.practice.security.accounts.models import Account
from rapport.practice.sessions.choices import BlockKind

BLOCK_WORDS_LABEL = "sessions.block.words"
CALENDAR_NAME_LABEL = "sessions.busy_calendar.name"


class BusyCalendar(Record):
    """A calendar kept elsewhere, from which a therapist's busy time was read. Reading it again replaces what comes."""

    therapist = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    name_sealed = models.BinaryField()
    keeps_titles = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["therapist", "closed_at"], name="busy_calendars_of_therapist")]

    def __str__(self) -> str:
        return f"busy calendar {self.id}"


class TimeBlock(Record):
    """[start, end) in which a therapist, or with none named the whole practice, is not booked. Voided, never erased."""

    therapist = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    start = models.DateTimeField()
    end = models.DateTimeField()
    kind = models.CharField(max_length=8, choices=[(kind, kind) for kind in BlockKind])
    words_sealed = models.BinaryField(null=True)
    source = models.ForeignKey(BusyCalendar, null=True, on_delete=models.PROTECT, related_name="blocks")
    created_at = models.DateTimeField()
    created_by = models.UUIDField()
    voided_at = models.DateTimeField(null=True)
    voided_by = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["therapist", "start", "end"], name="blocks_of_therapist")]
        constraints = [models.CheckConstraint(condition=Q(end__gt=F("start")), name="block_has_length")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
