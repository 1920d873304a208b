"""The words of measures: how a form came to be answered, and when it is asked."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class MeasureEvent(StrEnum):
    """What happens with measures."""

    ASKED_FOR = "asked_for"
    NO_LONGER_ASKED = "no_longer_asked"


class Mode(models.TextChoices):
    """How the answers came in."""

    SELF = "self", _("By the client, in the portal")
    PAPER = "paper", _("On paper, typed in later")
    INTERVIEW = "interview", _("Asked in the session")
    KIOSK = "kiosk", _("By the client, on the practice's device")
    IMPORTED = "imported", _("Imported as a total")


class Rhythm(models.TextChoices):
    """How often a form is asked, in words; what it means is `clinical.measures.rhythm`."""

    ONCE = "once", _("Once")
    EACH_SESSION = "each_session", _("Before each session")
    EVERY_N = "every_n", _("Every few sessions")
    MONTHLY = "monthly", _("Monthly")
    AT_REVIEW = "at_review", _("At each review")
    AT_END = "at_end", _("At the end")


class LocalKind(models.TextChoices):
    """What a practice brought of a measure."""

    TOTAL = "total", _("its totals")
    FORM = "form", _("a form")
    WORDING = "wording", _("its wording")


class FormState(models.TextChoices):
    """Where a form stands for the client."""

    TO_DO = "to_do", _("To do")
    STARTED = "started", _("Started")
    DONE = "done", _("Done")


TYPED = (Mode.PAPER, Mode.INTERVIEW)
USUAL_EVERY, MOST_EVERY = 4, 26
WELLBEING, WELLBEING_WITHOUT_PACK = "who5", "wellbeing_slider"
BEFORE_ASSESSMENT = ("phq9", "gad7")
OWN_PREFIX = "own."
IN_PERSON = "in-person"  # what a form sends for “I prefer to tell you in person”


class BadPaperDate(ValueError):
    """The paper's date is not a day on which it could have been filled in."""
