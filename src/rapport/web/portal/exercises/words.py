"""The words of tasks for a client."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rapport.clinical.exercises.tasks import TaskState, WhyNot

SAID: dict[TaskState, Promise] = {
    TaskState.AGREED: _("to try"),
    TaskState.STARTED: _("begun"),
    TaskState.DONE: _("I did it"),
    TaskState.PARTLY: _("I did part of it"),
    TaskState.NOT_DONE: _("Not this time"),
    TaskState.CHANGED: _("I did something else"),
    TaskState.STOPPED: _("I put it down"),
}
ANSWERS = (TaskState.DONE, TaskState.PARTLY, TaskState.NOT_DONE, TaskState.CHANGED)
LEARNED: dict[TaskState, Promise] = {
    TaskState.DONE: _("What did you learn?"),
    TaskState.PARTLY: _("What did you learn?"),
    TaskState.NOT_DONE: _("What got in the way?"),
    TaskState.CHANGED: _("What did you do, and what did you learn?"),
    TaskState.STOPPED: _("Is there something you want us to know?"),
}
WHY_NOT: dict[WhyNot, Promise] = {
    WhyNot.NO_TIME: _("I had no time"),
    WhyNot.FORGOT: _("I forgot"),
    WhyNot.TOO_HARD: _("It was too hard"),
    WhyNot.DID_NOT_FIT: _("It did not fit me"),
    WhyNot.OTHER: _("Something else"),
}
