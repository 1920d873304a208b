"""The desk's words for comfort, trust, and the shelf of openers."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.clinical.speaking.comfort import paced_minutes
from rapport.clinical.speaking.openers import Method, Moment
from rapport.clinical.speaking.trust import TrustStep
from rapport.practice.speaking.choices import Comfort

MOMENTS: dict[Moment, Promise] = {
    Moment.FIRST_MINUTE: gettext_lazy("The first minute"),
    Moment.STUCK: gettext_lazy("Stuck"),
    Moment.AFTER_SILENCE: gettext_lazy("After a silence"),
    Moment.SHAME: gettext_lazy("Shame"),
    Moment.DONT_KNOW: gettext_lazy("“I don’t know”"),
    Moment.ONE_WORD: gettext_lazy("One-word answers"),
    Moment.ENDING: gettext_lazy("The last minutes"),
    Moment.AFTER_RUPTURE: gettext_lazy("After a rupture"),
    Moment.AFTER_BREAK: gettext_lazy("Back after a break"),
}
METHODS: dict[Method, Promise] = {
    Method.ANY: gettext_lazy("any method"),
    Method.PSYCHODYNAMIC: gettext_lazy("psychodynamic"),
    Method.CBT: gettext_lazy("CBT"),
    Method.HYPNO: gettext_lazy("hypno-psychotherapy"),
}
TRUST: dict[TrustStep, Promise] = {
    TrustStep.LIMITS: gettext_lazy("Explained the limits of confidentiality in own words"),
    TrustStep.NOTES: gettext_lazy("Told what is written down and who reads it"),
    TrustStep.CHOICE: gettext_lazy("Offered a choice"),
    TrustStep.BEFORE: gettext_lazy("Asked what hurt in earlier therapies"),
    TrustStep.LEAVING: gettext_lazy("Asked what would make them leave"),
    TrustStep.DISAGREEING: gettext_lazy("Agreed how to disagree"),
}


def comfort_line(comfort: Comfort) -> str:
    """The comfort set-up in one line; what not to ask about stands apart from it."""
    named = (
        (_("stop word “%s”"), comfort.stop_word),
        (_("seat: %s"), comfort.seat),
        (_("light: %s"), comfort.light),
        (_("camera: %s"), comfort.camera),
        (_("eyes: %s"), comfort.eyes),
        (_("breaks: %s"), comfort.breaks),
        (_("faith: %s"), comfort.faith),
        ("%s", comfort.needs),
    )
    parts = [words % " ".join(said.split()) for words, said in named if said]
    if comfort.interpreter:
        parts.insert(0, _("interpreter: plan %(long)d minutes for 50") % {"long": paced_minutes(50)})
    return " · ".join(parts)
