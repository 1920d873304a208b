"""Alerts with an owner and a clock, and the safety plan that belongs to the client."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from rapport.clinical.safety.answers import Severity
from rapport.practice.clients.models import Client
from rapport.practice.episodes.models import Episode
from rapport.practice.foundation.models import Record
from rapport.practice.safety.choices import AlertState, Contact, LinkKind, StepKind
from rapport.practice.security.accounts.models import Account


class Alert(Record):
    """Something a client said that a person must read. It always has an owner and a time by which it is read."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="alerts")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, null=True, related_name="alerts")
    rule = models.CharField(max_length=64)
    rule_version = models.CharField(max_length=16)
    severity = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Severity])
    evidence_sealed = models.BinaryField()
    raised_at = models.DateTimeField()
    said_on = models.DateField(null=True)  # the paper's own date, where the words are older than the alert
    due_at = models.DateTimeField()
    owner = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, choices=AlertState, default=AlertState.OPEN)
    times = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(due_at__gt=models.F("raised_at")), name="alert_due_after_raised"),
            models.CheckConstraint(condition=Q(times__gte=1), name="alert_happened"),
        ]
        indexes = [
            models.Index(fields=["client", "rule", "state"], name="alerts_of_client"),
            models.Index(fields=["state", "due_at"], name="alerts_by_deadline"),
        ]

    def __str__(self) -> str:
        return f"alert {self.id} {self.state}"


class AlertStep(Record):
    """One thing that happened to an alert; never changed. `level` tells escalations apart, `to` who was told."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=16, choices=StepKind)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    to = models.UUIDField(null=True)
    level = models.PositiveIntegerField(default=0)
    contact = models.CharField(max_length=16, choices=Contact, blank=True)
    words_sealed = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["alert", "level", "to"], condition=Q(kind="escalated"), name="one_escalation_each"
            ),
            models.UniqueConstraint(fields=["alert"], condition=Q(kind="acknowledged"), name="acknowledged_once"),
            models.UniqueConstraint(fields=["alert"], condition=Q(kind="closed"), name="closed_once"),
            models.CheckConstraint(
                condition=~Q(kind__in=["acknowledged", "closed"]) | Q(words_sealed__isnull=False),
                name="an_answer_has_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.alert_id}"


class SafetyAnswer(Record):
    """What a client said when asked whether they are safe right now."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, null=True, related_name="safety_answers")
    answer_sealed = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["client", "at"], name="safety_answers_of_client")]

    def __str__(self) -> str:
        return f"safety answer {self.id}"


class SafetyPlan(Record):
    """The client's own plan for hard hours."""

    client = models.OneToOneField(Client, on_delete=models.PROTECT, related_name="safety_plan")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"safety plan {self.id}"


class PlanVersion(Record):
    """The plan as it stood from one moment on; never changed."""

    plan = models.ForeignKey(SafetyPlan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    steps_sealed = models.BinaryField()
    at = models.DateTimeField()
    by = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="one_plan_version_per_number")]

    def __str__(self) -> str:
        return f"version {self.number} of {self.plan_id}"


class PlanRehearsal(Record):
    """The client went through the plan on this day."""

    plan = models.ForeignKey(SafetyPlan, on_delete=models.PROTECT, related_name="rehearsals")
    at = models.DateTimeField()
    by = models.UUIDField()

    def __str__(self) -> str:
        return f"rehearsal of {self.plan_id}"


class PlanLink(Record):
    """A way to the plan without signing in: 32 random bytes of which only a hash is kept."""

    plan = models.ForeignKey(SafetyPlan, on_delete=models.PROTECT, related_name="links")
    kind = models.CharField(max_length=16, choices=LinkKind)
    token_hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField()
    created_by = models.UUIDField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["plan", "revoked_at"], name="links_of_plan")]

    def __str__(self) -> str:
        return f"link to {self.plan_id}"
