"""Formats of a progress note and their sections. A process note has no format: it may stay empty."""

from __future__ import annotations

from enum import StrEnum


class NoteFormat(StrEnum):
    """How a progress note is laid out."""

    FREE = "free"
    SOAP = "soap"
    DAP = "dap"
    BIRP = "birp"


class NoteSection(StrEnum):
    """One part of a progress note."""

    TEXT = "text"
    SUBJECTIVE = "subjective"
    OBJECTIVE = "objective"
    ASSESSMENT = "assessment"
    DATA = "data"
    BEHAVIOUR = "behaviour"
    INTERVENTION = "intervention"
    RESPONSE = "response"
    PLAN = "plan"


SECTIONS: dict[NoteFormat, tuple[NoteSection, ...]] = {
    NoteFormat.FREE: (NoteSection.TEXT,),
    NoteFormat.SOAP: (NoteSection.SUBJECTIVE, NoteSection.OBJECTIVE, NoteSection.ASSESSMENT, NoteSection.PLAN),
    NoteFormat.DAP: (NoteSection.DATA, NoteSection.ASSESSMENT, NoteSection.PLAN),
    NoteFormat.BIRP: (NoteSection.BEHAVIOUR, NoteSection.INTERVENTION, NoteSection.RESPONSE, NoteSection.PLAN),
}


class NoteState(StrEnum):
    """A note is a draft, then signed and immutable; what comes later is an addendum."""

    DRAFT = "draft"
    SIGNED = "signed"


SIGN_WITHIN_HOURS = 24
