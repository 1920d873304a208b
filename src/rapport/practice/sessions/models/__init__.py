"""What the practice keeps of its hours."""

from rapport.practice.sessions.models.agenda import AgendaItem, Remembered, RoomSwitches
from rapport.practice.sessions.models.blocks import BusyCalendar, TimeBlock
from rapport.practice.sessions.models.drafts import Draft, DraftQuerySet, Kept
from rapport.practice.sessions.models.hours import SessionMoment, SessionStep, TherapySession
from rapport.practice.sessions.models.interventions import SessionIntervention
from rapport.practice.sessions.models.marks import SessionMark
from rapport.practice.sessions.models.notes import NoteAddendum, NoteDraft, ProgressNote
from rapport.practice.sessions.models.series import Series, SeriesException, SeriesSlot
from rapport.practice.sessions.models.threads import Thread, ThreadStep

__all__ = [
    "AgendaItem",
    "BusyCalendar",
    "Draft",
    "DraftQuerySet",
    "Kept",
    "NoteAddendum",
    "NoteDraft",
    "ProgressNote",
    "Remembered",
    "RoomSwitches",
    "Series",
    "SeriesException",
    "SeriesSlot",
    "SessionIntervention",
    "SessionMark",
    "SessionMoment",
    "SessionStep",
    "TherapySession",
    "Thread",
    "ThreadStep",
    "TimeBlock",
]
