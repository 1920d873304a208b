"""The words of safety: states of an alert, steps it takes, what a client may say about being safe."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

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


class SafetyEvent(StrEnum):
    """What happens for a client's safety during a course."""

    ALERT_RAISED = "alert_raised"
    ALERT_ACKNOWLEDGED = "alert_acknowledged"
    ALERT_CLOSED = "alert_closed"
    PLAN_WRITTEN = "plan_written"
    PLAN_REHEARSED = "plan_rehearsed"


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
    UNTIL_SIGN_OUT = "until_sign_out", _("This device remembers it until somebody signs out")


STEP_WORDS = {
    SafetyPlanStep.WARNING_SIGNS: (
        _("How I notice that it gets hard"),
        _("Thoughts, feelings, things I do or stop doing."),
    ),
    SafetyPlanStep.THINGS_I_CAN_DO_ALONE: (
        _("What I can do on my own"),
        _("Things that help for a while, without anybody else."),
    ),
    SafetyPlanStep.PEOPLE_AND_PLACES: (
        _("People and places that take my mind off it"),
        _("I need not talk about it there."),
    ),
    SafetyPlanStep.PEOPLE_I_CAN_ASK: (_("People I can ask for help"), _("With a telephone number, if you have one.")),
    SafetyPlanStep.PROFESSIONALS: (
        _("Professionals and services I can call"),
        _("With a telephone number, so that you need not look for it."),
    ),
    SafetyPlanStep.SAFER_SURROUNDINGS: (
        _("How I make it safer around me"),
        _("What I put away, give to somebody, or lock up."),
    ),
}
WITH_PHONE = frozenset(
    {SafetyPlanStep.PEOPLE_AND_PLACES, SafetyPlanStep.PEOPLE_I_CAN_ASK, SafetyPlanStep.PROFESSIONALS}
)
_PHONE_AT_END = re.compile(r"^(.*?)[\s,:;–-]*(\+?\d[\d\s()/.-]*\d)$")
FEWEST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """One line of the plan; a number where there is somebody to call."""

    text: str
    phone: str = ""

    @property
    def line(self) -> str:
        """The entry as it was typed."""
        return f"{self.text} {self.phone}".strip()


Steps = Mapping[SafetyPlanStep, tuple[PlanEntry, ...]]


def entries_from(step: SafetyPlanStep, text: str) -> tuple[PlanEntry, ...]:
    """The lines of one step as they were typed; a telephone number at the end of a line can be dialled."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return tuple(_entry(line, step in WITH_PHONE) for line in lines if line)


def _entry(line: str, may_have_phone: bool) -> PlanEntry:
    found = _PHONE_AT_END.match(line) if may_have_phone else None
    if found is None or sum(letter.isdigit() for letter in found[2]) < FEWEST_DIGITS:
        return PlanEntry(line)
    return PlanEntry(found[1].strip(), found[2].strip())


SEVERITY_ORDER = {Severity.ACT_NOW: 0, Severity.ACT_TODAY: 1, Severity.ATTEND: 2, Severity.INFO: 3}
PLAN_COOKIE = "plan"  # on a device whose owner asked for it
TALK_RULE = "talk_about_safety"
SAFETY_RULE_VERSION = "1"

__all__ = [
    "PLAN_COOKIE",
    "SAFETY_RULE_VERSION",
    "SEVERITY_ORDER",
    "STEPS",
    "STEP_WORDS",
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
    "entries_from",
]
