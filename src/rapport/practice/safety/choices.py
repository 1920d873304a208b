"""The words of safety: states of an alert, steps it takes, what a client may say about being safe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.clinical.safety.answers import Severity
from rapport.clinical.safety.plan import STEPS, SafetyPlanStep
from rapport.clinical.safety.promise import PromiseCode


class AlertState(models.TextChoices):
    """Where an alert stands. Only a person acknowledges or closes."""

    OPEN = "open", _("Waiting for somebody")
    ACKNOWLEDGED = "acknowledged", _("Somebody is acting")
    CLOSED = "closed", _("Closed")


class StepKind(models.TextChoices):
    """What happened to an alert; each is a row that never changes."""

    OPENED = "opened", _("Opened")
    NOTIFIED = "notified", _("Owner told")
    REPEATED = "repeated", _("Same answer again")
    SAID = "said", _("The client said how safe they are")
    ESCALATED = "escalated", _("Next person told")
    REASSIGNED = "reassigned", _("Given to somebody else")
    ACKNOWLEDGED = "acknowledged", _("Acted on")
    CLOSED = "closed", _("Closed")


class Contact(models.TextChoices):
    """Whether the client was reached."""

    REACHED = "reached", _("I spoke with the client")
    TRIED = "tried", _("I tried and did not reach them")
    PLANNED = "planned", _("Not yet; I have planned it")


class SafeNow(models.TextChoices):
    """The client's own answer to “Are you safe right now?”"""

    YES = "yes", _("Yes, I am safe")
    NOT_SURE = "not_sure", _("I am not sure")
    NO = "no", _("No")


class LinkKind(models.TextChoices):
    """How a plan can be opened without signing in."""

    PRINTED = "printed", _("A link to keep or print")
    DEVICE = "device", _("This device remembers it")


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """One line of the plan; a number where there is somebody to call."""

    text: str
    phone: str = ""


Steps = Mapping[SafetyPlanStep, tuple[PlanEntry, ...]]


SEVERITY_ORDER = {Severity.ACT_NOW: 0, Severity.ACT_TODAY: 1, Severity.ATTEND: 2, Severity.INFO: 3}
TALK_RULE = "talk_about_safety"
SAFETY_RULE_VERSION = "1"

__all__ = [
    "SAFETY_RULE_VERSION",
    "SEVERITY_ORDER",
    "STEPS",
    "TALK_RULE",
    "AlertState",
    "Contact",
    "LinkKind",
    "PlanEntry",
    "PromiseCode",
    "SafeNow",
    "SafetyPlanStep",
    "Severity",
    "StepKind",
    "Steps",
]
