"""A session, the steps it went through, and how the client said they were."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from rapport.clinical.sessions.attendance import Attendance
from rapport.clinical.sessions.states import Place, SessionState
from rapport.practice.clients.models import Client
from rapport.practice.episodes.models import Episode
from rapport.practice.foundation.models import Record
from rapport.practice.organisation.models import Room
from rapport.practice.security.accounts.models import Account
from rapport.practice.sessions.choices import SaidBy, Side, StepKind
from rapport.practice.sessions.models.series import Series

PLACE_LABEL = "sessions.session.place"
REASON_LABEL = "sessions.step.reason"
MOMENT_LABEL = "sessions.moment.value"


class TherapySession(Record):
    """One planned hour. The columns say where it stands; its steps say how it came to that, and are never changed.

    The client is the episode's. It stands here too so that the database can refuse a second hour of one person at a
    time; migration 0002 keeps both the same.
    """

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="therapy_sessions")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    therapist = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    series = models.ForeignKey(Series, null=True, on_delete=models.PROTECT, related_name="therapy_sessions")
    series_day = models.DateField(null=True)
    planned_start = models.DateTimeField()
    planned_end = models.DateTimeField()
    place = models.CharField(max_length=8, choices=[(place, place) for place in Place])
    place_sealed = models.BinaryField(null=True)
    room = models.ForeignKey(Room, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, choices=[(state, state) for state in SessionState])
    attendance = models.CharField(max_length=24, blank=True, choices=[(code, code) for code in Attendance])
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["therapist", "planned_start"], name="diary_of_therapist"),
            models.Index(fields=["episode", "planned_start"], name="sessions_of_episode"),
            models.Index(fields=["room", "planned_start"], name="sessions_in_room"),
            models.Index(fields=["client", "planned_start"], name="sessions_of_client"),
            models.Index(fields=["planned_start"], name="diary_of_practice"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(planned_end__gt=F("planned_start")), name="session_has_length"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="session_ends_after_it_starts"
            ),
            models.UniqueConstraint(fields=["series", "series_day"], name="one_session_per_day_of_series"),
        ]

    def __str__(self) -> str:
        return f"session {self.id}"


class SessionStep(Record):
    """Something that happened to a session: what, when, who wrote it down. A correction names the step it corrects."""

    session = models.ForeignKey(TherapySession, on_delete=models.PROTECT, related_name="steps")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=[(kind, kind) for kind in StepKind])
    code = models.CharField(max_length=24, blank=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    reason_sealed = models.BinaryField(null=True)
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrections")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "seq"], name="steps_in_order")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.session_id}"


class SessionMoment(Record):
    """How the client said they were, 0 to 10. Said again, it is a new row; the last one counts."""

    session = models.ForeignKey(TherapySession, on_delete=models.PROTECT, related_name="moments")
    side = models.CharField(max_length=8, choices=[(side, side) for side in Side])
    value_sealed = models.BinaryField()
    said_by = models.CharField(max_length=16, choices=[(way, way) for way in SaidBy])
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["session", "side", "recorded_at"], name="moments_of_session")]

    def __str__(self) -> str:
        return f"{self.side} of {self.session_id}"
