"""What the practice keeps of its hours."""

from rapport.practice.sessions.models.answers import AnswerLink
from rapport.practice.sessions.models.drafts import Draft, DraftQuerySet, Kept
from rapport.practice.sessions.models.hours import SessionMoment, SessionStep, TherapySession
from rapport.practice.sessions.models.notes import NoteAddendum, NoteDraft, ProgressNote
from rapport.practice.sessions.models.series import Series, SeriesException, SeriesSlot
from rapport.practice.sessions.models.waivers import ChargeWaiver

__all__ = [
    "AnswerLink",
    "ChargeWaiver",
    "Draft",
    "DraftQuerySet",
    "Kept",
    "NoteAddendum",
    "NoteDraft",
    "ProgressNote",
    "Series",
    "SeriesException",
    "SeriesSlot",
    "SessionMoment",
    "SessionStep",
    "TherapySession",
]
