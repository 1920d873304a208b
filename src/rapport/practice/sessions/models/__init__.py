"""What the practice keeps of its hours."""

from rapport.practice.sessions.models.contacts import ContactEvent
from rapport.practice.sessions.models.drafts import Draft, DraftQuerySet, Kept
from rapport.practice.sessions.models.hours import SessionMoment, SessionStep, TherapySession
from rapport.practice.sessions.models.notes import NoteAddendum, NoteDraft, ProgressNote
from rapport.practice.sessions.models.series import Series, SeriesException, SeriesSlot
from rapport.practice.sessions.models.writing import NoteHabit, PersonInLife, Snippet

__all__ = [
    "ContactEvent",
    "Draft",
    "DraftQuerySet",
    "Kept",
    "NoteAddendum",
    "NoteDraft",
    "NoteHabit",
    "PersonInLife",
    "ProgressNote",
    "Series",
    "SeriesException",
    "SeriesSlot",
    "SessionMoment",
    "SessionStep",
    "Snippet",
    "TherapySession",
]
