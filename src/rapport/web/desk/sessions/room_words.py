"""The room's words: marks with their sign and key, parts of the hour, families and modes."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rapport.clinical.sessions.room.interventions import Family, Mode
from rapport.clinical.sessions.room.marks import MarkKind
from rapport.clinical.sessions.room.plans import Phase


@dataclass(frozen=True, slots=True)
class MarkWords:
    """How a mark looks, what it is called, and which key sets it."""

    kind: MarkKind
    icon: str
    label: Promise
    key: str


MARKS: dict[MarkKind, MarkWords] = {
    each.kind: each
    for each in (
        MarkWords(MarkKind.IMPORTANT, "star", _("important"), "i"),
        MarkWords(MarkKind.RETURN, "corner-down-left", _("return to it"), "r"),
        MarkWords(MarkKind.FEELING, "heart", _("a feeling shifts"), "f"),
        MarkWords(MarkKind.RUPTURE, "zap", _("rupture"), "u"),
        MarkWords(MarkKind.DREAM, "cloud", _("dream"), "d"),
        MarkWords(MarkKind.TASK, "pencil", _("task"), "t"),
        MarkWords(MarkKind.SAFETY, "triangle-alert", _("safety"), "s"),
        MarkWords(MarkKind.QUOTE, "quote", _("in their words"), "q"),
    )
}
PHASES: dict[Phase, Promise] = {
    Phase.ARRIVE: _("Arrive"),
    Phase.BRIDGE: _("Bridge"),
    Phase.REVIEW: _("Task review"),
    Phase.MAIN: _("Main work"),
    Phase.TASK: _("New task"),
    Phase.CLOSE: _("Ending"),
}
FAMILIES: dict[Family, Promise] = {
    Family.RELATIONAL: _("Between us"),
    Family.EXPLORATORY: _("Exploring"),
    Family.COGNITIVE: _("Thinking"),
    Family.BEHAVIOURAL: _("Doing"),
    Family.HYPNOTIC: _("Trance"),
    Family.PSYCHOEDUCATION: _("Explaining"),
    Family.CRISIS: _("Safety"),
    Family.ADMIN: _("Frame"),
}
MODES: dict[Mode, tuple[str, Promise]] = {
    Mode.DIALOGUE: ("messages-square", _("in dialogue")),
    Mode.COMMUNICATION: ("megaphone", _("by communication")),
    Mode.BEHAVIOUR_CHANGE: ("footprints", _("by changing behaviour")),
}
WEIGHTS: dict[int, Promise] = {3: _("matters most"), 2: _("matters"), 1: _("can wait")}
