"""Formats of a progress note, their sections, when a note is due. A process note has no format: it may stay empty."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from rapport.clinical.kernel.periods import instant


class NoteFormat(StrEnum):
    """How a progress note is laid out."""

    FREE = "free"
    SOAP = "soap"
    DAP = "dap"
    BIRP = "birp"
    GIRP = "girp"


class NoteMethod(StrEnum):
    """The way of working whose questions stand beside the sections; it changes the questions, never the words."""

    NONE = "none"
    PSYCHODYNAMIC = "psychodynamic"
    CBT = "cbt"
    HYPNOTHERAPY = "hypnotherapy"
    INTEGRATIVE = "integrative"


class NoteSection(StrEnum):
    """One part of a progress note."""

    TEXT = "text"
    SUBJECTIVE = "subjective"
    OBJECTIVE = "objective"
    ASSESSMENT = "assessment"
    DATA = "data"
    GOAL = "goal"
    BEHAVIOUR = "behaviour"
    INTERVENTION = "intervention"
    RESPONSE = "response"
    PLAN = "plan"


SECTIONS: dict[NoteFormat, tuple[NoteSection, ...]] = {
    NoteFormat.FREE: (NoteSection.TEXT,),
    NoteFormat.SOAP: (NoteSection.SUBJECTIVE, NoteSection.OBJECTIVE, NoteSection.ASSESSMENT, NoteSection.PLAN),
    NoteFormat.DAP: (NoteSection.DATA, NoteSection.ASSESSMENT, NoteSection.PLAN),
    NoteFormat.BIRP: (NoteSection.BEHAVIOUR, NoteSection.INTERVENTION, NoteSection.RESPONSE, NoteSection.PLAN),
    NoteFormat.GIRP: (NoteSection.GOAL, NoteSection.INTERVENTION, NoteSection.RESPONSE, NoteSection.PLAN),
}


class NoteState(StrEnum):
    """A note is a draft, then signed and immutable; what comes later is an addendum."""

    DRAFT = "draft"
    SIGNED = "signed"


class Due(StrEnum):
    """How long a note has waited for its signature."""

    IN_TIME = "in_time"
    DUE = "due"
    OVERDUE = "overdue"


SIGN_WITHIN_HOURS = 24
OVERDUE_AFTER_HOURS = 72


def how_due(ended_at: datetime, at: datetime) -> Due:
    """In time for a day after the hour, due until the third day is over, overdue from then on.

    >>> from datetime import UTC
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> [how_due(nine, nine + timedelta(hours=hours)).value for hours in (24, 25, 72, 73)]
    ['in_time', 'due', 'due', 'overdue']
    """
    waited = instant("at", at) - instant("ended_at", ended_at)
    if waited > timedelta(hours=OVERDUE_AFTER_HOURS):
        return Due.OVERDUE
    return Due.DUE if waited > timedelta(hours=SIGN_WITHIN_HOURS) else Due.IN_TIME
